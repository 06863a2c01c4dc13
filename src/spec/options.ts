// The one table of options: it feeds the flags, their help, the environment variables, the config file's schema, the reference and the types of the spec.
// Names are those of docker/build-push-action where the matter is the same.

/**
 * How the text of an option becomes a value. Durations become milliseconds. Lists come from repeated flags or from lines; policies are a text in
 * the format of CRaC JDKs, in a config file a list of maps.
 */
export type OptionType = 'string' | 'boolean' | 'integer' | 'percent' | 'duration' | 'list' | 'pairs' | 'choice' | 'policies';

export interface OptionEntry {
  readonly type: OptionType;
  /** The default as a user would write it; none where the option may be absent. */
  readonly default?: string;
  readonly choices?: readonly string[];
  /** Smallest and largest value of an integer. */
  readonly min?: number;
  readonly max?: number;
  readonly group: 'image' | 'surroundings' | 'readiness' | 'warm-up' | 'checkpoint' | 'proof' | 'push' | 'output';
  readonly placeholder?: string;
  readonly short?: string;
  readonly help: string;
  /** A path of this machine, or a list of fields of which `src` is one; in a config file it is relative to the file. */
  readonly path?: 'whole' | 'src';
  /** What is shown of its value: the names alone, or nothing after the first word. */
  readonly shown?: 'names' | 'first-word';
  /** It says how one run is shown, so it is no key of a config file. */
  readonly flagOnly?: true;
  /** Why the action has no input of this name; it has one of every other option. */
  readonly cliOnly?: string;
}

