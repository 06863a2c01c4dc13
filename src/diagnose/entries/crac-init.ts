// What crac-init says when it starts an app normally instead of restoring it, and the failures of crac-bake's own runtime.

import { type Failure, PRIVILEGES } from '../failure.ts';

const LEAST = { docker: PRIVILEGES.docker, kubernetes: PRIVILEGES.kubernetes } as const;

/** The line of one of the runtime's refusals; `(id)` is the same as the entry's. */
const refused = (id: string) => new RegExp(`not restored \\(${id}\\): (?<what>.*?)(?:; starting normally.*)?$`);

export const CRAC_INIT: readonly Failure[] = [
  {
    id: 'manifest',
    stage: 'restore',
    match: [refused('manifest')],
    cause: 'The restore image’s manifest cannot be used: {what}.',
    remedy: 'Bake again, with one version of crac-bake; do not mount anything over /opt/crac-bake.',
    source: 'crac-init',
  },
  {
    id: 'architecture',
    stage: 'restore',
    match: [refused('architecture'), /the checkpoint is for (?<wanted>\w+), this is (?<found>\w+)/],
    cause: 'The checkpoint was made on another architecture than this host has.',
    remedy: 'Bake one image for each architecture, on a machine of it, and publish both under one tag.',
    on: { docker: 'docker buildx imagetools create -t TAG IMAGE-amd64 IMAGE-arm64', kubernetes: 'nodeSelector: { kubernetes.io/arch: … }' },
    source: 'crac-init',
  },
  {
    id: 'cpu',
    stage: 'restore',
    match: [refused('cpu'), /this CPU lacks (?<missing>.+), which the checkpoint may use/],
    cause: 'This CPU lacks instructions that the frozen code may use: {what|see the line}.',
    remedy: 'Bake with --cpu generic or x86-64-v3, or on the weakest class of CPU that is to run the image.',
    on: { kubernetes: 'A nodeSelector for nodes like that of the bake.' },
    source: 'crac-init',
  },
  {
    id: 'capabilities',
    stage: 'restore',
    match: [refused('capabilities')],
    cause: 'The container lacks capabilities that the restore needs: {what}.',
    remedy:
      'Give it CHECKPOINT_RESTORE and SETPCAP, and the user and group of the bake; crac-bake inspect IMAGE --deploy prints the lines.',
    on: {
      ...LEAST,
      kubernetes: `${PRIVILEGES.kubernetes} Kubernetes takes no group from an image’s USER: runAsGroup as well as runAsUser.`,
    },
    source: 'crac-init',
  },
  {
    id: 'no-new-privileges',
    stage: 'restore',
    match: [refused('no-new-privileges'), /with no-new-privileges crac-init does not get/],
    cause:
      'no-new-privileges keeps the capabilities of crac-init’s file away from a user other than root, as another program had lost them before: {what|see the line}.',
    remedy:
      'Start the image’s own entrypoint, with nothing before it (a shell, an init of the image): the runtime gives it the capabilities. Or start the container without no-new-privileges.',
    on: {
      docker: 'No --entrypoint, or no --security-opt no-new-privileges.',
      kubernetes: 'No command in the container, or allowPrivilegeEscalation: true.',
    },
    source: 'crac-init; prctl(2), PR_SET_NO_NEW_PRIVS',
  },
  {
    id: 'seccomp',
    stage: 'restore',
    match: [refused('seccomp'), /clone3 is blocked/],
    cause: 'The container’s seccomp profile does not let a process choose its PID (clone3).',
    remedy: 'Restore with the seccomp profile that crac-bake seccomp prints, or with another that allows clone3.',
    on: LEAST,
    source: 'crac-init',
  },
  {
    id: 'ptrace',
    stage: 'restore',
    match: [refused('ptrace'), /kernel\.yama\.ptrace_scope is (?<scope>\d)/],
    cause: 'The host’s Yama setting does not let CRIU trace what it restores: {what|see the line}.',
    remedy: 'Scope 2 asks for SYS_PTRACE in the restore container. Scope 3 forbids all tracing until the host is booted anew with another.',
    on: { docker: '--cap-add SYS_PTRACE', kubernetes: 'capabilities: { add: [SYS_PTRACE] } for the container.' },
    source: 'crac-init; Linux Documentation/admin-guide/LSM/Yama.rst',
  },
  {
    id: 'clock',
    stage: 'restore',
    match: [refused('clock'), /the monotonic clock shows \d+ ms, less than/],
    cause: 'This host has been up for a shorter time than the bake’s was: restored, the app would wait for hours.',
    remedy: 'Bake with --clock near-zero (the default), on a kernel with time namespaces (Linux 5.6 or later).',
    source: 'crac-init',
  },
  {
    id: 'files',
    stage: 'restore',
    match: [refused('files'), /of the checkpoint has (?<found>\d+) bytes instead of (?<bytes>\d+)/],
    cause: 'A file of the checkpoint is missing or has another length: {what|see the line}.',
    remedy:
      'Pull the image again; bake again if it stays. Do not mount anything over /opt/crac-bake, and do not squash the image with tools that drop files.',
    source: 'crac-init',
  },
  {
    id: 'pids',
    stage: 'restore',
    match: [
      refused('pids'),
      /PID \d+ of the checkpoint is (?:taken|not below)/,
      /may have \d+ more processes and threads, the checkpoint needs \d+/,
    ],
    cause: 'The process and its threads cannot have the numbers that they had at the dump: {what|see the line}.',
    remedy: 'Restore in a fresh container with PIDs of its own, and with a limit of processes above the number of the app’s threads.',
    on: { docker: 'No --pid=host; a higher --pids-limit.', kubernetes: 'shareProcessNamespace: false, no hostPID.' },
    source: 'crac-init',
  },
  {
    id: 'memory',
    stage: 'restore',
    match: [refused('memory'), /the memory limit is \d+ MB, the checkpoint has \d+ MB in memory/],
    cause: 'The container may have less memory than the process had at the dump: {what|see the line}.',
    remedy: 'Raise the limit, or bake under it: crac-bake bake --memory gives the app the same limit from its start.',
    on: { docker: '--memory', kubernetes: 'resources.limits.memory' },
    source: 'crac-init',
  },
  {
    id: 'hand-over',
    stage: 'restore',
    match: [refused('hand-over'), /cannot (?:write|make|empty) the hand-over/],
    cause: 'The container’s /dev/shm cannot be written, by which the restored app gets its environment: {what|see the line}.',
    remedy: 'Keep /dev/shm writable.',
    on: { docker: '--tmpfs /dev/shm where it is read-only', kubernetes: 'An emptyDir with medium: Memory at /dev/shm.' },
    source: 'crac-init',
  },
  {
    id: 'criu-restore',
    stage: 'restore',
    rank: 'umbrella',
    match: [refused('criu-restore'), /criu (?:restore )?(?:exited|ended) with \d+/i],
    cause: 'CRIU failed to restore the process: {what|see its log}.',
    remedy: 'Its first error says why. CRAC_INIT_RESTORE=off starts the app normally in the meantime.',
    source: 'crac-init',
  },
  {
    id: 'deadline',
    stage: 'restore',
    match: [refused('deadline'), /The restore did not (?:come to an )?end/i],
    cause: 'The restore did not come to an end in its time: {what|no acknowledgement}.',
    remedy:
      'A slow disk or a busy host: raise CRAC_INIT_DEADLINE (milliseconds). A hook that waits in afterRestore: let it give up by itself. SETPCAP missing: CRIU hangs; add it.',
    on: LEAST,
    source: 'crac-init',
  },
  {
    id: 'restored-exited',
    stage: 'restore',
    match: [refused('restored-exited'), /The restored process ended before it answered/],
    cause: 'The process was restored and ended at once: {what|see the lines before}.',
    remedy:
      'Signal 11 or 4 (exit 139, 132): another CPU or C library than at the bake. Signal 9 (137): too little memory. Otherwise the app’s own log says why.',
    source: 'crac-init',
  },
  {
    id: 'after-restore-failed',
    stage: 'restore',
    match: [refused('after-restore-failed')],
    cause: 'A hook of the app threw, or did not return, in afterRestore: {what}.',
    remedy: 'What the hook needs must be reachable where it is restored; let it retry, or connect lazily.',
    source: 'crac-init',
  },
  {
    id: 'init-pid-floor',
    stage: 'start',
    match: [/cannot use up the PIDs below (?<floor>\d+)/, /the PIDs do not reach (?<floor>\d+)/],
    cause: 'crac-init could not count the PIDs up to {floor}: the limit of processes is too low.',
    remedy: 'Raise the engine’s limit of processes, or choose a lower --pid-floor.',
    source: 'crac-init',
  },
  {
    id: 'init-time-namespace',
    stage: 'start',
    match: [/cannot make a time namespace: (?<errno>.*)/, /a time namespace needs (?<errno>.*)/],
    cause: 'The app cannot be given a clock of its own: {errno}.',
    remedy: 'Bake on Linux 5.6 or later with SYS_ADMIN and SYS_TIME in the bake container, or with --clock host.',
    source: 'crac-init',
  },
  {
    id: 'init-user-missing',
    stage: 'start',
    match: [
      /the (?<what>user|group) "(?<name>[^"]*)" is not in \/etc\/(?:passwd|group)/,
      /unable to find (?<what>user|group) (?<name>\S+): no matching entries/,
    ],
    cause: 'The image’s USER names the {what} {name}, which its /etc/passwd or /etc/group does not know.',
    remedy: 'Add it in the Dockerfile (RUN useradd …), or give USER as numbers.',
    source: 'crac-init; Docker Engine',
  },
  {
    id: 'init-agent-missing',
    stage: 'hooks',
    match: [
      /no JVM in the container has loaded (?:the context agent|it)/i,
      /the context agent (?:is not there|was not loaded|has not been loaded)/i,
    ],
    cause: 'No JVM in the container has loaded crac-bake’s agent, so that there are no hooks to run.',
    remedy: 'The entrypoint may clear JAVA_TOOL_OPTIONS, or the JVM is older than 11; --trigger none checkpoints without hooks.',
    source: 'crac-bake',
  },
  {
    id: 'init-several-jvms',
    stage: 'hooks',
    match: [/several JVMs (?:run in the container|of the container match "[^"]*"): (?<which>.*)/, /Several JVMs run in the container/],
    cause: 'Several JVMs run in the container, and crac-bake does not guess whose hooks are to run: {which|see the line}.',
    remedy: 'Name one by a part of its command line (--process PATTERN), or freeze all of them without hooks (--trigger none).',
    source: 'crac-init',
  },
  {
    id: 'jvm-agent-failed',
    stage: 'start',
    match: [
      /Error opening zip file or JAR manifest missing ?: ?(?<path>\S*)/,
      /Could not find agent library instrument/,
      /Module java\.instrument not found/,
      /Error occurred during initialization of (?:boot layer|VM).{0,80}(?<path>java\.instrument)/,
      /processing of -javaagent failed/,
    ],
    cause: 'The JVM could not load a Java agent ({path|see the line}): the file is missing, or the JDK was made without java.instrument.',
    remedy: 'Add java.instrument to the modules of the trimmed JDK (jlink --add-modules), or bake with --trigger none.',
    source: 'HotSpot',
  },
];
