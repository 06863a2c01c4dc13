// docs/promises.md: what must restore, and what may start normally instead.

import { FALLBACKS } from '../../test/promises/fallbacks.ts';
import { RESTORES } from '../../test/promises/restores.ts';
import { cell, table } from './table.ts';

/** docs/promises.md. */
export function renderPromises(): string {
  return [
    '<!-- Made by npm run docs from the tables in test/promises. -->',
    '# Promises',
    '',
    'Where a restore image restores, and where it may start its app normally instead. Each row is a test of `npm test` (`test/docker/promises.test.ts`) with a real engine and a real CRIU: one image of',
    'a plain JDK server, baked once as uid 1000, run under [the privileges that are printed](restore-image.md#privileges).',
    '',
    '## It restores',
    '',
    'The fallback is off (`CRAC_INIT_RESTORE=require`). In every row the process is that of the bake: the same PID, the same start time of the JVM, what it had counted before the dump; and it holds no capability.',
    '',
    ...table([['where', 'what is seen'], ...RESTORES.map(({ title, outcome }) => [cell(title), cell(outcome)])]),
    '',
    '## It may start normally',
    '',
    'Here it does, with one line on stderr, `crac-init: not restored (ID): CAUSE; starting normally`, and never hangs. Where the gate says no, before CRIU is started, the app answers at most 100 ms later than',
    'without a checkpoint (`test/docker/fallback.test.ts`); else that much later than CRIU’s failure, or the restore’s deadline. What each ID means is in [the restore image](restore-image.md), what to do about it among',
    'the [known failures](failures.md#restore). `crac-bake inspect IMAGE --check` asks the gate beforehand.',
    '',
    ...table([
      ['why', 'ID', 'by'],
      ...FALLBACKS.map(({ title, id, gate }) => [cell(title), `\`${id}\``, gate ? 'the gate' : 'CRIU’s failure']),
    ]),
    '',
  ].join('\n');
}