export const OPTIONS = {
  context: { type: 'string', default: '.', group: 'image', path: 'whole', placeholder: 'PATH', help: 'build context of the app image' },
  file: {
    type: 'string',
    group: 'image',
    path: 'whole',
    short: '-f',
    placeholder: 'PATH',
    help: 'Dockerfile (default: Dockerfile in the context)',
  },
  target: { type: 'string', group: 'image', placeholder: 'STAGE', help: 'stage of the Dockerfile to build' },
  'build-args': { type: 'pairs', group: 'image', shown: 'names', placeholder: 'NAME=VALUE', help: 'build arguments' },
  platform: { type: 'string', group: 'image', placeholder: 'OS/ARCH', help: 'platform to build for; must be the engine’s own' },
  image: { type: 'string', group: 'image', placeholder: 'IMAGE', help: 'take this image instead of building one' },
  tags: {
    type: 'list',
    group: 'image',
    short: '-t',
    placeholder: 'NAME:TAG',
    help: 'tags of the restore image; moved only after the proof',
  },
  labels: { type: 'pairs', group: 'image', placeholder: 'NAME=VALUE', help: 'labels of the restore image' },
  secrets: {
    type: 'list',
    group: 'image',
    path: 'src',
    placeholder: 'id=NAME,src=FILE|env=VARIABLE',
    help: 'secrets for RUN --mount=type=secret in the Dockerfile; they are in no layer',
  },
  env: {
    type: 'pairs',
    group: 'surroundings',
    shown: 'names',
    placeholder: 'NAME=VALUE',
    help: 'environment of the app at bake; gone after the restore. NAME alone takes the value from the caller’s environment',
  },
  'env-files': {
    type: 'list',
    group: 'surroundings',
    path: 'whole',
    placeholder: 'FILE',
    help: 'files of lines NAME=VALUE in docker’s syntax, for the app at bake; --env wins',
  },
  services: {
    type: 'string',
    group: 'surroundings',
    path: 'whole',
    placeholder: 'FILE',
    help: 'Compose file whose services run beside the app at bake and proof; they have to be healthy first, and are removed at the end',
  },
  'service-timeout': {
    type: 'duration',
    default: '120s',
    group: 'surroundings',
    placeholder: 'TIME',
    help: 'deadline for the services to become healthy',
  },
  network: {
    type: 'string',
    group: 'surroundings',
    placeholder: 'NAME',
    help: 'network of the app at bake and proof: one that exists, host or none',
  },
  'add-hosts': { type: 'list', group: 'surroundings', placeholder: 'HOST:IP', help: 'names that the app finds in its hosts file' },
  mounts: {
    type: 'list',
    group: 'surroundings',
    path: 'src',
    placeholder: 'type=bind|volume|tmpfs,src=…,dst=PATH',
    help: 'mounts as of docker run --mount, at bake and proof; their content is not in the restore image',
  },
  memory: { type: 'string', group: 'surroundings', placeholder: 'SIZE', help: 'memory limit at bake and proof, such as 512m or 2g' },
  cpus: { type: 'string', group: 'surroundings', placeholder: 'N', help: 'processors at bake and proof, such as 2 or 1.5' },
  ready: {
    type: 'string',
    group: 'readiness',
    placeholder: 'PROBE',
    help: 'http:PORT/PATH, tcp:PORT, log:PATTERN, exec:COMMAND (in the container) or health (the image’s HEALTHCHECK) (default: from the URL in the image’s health check, its EXPOSE, or Spring’s log line)',
  },
  'ready-status': { type: 'string', default: '200-399', group: 'readiness', placeholder: 'A-B', help: 'HTTP statuses that count as ready' },
  'ready-body': { type: 'string', group: 'readiness', placeholder: 'PATTERN', help: 'regular expression that the body must match' },
  'ready-successes': {
    type: 'integer',
    default: '1',
    min: 1,
    group: 'readiness',
    placeholder: 'N',
    help: 'successes in a row that make it ready',
  },
  'ready-timeout': { type: 'duration', default: '120s', group: 'readiness', placeholder: 'TIME', help: 'deadline for becoming ready' },
  port: {
    type: 'integer',
    min: 1,
    max: 65_535,
    group: 'warm-up',
    placeholder: 'PORT',
    help: 'port that takes the requests (default: that of the probe, or the first of EXPOSE)',
  },
  'warmup-requests': {
    type: 'list',
    group: 'warm-up',
    placeholder: 'REQUEST',
    help: 'requests to send: "[METHOD] PATH [BODY]" each (default: the path of the HTTP probe)',
  },
  'warmup-http-files': {
    type: 'list',
    group: 'warm-up',
    path: 'whole',
    placeholder: 'FILE',
    help: 'files of requests in the .http format of JetBrains’ and VS Code’s HTTP clients; only the path of a URL counts',
  },
  'warmup-headers': {
    type: 'list',
    group: 'warm-up',
    shown: 'names',
    placeholder: '"NAME: VALUE"',
    help: 'headers of every warm-up request',
  },
  'warmup-count': {
    type: 'integer',
    default: '200',
    min: 0,
    group: 'warm-up',
    placeholder: 'N',
    help: 'how often each request is sent; 0 sends none',
  },
  'warmup-concurrency': { type: 'integer', default: '4', min: 1, group: 'warm-up', placeholder: 'N', help: 'requests at the same time' },
  'warmup-until-settled': {
    type: 'boolean',
    group: 'warm-up',
    help: 'go on in rounds of --warmup-count until the latency has settled, --warmup-max-count or --warmup-timeout is reached; neither is a failure',
  },
  'warmup-max-count': {
    type: 'integer',
    default: '10000',
    min: 1,
    group: 'warm-up',
    placeholder: 'N',
    help: 'how often each request is sent at most with --warmup-until-settled',
  },
  'warmup-command': {
    type: 'string',
    shown: 'first-word',
    group: 'warm-up',
    placeholder: 'COMMAND',
    help: 'program to run on this machine instead of requests; finds the app’s address in CRAC_BAKE_URL. Words as in a shell, but none is used',
  },
  'warmup-max-failures': {
    type: 'percent',
    default: '0%',
    group: 'warm-up',
    placeholder: 'N%',
    help: 'share of requests that may fail (no answer, or a status of 400 and more)',
  },
  'warmup-timeout': { type: 'duration', default: '120s', group: 'warm-up', placeholder: 'TIME', help: 'deadline for the warm-up' },
  engine: {
    type: 'choice',
    choices: ['auto', 'crac', 'criu'],
    default: 'auto',
    group: 'checkpoint',
    help: 'how the process is frozen: by a CRaC JDK of the image, or by CRIU around any process; auto: crac where the image’s JVM has it',
  },
  trigger: {
    type: 'choice',
    choices: ['auto', 'agent', 'jcmd', 'on-refresh', 'app', 'none'],
    default: 'auto',
    group: 'checkpoint',
    help: 'what asks for the checkpoint: the context agent after the warm-up, the JVM itself as by jcmd JDK.checkpoint (engine crac), Spring on refresh, the app by Core.checkpointRestore(), or nothing (no hooks); auto: jcmd for a CRaC JDK, else the agent where there is a JVM',
  },
  process: {
    type: 'string',
    group: 'checkpoint',
    placeholder: 'PATTERN',
    help: 'regular expression for the command line of the JVM whose hooks run, or that checkpoints itself, where several run in the container',
  },
  privileges: {
    type: 'choice',
    choices: ['least', 'privileged'],
    default: 'least',
    group: 'checkpoint',
    help: 'of the bake container; the app itself holds none either way',
  },
  'app-capabilities': {
    type: 'list',
    group: 'checkpoint',
    placeholder: 'CAP',
    help: 'capabilities that the app keeps at bake, restore and fallback, for entrypoints that change the user themselves (SETUID, SETGID)',
  },
  clock: {
    type: 'choice',
    choices: ['near-zero', 'host'],
    default: 'near-zero',
    group: 'checkpoint',
    help: 'monotonic clock of the app at bake; near-zero restores on hosts that were booted a moment ago, too',
  },
  cpu: {
    type: 'choice',
    choices: ['native', 'generic', 'x86-64-v3'],
    group: 'checkpoint',
    help: 'what JIT and libc may use of the CPU, and a restore needs: all of this one, what nearly every one has, or AVX2 and the like (default on amd64: x86-64-v3; for a CRaC JDK native, and it knows generic beside it). See docs/cpu.md',
  },
  heap: {
    type: 'choice',
    choices: ['shrink', 'keep'],
    default: 'shrink',
    group: 'checkpoint',
    help: 'shrink: the JVM gives free heap back before the dump, which makes image and restore smaller',
  },
  scheduled: {
    type: 'choice',
    choices: ['shift', 'keep'],
    default: 'shift',
    group: 'checkpoint',
    help: 'tasks at a fixed rate after the restore: moved by the time that has passed, or left to catch up on what they missed',
  },
  'pid-floor': {
    type: 'integer',
    default: '512',
    min: 32,
    group: 'checkpoint',
    placeholder: 'N',
    help: 'the app’s process ids are above it',
  },
  'hooks-timeout': {
    type: 'duration',
    default: '30s',
    group: 'checkpoint',
    placeholder: 'TIME',
    help: 'deadline for the beforeCheckpoint hooks',
  },
  'after-restore-timeout': {
    type: 'duration',
    default: '10s',
    group: 'checkpoint',
    placeholder: 'TIME',
    help: 'deadline for the afterRestore hooks of every restore; past it the restore is given up',
  },
  'restore-timeout': {
    type: 'duration',
    group: 'checkpoint',
    placeholder: 'TIME',
    help: 'deadline of every restore, past which the app is started normally (default: 2 s, and 5 ms for each MB of the checkpoint), without the time in which others have the processors; CRAC_INIT_DEADLINE of a container wins',
  },
  'checkpoint-timeout': { type: 'duration', default: '60s', group: 'checkpoint', placeholder: 'TIME', help: 'deadline for the dump' },
  criu: {
    type: 'choice',
    choices: ['auto', 'image', 'ours'],
    default: 'auto',
    group: 'checkpoint',
    help: 'the CRIU of a CRaC JDK: the one that it brings, or that of the helper image; auto: the image’s where it works on this kernel and processor',
  },
  'resource-policies': {
    type: 'policies',
    group: 'checkpoint',
    placeholder: 'POLICIES',
    help: 'what a CRaC JDK does with files, pipes, sockets and descriptors that are open at the checkpoint: lines key: value (type, action, path, …), policies parted by ---, as of jdk.crac.resource-policies',
  },
  'criu-base': {
    type: 'string',
    default: 'debian:testing-slim',
    group: 'checkpoint',
    placeholder: 'IMAGE',
    help: 'Debian image with a package criu of 4.2 or later, from which the helper image is built once',
  },
  'engine-timeout': {
    type: 'duration',
    default: '120s',
    group: 'checkpoint',
    placeholder: 'TIME',
    help: 'how long the engine may take for an answer; building, pulling and committing may take longer',
  },
  prove: {
    type: 'choice',
    choices: ['single', 'twins'],
    default: 'single',
    group: 'proof',
    help: 'twins: restore the image twice at once, and fail where both answer with the same session ids, tokens or random numbers; compared are the answers to the probe and to the GETs of the warm-up',
  },
  seccomp: {
    type: 'choice',
    choices: ['profile', 'unconfined'],
    default: 'profile',
    group: 'proof',
    help: 'seccomp profile of the restore, in the proof and in what is printed: the engine’s default with clone3 (crac-bake seccomp prints it), or none',
  },
  'prove-timeout': {
    type: 'duration',
    default: '30s',
    group: 'proof',
    placeholder: 'TIME',
    help: 'deadline for the restore and the first answers',
  },
  'on-failure': {
    type: 'choice',
    choices: ['fail', 'plain'],
    default: 'fail',
    group: 'proof',
    help: 'plain: when the app image is there but cannot be baked or proved, tag it unchanged and exit with 0',
  },
  push: {
    type: 'boolean',
    group: 'push',
    help: 'push the restore image under a temporary tag, pull it by its digest, prove it again, and only then move the tags in the registry, too. Not for what --on-failure plain tags',
  },
  'push-untrusted': {
    type: 'boolean',
    group: 'push',
    help: 'push also in a GitHub run for pull_request_target or for code from a fork; refused otherwise',
  },
  'push-retries': {
    type: 'integer',
    default: '3',
    min: 0,
    group: 'push',
    placeholder: 'N',
    help: 'further tries of a push or pull that the network broke off',
  },
  'push-timeout': { type: 'duration', default: '10m', group: 'push', placeholder: 'TIME', help: 'deadline for each push and pull' },
  config: {
    type: 'string',
    group: 'output',
    flagOnly: true,
    path: 'whole',
    placeholder: 'FILE',
    help: 'file with options, in place of the crac-bake.yml in the build context or above it, up to the git repository’s root',
  },
  'dry-run': {
    type: 'boolean',
    group: 'output',
    flagOnly: true,
    help: 'print the plan with its docker commands, change nothing',
    cliOnly: 'a workflow has nobody who looks at a plan first',
  },
  json: {
    type: 'boolean',
    group: 'output',
    flagOnly: true,
    help: 'print the report as one JSON document on stdout',
    cliOnly: 'the output `report` names the file with it',
  },
  verbose: {
    type: 'boolean',
    group: 'output',
    flagOnly: true,
    short: '-v',
    help: 'show every docker command and its output',
    cliOnly: 'the log shows them in a group for each step, folded',
  },
} as const satisfies Record<string, OptionEntry>;

export type OptionName = keyof typeof OPTIONS;

/** The environment variable that sets an option where its flag is absent: `ready-timeout` → `CRAC_BAKE_READY_TIMEOUT`. */
export function environmentName(name: OptionName): string {
  return `CRAC_BAKE_${name.toUpperCase().replaceAll('-', '_')}`;
}
