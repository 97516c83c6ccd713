#!/bin/sh
# Puts the password into a file in memory, so that neither the config map nor the list of processes shows it.
set -eu
case "${REDIS_PASSWORD:-}" in
  "" | *[!A-Za-z0-9_-]*)
    echo "REDIS_PASSWORD must be set, of letters, digits, - and _ only: it becomes part of a URL." >&2
    exit 1
    ;;
esac

# The replicas may touch their own keys and channels (REDIS_PREFIX) and nothing that administers the store.
# Scripts ask for the time, which no category but @fast has; the client asks for INFO when it connects.
# The default user cannot log in. It may do everything all the same: Redis replays its append-only file as this user, and
# drops every transaction that it may not carry out (redis/redis issue 14541).
umask 077
{
  echo 'user default off ~* &* +@all'
  echo "user madang on >$REDIS_PASSWORD resetchannels ~madang:* &madang:* -@all +@read +@write +@connection +@transaction" \
    '+publish +subscribe +unsubscribe +eval +evalsha +time -@dangerous +info'
} > /run/redis/users.acl

unset REDIS_PASSWORD REDISCLI_AUTH
exec redis-server /etc/redis/redis.conf
