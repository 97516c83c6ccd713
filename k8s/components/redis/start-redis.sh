#!/bin/sh
# Writes the passwords into a file in memory, so that neither the ConfigMap nor the list of processes shows them.
set -eu
case "${REDIS_PASSWORD:-}" in
  "" | *[!A-Za-z0-9_-]*)
    echo "REDIS_PASSWORD must be set, of letters, digits, - and _ only: it becomes part of a URL." >&2
    exit 1
    ;;
esac
case "${REDIS_BACKUP_PASSWORD:-}" in
  *[!A-Za-z0-9_-]*)
    echo "REDIS_BACKUP_PASSWORD may have letters, digits, - and _ only." >&2
    exit 1
    ;;
esac

umask 077
{
  # "off" refuses every log-in. The permissions are for the start: Redis replays its append-only file as this user, and
  # drops every transaction that the user may not carry out (redis/redis issue 14541).
  echo 'user default off ~* &* +@all'
  # The replicas may touch their own keys and channels (REDIS_PREFIX), by the commands that they send and no others
  # (docs/operations.md, Redis). The last line is for `npm run store`: no other application has keys here to name.
  echo "user madang on >$REDIS_PASSWORD resetchannels ~madang:* &madang:* -@all" \
    '+ping +info +time +client|setname +select +multi +exec +eval +evalsha +publish +subscribe +unsubscribe' \
    '+del +exists +type +pexpire +pttl +get +getdel +incr +set' \
    '+hdel +hexists +hget +hgetall +hincrby +hkeys +hlen +hmget +hrandfield +hscan +hset' \
    '+sadd +scard +sismember +smembers +smismember +srandmember +srem' \
    '+zadd +zcard +zcount +zmscore +zrange +zrangebyscore +zrem +zremrangebyrank +zremrangebyscore +zrevrangebyscore +zscore' \
    '+xadd +xdel +xlen +xrange +xrevrange +xtrim' \
    '+scan +sscan +zscan +unlink +pexpireat +pexpiretime'
  # All commands that `redis-cli --rdb` sends. This user can read everything, and write nothing.
  if [ -n "${REDIS_BACKUP_PASSWORD:-}" ]; then
    echo "user madang-backup on >$REDIS_BACKUP_PASSWORD resetkeys resetchannels -@all +sync +replconf"
  fi
} > /run/redis/users.acl

unset REDIS_PASSWORD REDIS_BACKUP_PASSWORD REDISCLI_AUTH
exec redis-server /etc/redis/redis.conf
