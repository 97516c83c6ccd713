#!/bin/sh
# Puts a backup where Redis loads it at its next start. With `appendonly yes` Redis 7 ignores dump.rdb: the backup has
# to become the base of the append-only file.
# Environment: REDIS_HOST, BACKUP (a file name; empty means the newest).
set -eu
port="${REDIS_PORT:-6379}"
backups="${BACKUP_FOLDER:-/backup}"
data="${DATA_FOLDER:-/data}"

# A running Redis would keep writing to the files that are moved away here.
if redis-cli -h "$REDIS_HOST" -p "$port" ping > /dev/null 2>&1; then
  echo "Redis still runs. Stop it first: kubectl -n madang scale statefulset/madang-redis --replicas=0" >&2
  exit 1
fi

name="${BACKUP:-}"
if [ -z "$name" ]; then
  name=$(ls "$backups" | grep '^madang-.*\.rdb$' | sort | tail -n 1)
fi
if [ -z "$name" ] || [ ! -f "$backups/$name" ]; then
  echo "There is no backup ${name:-in $backups}. There are:" >&2
  ls "$backups" >&2
  exit 1
fi
redis-check-rdb "$backups/$name"

umask 077
fresh="$data/appendonlydir.restoring"
rm -rf "$fresh"
mkdir "$fresh"
cp "$backups/$name" "$fresh/appendonly.aof.1.base.rdb"
echo "file appendonly.aof.1.base.rdb seq 1 type b" > "$fresh/appendonly.aof.manifest"
sync

# The former files stay beside it until the operator deletes them.
if [ -e "$data/appendonlydir" ]; then
  before="appendonlydir.before-$(date -u +%Y%m%dT%H%M%SZ)"
  mv "$data/appendonlydir" "$data/$before"
  echo "Kept what was there as $before."
fi
mv "$fresh" "$data/appendonlydir"
echo "Restored $name. Start Redis: kubectl -n madang scale statefulset/madang-redis --replicas=1"
