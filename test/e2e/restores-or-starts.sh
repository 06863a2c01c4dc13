#!/usr/bin/env bash
# Runs a restore image whose CPU may not be this one, under its flags, and asks it: restores-or-starts.sh IMAGE "FLAGS" PORT PATH
# It answers in any case; where it was not restored, the gate has refused it for its CPU before criu ran.
set -euo pipefail
image=$1 port=$3 path=$4
read -ra flags <<<"$2"
container=$(docker run --detach "${flags[@]}" --env CRAC_INIT_LOG=1 --publish "127.0.0.1::$port" "$image")
trap 'docker logs "$container" 2>&1 | sed "s/^/  | /"; docker rm --force --volumes "$container" >/dev/null' EXIT
address=$(docker port "$container" "$port/tcp" | head -n 1)
curl --fail --silent --show-error --retry 60 --retry-delay 1 --retry-all-errors --output /dev/null "http://$address$path"
log=$(docker logs "$container" 2>&1)
if grep --quiet '^crac-init: restored pid' <<<"$log"; then
  echo "restored"
else
  grep --quiet '^crac-init: not restored (cpu): this CPU lacks .*; starting normally$' <<<"$log"
  echo "refused for its CPU, and started"
fi
