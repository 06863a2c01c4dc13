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
    id: 'jcmd-no-process',
    stage: 'hooks',
    match: [
      /Could not find any processes matching ?: ?'?(?<name>[^']*)'?/,
      /java\.io\.IOException: No such process/,
      /\b(?:ptrace|kill|attach|jcmd|process)\b.{0,40}: No such process/i,
      /^No such process/,
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
