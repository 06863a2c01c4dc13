// What good runs print too.

import type { Failure } from '../failure.ts';

export const FINE: readonly Failure[] = [
  {
    id: 'crac-checkpoint-ok',
    stage: 'dump',
    rank: 'fine',
    match: [/Dumping finished successfully/],
    explains: ['exit-137', 'criu-harmless'],
    cause: 'This checkpoint was made. The process ends with it: “Killed” and exit status 137 are what a good checkpoint looks like.',
    remedy: 'Nothing to mend here. Whether it restores only a restore can show; crac-bake proves it before it tags.',
    source: 'recorded run',
  },
  {
    id: 'criu-restore-ok',
    stage: 'restore',
    rank: 'fine',
    match: [/Restore finished successfully/i, /Tasks resumed\./],
    explains: ['criu-harmless'],
    cause: 'CRIU has restored the process. That says nothing about whether the app works: it may hang, or end at once.',
    remedy: 'Ask the app. Is its log empty, hand its output over: --inherit-fd fd[1]:pipe:[INODE] with the inode of the bake.',
    source: 'CRIU criu/cr-restore.c',
  },
  {
    id: 'criu-harmless',
    stage: 'dump',
    rank: 'fine',
    match: [
      /rlimit: Can't setup RLIMIT_NOFILE for self/i,
      /tun: Unable to create tun/i,
      /Can't keep kdat cache/i,
      /Ignoring restore_task error/i,
      /Will restore \d+ with interrupted system call/i,
      /unix: Unable to open a socket file/i,
      /net: (?:NSID isn't reported|Unable to get socket network namespace)/i,
      /Failed to open parent directory/i,
      /Do not have API to map vDSO/i,
      /compat_cr is not supported/i,
      /cgroupns not supported\. This is not fatal/i,
    ],
    cause: 'CRIU prints this line on good runs too; it is not why something failed.',
    remedy:
      'Look elsewhere: the app’s own log, and the first other error of CRIU’s log. Is the restored app silent, then with plain CRIU its output was not handed over (--inherit-fd), and failing hooks are not seen.',
    source: 'recorded good runs of CRIU 4.1 and 4.2',
  },
];
