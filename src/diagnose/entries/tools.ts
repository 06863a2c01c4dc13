// Other tools that checkpoint: build plugins, Open Liberty, OpenJ9, podman, runc, Kubernetes, CI.

import type { Failure } from '../failure.ts';

export const TOOLS: readonly Failure[] = [
  {
    id: 'liberty-swrk',
    stage: 'tools',
    match: [/Can't exec criu swrk: (?<errno>.+)/i, /Could not dump the JVM process\w{0,4}, err=(?<code>-\d+)/i],
    cause: 'OpenJ9 could not start CRIU ({errno|code} {code|not given}): criu carries file capabilities that the container does not have.',
    remedy: 'Add CHECKPOINT_RESTORE, SYS_PTRACE and SETPCAP to the container.',
    on: {
      docker: '--cap-add CHECKPOINT_RESTORE --cap-add SYS_PTRACE --cap-add SETPCAP --security-opt seccomp=unconfined',
      kubernetes: 'capabilities.add: [CHECKPOINT_RESTORE, SETPCAP] at restore.',
    },
    source: 'Open Liberty InstantOn troubleshooting',
  },
  {
    id: 'liberty-checkpoint',
    stage: 'tools',
    rank: 'umbrella',
    match: [/\bCWWK[CE]0(?:453|455|456|457|963|955|956)E: ?(?<what>.*)/],
    cause: 'Open Liberty’s checkpoint failed: {what}',
    remedy: 'Why is in the server’s logs/checkpoint/checkpoint.log: give explain that file.',
    source: 'OpenLiberty/open-liberty PR#25127, PR#21397',
  },
  {
    id: 'liberty-checkpoint-selinux',
    stage: 'tools',
    match: [/\bCWWKE0963E\b/],
    cause: 'Open Liberty’s checkpoint failed, since SELinux does not let CRIU ask about open sockets.',
    remedy: 'setsebool virt_sandbox_use_netlink 1 on the host.',
    source: 'OpenLiberty/open-liberty PR#25127',
  },
  {
    id: 'liberty-restore',
    stage: 'tools',
    rank: 'umbrella',
    match: [/\bCWWK[CE]0(?:454|458|957|961|964)[EIW]: ?(?<what>.*)/],
    cause: 'Open Liberty could not restore its checkpoint: {what}',
    remedy:
      'Why is in /logs/checkpoint/restore.log of the container: give explain that file. “Operation not permitted” there: add CHECKPOINT_RESTORE and SETPCAP.',
    on: { kubernetes: 'capabilities.add: [CHECKPOINT_RESTORE, SETPCAP], allowPrivilegeEscalation: true.' },
    source: 'OpenLiberty/open-liberty#26193, #22362',
  },
  {
    id: 'openj9-criu',
    stage: 'tools',
    rank: 'follow',
    match: [
      /(?:JVMCheckpointException|SystemCheckpointException|JVMRestoreException|SystemRestoreException)(?:: (?<what>.*))?/,
      /CRIU (?:is not enabled|support is not enabled|checkpoint failed).{0,60}/i,
    ],
    cause: 'OpenJ9’s CRIU support refused or failed: {what|see the line}.',
    remedy: 'Start java with -XX:+EnableCRIUSupport; CRIU’s own log (-Dopenj9… log file, checkpoint.log) says more.',
    source: 'eclipse-openj9/openj9',
  },
  {
    id: 'openj9-unsupported',
    stage: 'tools',
    match: [/(?:UnsupportedClassVersionError|JVM).{0,40}CRIU.{0,20}(?:is )?not supported/i, /CWWKC0451E|CRIU support is not available/i],
    cause: 'This JVM has no support for checkpoints by CRIU.',
    remedy: 'Use an OpenJ9 (Semeru) JVM with -XX:+EnableCRIUSupport, or bake with crac-bake, which takes any.',
    source: 'Open Liberty',
  },
  {
    id: 'runc-criu',
    stage: 'tools',
    rank: 'umbrella',
    match: [
      /criu failed: type (?<type>\w+) errno (?<errno>\d+)(?:.{0,20}?(?:log file: ?|path= ?)(?<path>[^\s"\\]+))?/i,
      /CRIU (?:checkpointing|restoring|feature checking) failed (?<errno>-?\d+)/i,
    ],
    cause: 'Checkpoint or restore of a whole container failed (step {type|unknown}). CRIU’s log {path|named beside it} says why.',
    remedy:
      'Give explain that log (dump.log or restore.log). crac-bake dumps inside of the container instead, where fewer things stand in the way.',
    source: 'runc, crun; checkpoint-restore/criu#2579',
  },
  {
    id: 'podman-rootless',
    stage: 'tools',
    match: [
      /check(?:pointing|point) a container requires root/i,
      /(?:checkpoint|restore).{0,60}(?:rootless|requires root)/i,
      /rootless.{0,60}(?:checkpoint|restore|criu)/i,
    ],
    cause: 'podman checkpoints containers of root only.',
    remedy: 'sudo podman container checkpoint …, with a container that root started.',
    source: 'podman-container-tools/podman#2038',
  },
  {
    id: 'podman-criu-version',
    stage: 'tools',
    match: [
      /checkpoint\/restore support (?:is )?not (?:available|enabled)/i,
      /(?:needs|requires) at least CRIU (?<version>[\d.]+)/i,
      /\bcriu(?: binary)?(?: is)? not (?:found|installed|available)|\bcriu: (?:command )?not found/i,
      /exec: \\?"criu\\?": executable file not found/i,
    ],
    cause: 'CRIU is missing on this machine, or older than {version|what is asked for}.',
    remedy: 'Install CRIU 4.2 or later on the host. crac-bake needs none there: it brings its own.',
    source: 'podman, runc',
  },
  {
    id: 'docker-checkpoint-exists',
    stage: 'tools',
    match: [/checkpoint with name (?<name>\S+) already exists/i],
    cause: 'The container has a checkpoint {name} already.',
    remedy: 'docker checkpoint rm CONTAINER {name}, or take another name.',
    source: 'Docker Engine',
  },
  {
    id: 'docker-checkpoint-restore-net',
    stage: 'tools',
    match: [
      /(?:content|checkpoint) (?:sha256:\S+|\S+).{0,40}(?:already exists|not found).{0,40}/i,
      /custom checkpointdir is not supported/i,
    ],
    general: true,
    cause: 'docker start --checkpoint could not use the checkpoint: Docker’s own support is incomplete (other folders, used twice).',
    remedy:
      'Start from it once, in a container of the same name and options; or bake an image with crac-bake, which starts as often as you like.',
    source: 'Docker Engine',
  },
  {
    id: 'micronaut-crac',
    stage: 'tools',
    rank: 'umbrella',
    match: [
      /(?:Execution failed for task '(?<task>[^']*(?:[Cc]rac|checkpoint)[^']*)')/,
      /Checkpoint(?: container)? (?:exited with|failed).{0,60}/,
      /Failed to execute goal .{0,120}(?:crac|CRaC|docker-crac).{0,200}/,
    ],
    cause:
      'The build plugin’s checkpoint failed ({task|see the line}); it keeps CRIU’s reasons in the container and in the checkpoint folder.',
    remedy: 'Give explain the container’s log and dump4.log of the checkpoint folder (build/docker/main/cr).',
    source: 'Micronaut Gradle and Maven plugins',
  },
  {
    id: 'micronaut-crac-timeout',
    stage: 'tools',
    match: [
      { line: /Waiting (?<seconds>\d+) seconds for completion/, also: /BUILD FAILURE|BUILD FAILED/ },
      /(?:Timed out|Timeout|did not complete).{0,60}checkpoint/i,
    ],
    cause: 'The checkpoint’s container did not end within {seconds|the} seconds that the plugin waits.',
    remedy:
      'The app was not ready in time, or the checkpoint hangs: look at the container’s log. crac-bake has deadlines for each step (--ready-timeout, --checkpoint-timeout).',
    source: 'micronaut-projects/micronaut-maven-plugin#655',
  },
  {
    id: 'build-tool-failed',
    stage: 'tools',
    rank: 'umbrella',
    match: [/BUILD FAIL(?:URE|ED)/, /Failed to execute goal (?<goal>\S+)/, /Execution failed for task '(?<goal>[^']*)'/],
    general: true,
    cause: 'The build tool failed ({goal|see above}). This line says that, not why.',
    remedy: 'Give explain its whole output, with -e (Maven) or --stacktrace (Gradle).',
    source: 'Maven, Gradle',
  },
  {
    id: 'kubernetes-pod-security',
    stage: 'tools',
    match: [
      /violates PodSecurity "(?<level>[^"]+)"/i,
      /unable to validate against any (?:pod security policy|security context constraint)/i,
      /admission webhook .{0,80}denied the request.{0,80}(?:capabilit|privileged|seccomp)/i,
    ],
    cause: 'The cluster does not allow this pod the capabilities that it asks for (level {level|unknown}).',
    remedy:
      'Allow CHECKPOINT_RESTORE and SETPCAP for its namespace. Without, the image starts the app normally: leave the capabilities out, it works cold.',
    on: {
      kubernetes: 'kubectl label namespace NAME pod-security.kubernetes.io/enforce=privileged; OpenShift: an SCC with allowedCapabilities.',
    },
    source: 'Kubernetes, OpenShift',
  },
  {
    id: 'kubernetes-no-checkpoint',
    stage: 'tools',
    match: [
      /method CheckpointContainer not implemented/i,
      /configured to not support checkpoint\/restore/i,
      /ContainerCheckpoint feature gate .{0,40}(?:disabled|not enabled)/i,
    ],
    cause: 'The container runtime of this node cannot checkpoint, or is told not to.',
    remedy:
      'crac-bake does not need it: it bakes an image. Otherwise CRI-O with enable_criu_support = true, or containerd 2.0 or later, both with criu on the node.',
    source: 'kubelet, CRI-O, containerd',
  },
  {
    id: 'kubernetes-crash-loop',
    stage: 'tools',
    rank: 'umbrella',
    match: [/CrashLoopBackOff/, /Back-off restarting failed container/],
    cause: 'The container ends again and again. Why is in its log, not here.',
    remedy: 'kubectl logs POD --previous | crac-bake explain -',
    source: 'Kubernetes',
  },
  {
    id: 'ci-timeout',
    stage: 'tools',
    match: [
      /has exceeded the maximum execution time/i,
      /The (?:job|operation) (?:was|has been) (?:canceled|cancelled|timed out)/i,
      /exceeded the timeout of (?<minutes>\d+) minutes/i,
    ],
    rank: 'umbrella',
    cause: 'The CI ended the job after its time was over; something before it hung.',
    remedy: 'See which step was running: a restore without SETPCAP, or as another user, hangs in CRIU. Give every step a timeout.',
    on: { github: 'timeout-minutes: of the step' },
    source: 'GitHub Actions',
  },
  {
    id: 'setup-java-crac',
    stage: 'tools',
    match: [
      /criu.{0,60}(?:lacks? |without |is missing )?(?:SUID|setuid|suid bit|not owned by root)/i,
      /(?:chown|chmod).{0,20}criu.{0,40}/i,
    ],
    cause: 'The criu of an unpacked CRaC JDK has lost owner and set-user-id bit, so that it runs without privileges.',
    remedy: 'sudo chown root JAVA_HOME/lib/criu && sudo chmod u+s JAVA_HOME/lib/criu; or bake with crac-bake in a container.',
    source: 'actions/setup-java#660',
  },
];
