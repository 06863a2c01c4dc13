// docs/reliability.md: what is done to a bake, and what comes of it.

import { APP_SCENARIOS } from '../../test/faults/app.scenarios.ts';
import { CHECKPOINT_SCENARIOS, KILLED_APP } from '../../test/faults/checkpoint.scenarios.ts';
import { COVERED } from '../../test/faults/covered.ts';
import { AWAY_BETWEEN_TAGS, ENGINE_SCENARIOS } from '../../test/faults/engine.scenarios.ts';
import { AFTER_ONE_SIGNAL_S, AFTER_TWO_SIGNALS_S, INTERRUPTIONS } from '../../test/faults/interruption.scenarios.ts';
import { SEVERAL_JVMS } from '../../test/faults/jvms.scenarios.ts';
import { CANCELLED, KILLED, NO_INODES } from '../../test/faults/left.scenarios.ts';
import { HELD_BACK } from '../../test/faults/privileges.scenarios.ts';
import { ROWS } from '../../test/faults/rows.ts';
import { cell, table } from './table.ts';

interface Entry {
  readonly row: number;
  readonly title: string;
  readonly outcome: string;
  readonly within: string;
}

function entries(): Entry[] {
  const failing = [
    SEVERAL_JVMS,
    ...ENGINE_SCENARIOS,
    AWAY_BETWEEN_TAGS,
    HELD_BACK,
    ...CHECKPOINT_SCENARIOS,
    KILLED_APP,
    ...APP_SCENARIOS,
    NO_INODES,
  ].map(({ row, title, code, exitCode, withinS }) => ({
    row,
    title,
    outcome: `\`${code}\`, exit code ${exitCode}`,
    within: `${withinS} s`,
  }));
  const interrupted = INTERRUPTIONS.map(({ row, title, signals, leaves }) => ({
    row,
    title,
    outcome: `\`interrupted\`, exit code 130${leaves ? '; `crac-bake clean` removes what is left' : ''}`,
    within: `${signals.length > 1 ? AFTER_TWO_SIGNALS_S : AFTER_ONE_SIGNAL_S} s after the signal`,
  }));
  const killed = KILLED.map(({ row, title, removedBy, withinS }) => ({
    row,
    title,
    outcome: `${removedBy} removes what is left`,
    within: `${withinS} s`,
  }));
  const others = [
    { row: 4, title: 'every answer of the engine takes 200 ms more', outcome: 'it is baked', within: '' },
    { ...CANCELLED, outcome: '`interrupted`; the post step finds nothing', within: `${CANCELLED.withinS} s after the signal` },
    { row: 31, title: 'two JVMs, and --process names one', outcome: 'it is baked, with the hooks of that one', within: '' },
    { row: 31, title: 'two JVMs, and --process names none', outcome: '`agent-missing`, exit code 14', within: '' },
    { row: 36, title: 'two bakes of one image on one engine', outcome: 'both are baked, each with its own image', within: '' },
  ];
  const covered = COVERED.map(({ row, title, outcome }) => ({ row, title, outcome, within: '' }));
  return [...covered, ...failing, ...interrupted, ...killed, ...others].sort((a, b) => a.row - b.row);
}

/** docs/reliability.md. */
export function renderReliability(): string {
  const rows = entries().map(({ row, title, outcome, within }, index, all) => [
    all[index - 1]?.row === row ? '' : (ROWS[row] ?? ''),
    cell(title),
    cell(outcome),
    within,
  ]);
  return [
    '<!-- Made by npm run docs from the tables in test/faults. -->',
    '# Reliability',
    '',
    'Each of these faults is brought about by a test (`npm run test:faults`, most of them on a Docker Engine of its own; `npm test` has the others, and a quick part of these). Each asserts',
    'outcome and exit code, that the failure is one readable sentence with a remedy, that no tag was moved, and that the host is afterwards as it was before:',
    'containers, images, volumes, networks, temporary files, processes.',
    '',
    ...table([['fault', 'what happens', 'what comes of it', 'within'], ...rows]),
    '',
    '## How the clean-up goes',
    '',
    '* Everything that a run makes carries its id. At the end, whatever the outcome, all of it is removed.',
    '* An engine that was restarted is waited for, up to 20 s. Where none comes back, a warning says so, and `crac-bake clean` removes the rest later; so does the post step of the action.',
    '* One SIGINT or SIGTERM: what could make something on the engine even without its client (create, commit) may end, for 2.5 s; after 6 s in all the clean-up is over.',
    '* A second signal ends those commands at once and leaves the clean-up 1.5 s. A hosted runner sends SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL.',
    '* No docker command waits without end: `--engine-timeout` for an answer, more for pulls and commits, crac-init’s own deadlines for hooks and dump. Only a build may take as long as it likes.',
    '* The proof reads every byte of the checkpoint in the image and compares it with the digests of the dump; a restore looks at lengths.',
    '',
  ].join('\n');
}
