// General patterns, not exact strings: other wordings, in the dress of other tools, and among noise.

import test from 'ava';
import { CATALOGUE } from '../../../src/diagnose/catalogue.ts';
import { diagnoseText } from '../../../src/diagnose/diagnose.ts';
import { DRESSES, WORDINGS } from './wordings.ts';

/** Whether an id is the wanted one or a more specific case of it. */
const fits = (id: string | undefined, wanted: string) => id === wanted || id?.startsWith(`${wanted}-`) === true;

test('the wordings name entries that there are', (t) => {
  const ids = new Set(CATALOGUE.map(({ id }) => id));
  for (const [id] of WORDINGS) t.true(ids.has(id), id);
  t.true(WORDINGS.length > 80);
});

for (const [dress, put] of Object.entries(DRESSES)) {
  test(`every wording finds its entry: ${dress}`, (t) => {
    for (const [id, log] of WORDINGS) {
      const dressed = log.split('\n').map(put).join('\n');
      const found = diagnoseText(dressed).root?.id;
      t.true(fits(found, id), `${id}, not ${found}: ${dressed}`);
    }
  });
}

const UMBRELLAS = [
  '(00.901000) Error (criu/cr-dump.c:2111): Dumping FAILED.',
  'Error response from daemon: Cannot checkpoint container shop: runc did not terminate successfully: exit status 1: criu failed: type DUMP errno 0',
  'jdk.crac.CheckpointException: null',
  'Error: Process completed with exit code 1.',
];

const NOISE = [
  '2026-11-28 11:22:30.001  INFO 7 --- [main] com.acme.Shop : Starting Shop using Java 21.0.6 with PID 7',
  '2026-11-28 11:22:31.881  WARN 7 --- [main] o.h.e.j.e.i.JdbcEnvironment : HHH000342: Could not obtain connection to query metadata',
  "(00.000331) Error (criu/util.c:1533): rlimit: Can't setup RLIMIT_NOFILE for self: Operation not permitted",
  '(00.003001) Warn  (criu/kerndat.c:1204): compat_cr is not supported. Requires kernel >= v4.12',
];

test('with noise before it and umbrellas around it, the root stays the root', (t) => {
  for (const [id, log] of WORDINGS) {
    const { rank } = CATALOGUE.find((entry) => entry.id === id) ?? {};
    if (!log.includes('Error (criu/') || rank !== undefined) continue;
    for (const mixed of [
      [...NOISE, log, ...UMBRELLAS],
      [...UMBRELLAS, ...NOISE, log],
    ]) {
      const found = diagnoseText(mixed.join('\n')).root?.id;
      t.true(fits(found, id), `${id}, not ${found}: ${mixed.join('\n')}`);
    }
  }
});
