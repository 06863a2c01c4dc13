#!/bin/sh
set -eu
bin=$(dirname "$(ls /usr/lib/postgresql/*/bin/postgres)")
echo "${POSTGRES_PASSWORD:-secret}" >/tmp/password
"$bin/initdb" --pgdata=/tmp/data --username=postgres --pwfile=/tmp/password --auth=scram-sha-256 --no-sync >/dev/null
echo 'host all all all scram-sha-256' >>/tmp/data/pg_hba.conf
exec "$bin/postgres" -D /tmp/data -c listen_addresses='*' -c fsync=off -c unix_socket_directories=/tmp
