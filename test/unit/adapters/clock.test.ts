import test from 'ava';
import { clock } from '../../../src/adapters/clock.ts';

test('time goes on while it sleeps', async (t) => {
  const before = clock.now();
  await clock.sleep(20);
  // Timers of Node round, so that one may end a little early.
  t.true(clock.now() - before >= 18);
});

test('an abort ends the sleep with its reason', async (t) => {
  const user = new AbortController();
  const reason = new Error('SIGINT');
  const sleeping = clock.sleep(60_000, user.signal);
  user.abort(reason);
  t.is(await t.throwsAsync(sleeping), reason);
  t.is(await t.throwsAsync(clock.sleep(60_000, user.signal)), reason);
});

test('a sleep longer than timers can count does not end at once', async (t) => {
  const user = new AbortController();
  const sleeping = clock.sleep(2 ** 40, user.signal);
  const first = await Promise.race([
    sleeping.then(
      () => 'ended',
      () => 'aborted',
    ),
    clock.sleep(20).then(() => 'sleeps'),
  ]);
  t.is(first, 'sleeps');
  user.abort(new Error('enough'));
  await t.throwsAsync(sleeping, { message: 'enough' });
});
