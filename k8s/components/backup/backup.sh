#!/bin/sh
# Takes a backup of the running Redis, which keeps serving, and keeps the newest $KEEP.
# Environment: REDIS_HOST, REDISCLI_AUTH (the password of madang-backup), KEEP.
set -eu
port="${REDIS_PORT:-6379}"
backups="${BACKUP_FOLDER:-/backup}"
case "${KEEP:-}" in
  "" | 0* | *[!0-9]*)
    echo "KEEP must be a number from 1 on." >&2
    exit 1
    ;;
esac

umask 077
# A name of its own, so that an interrupted run never leaves a broken backup under the name of a good one.
part="$backups/part.rdb"
rm -f "$part"
redis-cli -h "$REDIS_HOST" -p "$port" --user madang-backup --rdb "$part"
redis-check-rdb "$part"
name="madang-$(date -u +%Y%m%dT%H%M%SZ).rdb"
mv "$part" "$backups/$name"
echo "Wrote $name."

# The names sort by time.
ls "$backups" | grep '^madang-.*\.rdb$' | sort -r | tail -n "+$((KEEP + 1))" | while read -r old; do
  rm "$backups/$old"
  echo "Deleted $old."
done
