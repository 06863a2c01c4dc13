// The checkpoint is damaged, or those who write it are killed.

import type { SmallEngine } from '../docker/support/small-engine.ts';
import { damage, removeFile } from './support/damage.ts';
import { findFirst, killFirst } from './support/processes.ts';
import { type EngineScenario, fails, type Scenario } from './support/scenario.ts';

/** When the image is committed, all that crac-init has measured is written. */
const COMMIT = /^POST \/commit\?.*container=(crac-bake-\w+-bake)&/;
const DUMP = /^POST \/containers\/crac-bake-\w+-bake\/exec$/;

const beforeCommit = (work: (engine: SmallEngine, container: string) => Promise<void>) => (engine: SmallEngine) => [
  { at: COMMIT, effect: { first: (request: string) => work(engine, COMMIT.exec(request)?.[1] ?? '') }, lasts: 'once' as const },
];

/** Kills the first process with these words that the dump brings up. */
const killedInDump =
  (...words: string[]) =>
  (engine: SmallEngine) => {
    const first = async () => {
      // CRIU is a child of the container's first process, and may be gone before all processes of the engine are looked through.
      const init = await findFirst(engine.pid, ['/opt/crac-bake/crac-init', 'run']);
      void killFirst(init ?? engine.pid, words);
    };
    return [{ at: DUMP, effect: { first }, lasts: 'once' as const }];
  };

export const CHECKPOINT_SCENARIOS: readonly EngineScenario[] = [
  {
    row: 26,
    title: 'CRIU is killed while it writes the checkpoint',
    ...fails('criu-failed'),
    faults: killedInDump('/opt/crac-bake/criu/criu', 'dump'),
  },
  {
    row: 27,
    title: 'the pages file is cut off after the dump',
    quick: true,
    ...fails('restore-failed'),
    faults: beforeCommit((engine, container) => damage(engine, container, 'pages-1.img', (content) => content.subarray(0, -4096))),
  },
  {
    row: 27,
    title: 'one bit of the pages file is another after the dump',
    ...fails('checkpoint-incomplete'),
    faults: beforeCommit((engine, container) =>
      damage(engine, container, 'pages-1.img', (content) => {
        // In the last page, of which nothing is needed to answer.
        content[content.length - 1] = (content.at(-1) ?? 0) ^ 1;
        return content;
      }),
    ),
  },
  {
    row: 28,
    title: 'a file of the checkpoint is missing',
    ...fails('restore-failed'),
    faults: beforeCommit((engine, container) => removeFile(engine, container, /^core-/)),
  },
  {
    row: 28,
    title: 'a file of the checkpoint is empty',
    ...fails('restore-failed'),
    faults: beforeCommit((engine, container) => damage(engine, container, 'inventory.img', () => Buffer.alloc(0))),
  },
];

export const KILLED_APP: Scenario = {
  row: 26,
  title: 'the app’s container is killed during the dump',
  ...fails('app-exited-at-checkpoint'),
};
