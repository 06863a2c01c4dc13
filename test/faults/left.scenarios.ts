// What is left when the run itself cannot clean up, and a disk without room for one more file.

import { fails, type Scenario } from './support/scenario.ts';

export const NO_INODES: Scenario = { row: 25, title: 'the engine’s disk has no inode left at the dump', ...fails('no-space', 20) };

/** Runs that end without a word; what removes what they left. */
export const KILLED = [
  { row: 34, title: 'the action’s main step is killed in the warm-up', at: 'Warm it up', removedBy: 'its post step', withinS: 10 },
  {
    row: 34,
    title: 'the action’s main step is killed as the proof starts',
    at: 'Prove the restore',
    removedBy: 'its post step',
    withinS: 10,
  },
] as const;

/** As a hosted runner cancels a job or ends one that takes too long: SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL. */
export const CANCELLED = { row: 35, title: 'the runner ends the job in the warm-up', at: 'Warm it up', withinS: 7 } as const;
