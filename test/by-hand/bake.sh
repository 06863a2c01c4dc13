#!/usr/bin/env bash
# A bake by hand: the same docker commands, warm-up and proof as crac-bake, polling every 50 ms. It is what the tool's overhead is measured against,
# and lets tests bake in ways that the tool has no option for.
#   bake.sh APP_IMAGE TAG HELPER_IMAGE     port 8080, path /, a JVM that loads the agent
#   RUN_MORE='"offsetMs":86400000'         added to the run request
#   WRAP='unshare -T --monotonic 86400'    words before crac-init in the bake container
#   MONOTONIC=0                             what the manifest says of the clock at the dump (the gate believes it), in ms
#   AGENT='hide=gfni'                      options of the agent
#   PROVE=no                               without proof
set -euo pipefail
app=$1 tag=$2 helper=$3
dist=$(cd "$(dirname "$0")/../../dist" && pwd)
id=byhand-$$
work=$(mktemp -d)
trap 'docker rm --force --volumes $id-bake $id-helper $id-proof >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
label=crac-bake-test.run=1
least=(--cap-drop ALL --cap-add CHECKPOINT_RESTORE --cap-add SETPCAP --security-opt "seccomp=$dist/../seccomp/crac-bake.json")

until_answers() { # PORT
  until curl --silent --fail --max-time 2 --output /dev/null "http://127.0.0.1:$1/"; do sleep 0.05; done
}
port_of() { docker port "$1" 8080/tcp | head -1 | sed 's/.*://'; }

docker create --name $id-helper --label $label --network none "$helper" criu >/dev/null
mkdir "$work/crac-bake"
docker cp $id-helper:/opt/crac-bake/criu "$work/crac-bake/" >/dev/null
cp "$dist/crac-init-amd64" "$work/crac-bake/crac-init"
cp "$dist/context.jar" "$work/crac-bake/context.jar"
docker image inspect "$app" --format '{{json .Config.Entrypoint}} {{json .Config.Cmd}}' > "$work/command"
node - "$work" "${RUN_MORE:-}" <<'NODE'
const [, , work, more] = process.argv;
const fs = require('node:fs');
const [entrypoint, command] = fs.readFileSync(`${work}/command`, 'utf8').trim().split(/(?<=\]|null) /).map((text) => JSON.parse(text) ?? []);
const request = {
  version: 1, command: [...entrypoint, ...command], user: '', clock: 'near-zero', pidFloor: 512, capabilities: [],
  environment: { JAVA_TOOL_OPTIONS: `-javaagent:/opt/crac-bake/context.jar=${process.env.AGENT ?? ''} -XX:-UsePerfData` },
  ...JSON.parse(`{${more}}`),
};
fs.writeFileSync(`${work}/crac-bake/run.json`, JSON.stringify(request), { mode: 0o600 });
fs.writeFileSync(`${work}/app.json`, JSON.stringify({ entrypoint, command }));
NODE

read -r -a wrap <<< "${WRAP:-}"
wrap+=(/opt/crac-bake/crac-init)
docker create --name $id-bake --label $label --cap-drop ALL --cap-add CHECKPOINT_RESTORE --cap-add SETPCAP --cap-add SYS_PTRACE --cap-add SYS_ADMIN --cap-add SYS_TIME \
  --security-opt seccomp=unconfined --publish 127.0.0.1::8080 --entrypoint "${wrap[0]}" "$app" "${wrap[@]:1}" run >/dev/null
docker cp "$work/crac-bake" $id-bake:/opt/ >/dev/null
docker start $id-bake >/dev/null
port=$(port_of $id-bake)
until_answers "$port"
node --input-type=module - "$port" <<'NODE'
const [, , port] = process.argv;
let left = 200;
const worker = async () => {
  while (left-- > 0) {
    const response = await fetch(`http://127.0.0.1:${port}/`);
    await response.text();
    if (!response.ok) throw new Error(`status ${response.status}`);
  }
};
await Promise.all([worker(), worker(), worker(), worker()]);
NODE
docker exec $id-bake /opt/crac-bake/crac-init dump --trigger agent --trigger-timeout 60000 --hooks-timeout 30000 --dump-timeout 60000 \
  --criu-option --tcp-close --criu-option --file-locks --criu-option --link-remap > "$work/answers"
node - "$work" "${MONOTONIC:-}" <<'NODE'
const [, , work, believed] = process.argv;
const fs = require('node:fs');
const dumped = fs.readFileSync(`${work}/answers`, 'utf8').trim().split('\n').map((line) => JSON.parse(line)).find((answer) => answer.event === 'dumped');
const { pid, bytes, files, stdout, stderr, clock, monotonicMs, process: { uid, gid, residentBytes, threads } } = dumped;
fs.writeFileSync(`${work}/manifest.json`, JSON.stringify({
  version: 1, tool: 'by hand', engine: 'criu', ...JSON.parse(fs.readFileSync(`${work}/app.json`, 'utf8')), user: '', architecture: 'amd64', kernel: '',
  clock: { mode: clock, monotonicMs: Number(believed || monotonicMs) }, agent: true, probe: null, deadlineMs: 2000 + Math.ceil(bytes / 200000),
  checkpoint: { pid, bytes, files, stdout, stderr, uid, gid, residentBytes, threads },
  capabilities: { restore: ['CHECKPOINT_RESTORE', 'SETPCAP'], app: [] }, criu: { version: '', options: ['--tcp-close', '--file-locks', '--link-remap'] },
}));
NODE
docker diff $id-bake >"$work/files"
docker cp "$work/manifest.json" $id-bake:/opt/crac-bake/ >/dev/null
docker commit --change 'ENTRYPOINT ["/opt/crac-bake/crac-init","restore"]' --change 'CMD []' $id-bake "$tag" >/dev/null
if [ "${PROVE:-yes}" = yes ]; then
  docker run --detach --name $id-proof --label $label "${least[@]}" --env CRAC_INIT_RESTORE=require --publish 127.0.0.1::8080 "$tag" >/dev/null
  until_answers "$(port_of $id-proof)"
  docker exec --user 0 $id-proof /opt/crac-bake/crac-init verify
fi
