// jcmd, by which a checkpoint is asked for from outside.

import type { Failure } from '../failure.ts';

export const JCMD: readonly Failure[] = [
  {
    id: 'jcmd-attach',
    stage: 'hooks',
    match: [
      /Unable to open socket file (?<path>\S+?): target process (?<pid>\d+) doesn't respond/i,
      /AttachNotSupportedException/i,
      /(?:Unable to|Could not) attach to .{0,20}(?:process|pid) ?(?<pid>\d+)/i,
    ],
    cause:
      'jcmd cannot talk to the JVM ({pid|its process}): another user, another container or /tmp, attaching is switched off, or the JVM hangs or has only just begun.',
    remedy:
      'Run jcmd in the same container, as the same user, when the app is ready, with the JVM’s PID (not 1); without -XX:+DisableAttachMechanism.',
    on: { docker: 'docker exec --user of the app CONTAINER jcmd PID JDK.checkpoint', kubernetes: 'kubectl exec into the same container.' },
    source: 'JDK VirtualMachineImpl',
  },
  {
    id: 'jcmd-attach-off',
    stage: 'hooks',
    match: [
      /attach-off: .{0,60}?(?:PID (?<pid>\d+)\) )?was started with (?<option>-\S+?),/,
      /The VM does not support the attach mechanism/i,
    ],
    cause: 'Nobody can give the JVM commands: it was started with {option|-XX:+DisableAttachMechanism}.',
    remedy:
      'Leave the option out at the bake (it may be in JAVA_TOOL_OPTIONS), or let the app ask for the checkpoint itself: --trigger app, or --trigger on-refresh with Spring.',
    source: 'HotSpot; runtime of crac-bake',
  },
  {
    id: 'jcmd-attach-user',
    stage: 'hooks',
    match: [
      /attach-user: (?<detail>.+)/,
      /(?:well-known file|socket file) \S+ is not secure: file should be owned by the current user/i,
      /Operation not permitted.{0,200}sun\.tools\.attach/i,
    ],
    cause: 'The JVM takes commands of its own user and of root alone ({detail|another user asked}).',
    remedy: 'Ask as the JVM’s user: docker exec --user UID:GID, with the numbers of Uid and Gid in /proc/PID/status.',
    source: 'HotSpot attachListener_posix.cpp; runtime of crac-bake',
  },
  {
    id: 'jcmd-attach-timeout',
    stage: 'hooks',
    match: [/attach-timeout: (?<detail>.+)/],
    cause: 'The JVM did not answer in time: {detail}.',
    remedy:
      'A thread dump shows where it hangs (kill -3 PID; it comes in the app’s log). Is the container short of processor time (--cpus)?',
    source: 'runtime of crac-bake',
  },
  {
    id: 'jcmd-attach-folder',
    stage: 'hooks',
    match: [/attach-failed: the JVM cannot open its socket in (?<path>\S+): (?<errno>.+)/],
    cause: 'The JVM takes commands through a socket in {path}, and cannot make it there: {errno}.',
    remedy: 'Give the app a /tmp that it can write, also with a read-only root file system: --mount type=tmpfs,dst=/tmp.',
    on: { kubernetes: 'An emptyDir at /tmp.' },
    source: 'HotSpot attachListener_posix.cpp; runtime of crac-bake',
  },
  {
    id: 'jcmd-several-jvms',
    stage: 'hooks',
    match: [/several-jvms: (?<count>\d+) JVMs are meant; .*?: (?<jvms>.+)/],
    cause: '{count} JVMs run in the container, and nothing says which one is meant: {jvms}.',
    remedy: 'Name one by a part of its command that the others do not have.',
    source: 'runtime of crac-bake',
  },
  {
    id: 'jcmd-no-process',
    stage: 'hooks',
    match: [
      /Could not find any processes matching ?: ?'?(?<name>[^']*)'?/,
      /java\.io\.IOException: No such process/,
      /\b(?:ptrace|kill|attach|jcmd|process)\b.{0,40}: No such process/i,
      /^No such process/,
      /no-jvm: no JVM (?:runs|whose command has "(?<name>[^"]*)" in it)/,
    ],
    cause: 'There is no JVM with this PID or main class ({name|see the line}).',
    remedy: 'jcmd -l in the container lists them: take the PID beside your main class.',
    source: 'recorded run',
  },
  {
    id: 'jcmd-unknown-command',
    stage: 'hooks',
    match: [/IllegalArgumentException: Unknown diagnostic command/, /Unknown diagnostic command/],
    cause: 'This JVM knows no JDK.checkpoint: it is no CRaC build.',
    remedy: 'Bake with crac-bake, which needs no CRaC JDK, or use one.',
    source: 'HotSpot',
  },
  {
    id: 'jcmd-missing',
    stage: 'hooks',
    match: [/exec: \\?"?jcmd\\?"?: executable file not found/i, /jcmd: (?:command )?not found/i],
    cause: 'The image has no jcmd: it holds a JRE only.',
    remedy:
      'Bake with the JDK’s image, or let the app ask itself (Core.checkpointRestore, -Dspring.context.checkpoint=onRefresh). crac-bake needs no jcmd.',
    source: 'openjdk/crac PR#336',
  },
  {
    id: 'jcmd-exception',
    stage: 'hooks',
    rank: 'umbrella',
    match: [/An exception during a checkpoint operation/],
    cause: 'The JVM refused the checkpoint and goes on. The exception below says why. jcmd ends with 0 all the same.',
    remedy: 'Give explain the whole output, with its Suppressed lines.',
    source: 'recorded run',
  },
];
