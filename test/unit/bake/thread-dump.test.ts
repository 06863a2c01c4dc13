import { readFileSync } from 'node:fs';
import test from 'ava';
import { threadsInHooks } from '../../../src/bake/checkpoint.ts';

/** A log with a thread dump, as HotSpot 17 wrote it while a hook waited for a lock; empty lines are out, as `lastLog` leaves them out. */
const LOG = readFileSync(new URL('../../fixtures/thread-dump-hotspot-17.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

test('of a thread dump only the threads in a hook are shown, whole', (t) => {
  const lines = threadsInHooks(LOG);
  t.regex(lines[0] ?? '', /^"crac-bake checkpoint" /);
  t.is(lines.filter((line) => line.startsWith('"')).length, 1);
  t.true(lines.some((line) => line.includes('at Hang$PoolResource.beforeCheckpoint(Hang.java:')));
  t.true(lines.some((line) => line.includes('java.lang.Thread.State: WAITING')));
  t.true(lines.length < 15);
});

test('of two thread dumps the last one counts', (t) => {
  const older = LOG.map((line) => line.replace('crac-bake checkpoint', 'older'));
  t.deepEqual(threadsInHooks([...older, ...LOG]), threadsInHooks(LOG));
});

test('where no thread is in a hook, the dump’s beginning is shown', (t) => {
  const log = LOG.map((line) => line.replace('beforeCheckpoint', 'other'));
  const lines = threadsInHooks(log);
  t.regex(lines[0] ?? '', /^Full thread dump/);
  t.is(lines.length, 80);
});

test('without a thread dump the log’s end is shown', (t) => {
  const log = Array.from({ length: 60 }, (_, index) => `line ${index}`);
  t.deepEqual(threadsInHooks(log), log.slice(-50));
  t.deepEqual(threadsInHooks([]), []);
});
