#!/usr/bin/env bash
# Runs a restore image under its flags with the fallback off, and asks it: restores.sh IMAGE "FLAGS" PORT PATH
set -euo pipefail
image=$1 port=$3 path=$4
read -ra flags <<<"$2"
container=$(docker run --detach "${flags[@]}" --env CRAC_INIT_RESTORE=require --env CRAC_INIT_LOG=1 --publish "127.0.0.1::$port" "$image")
trap 'docker logs "$container" 2>&1 | sed "s/^/  | /"; docker rm --force --volumes "$container" >/dev/null' EXIT
address=$(docker port "$container" "$port/tcp" | head -n 1)
curl --fail --silent --show-error --retry 30 --retry-delay 1 --retry-all-errors --output /dev/null "http://$address$path"
grep --quiet '^crac-init: restored pid' <<<"$(docker logs "$container" 2>&1)"
echo "restored"
