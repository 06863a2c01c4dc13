// A real engine whose bounding set is limited, as in a container that is not privileged.

import test from 'ava';
import { crac } from '../docker/support/cli.ts';
import { HELD_BACK } from './privileges.scenarios.ts';
import { failsAs } from './support/assert.ts';
import { type Bench, startBench, stateOf } from './support/bench.ts';

let bench: Bench;

test.before(async () => {
  bench = await startBench(['crac-bake-test/tiny:app'], { without: ['CHECKPOINT_RESTORE'] });
});

test.after.always(() => bench?.stop());

test(`${HELD_BACK.row}: ${HELD_BACK.title}`, async (t) => {
  await failsAs(t, bench, HELD_BACK, ['--image', 'crac-bake-test/tiny:app', '--ready', 'log:^listening', '--tag', 'fault:tag']);
});

test('20: doctor names the capability that the engine lacks, and what to do', async (t) => {
  const before = await stateOf(bench);
  const { exitCode, stdout } = await crac(['doctor'], { env: bench.env });
  t.is(exitCode, 3, stdout);
  t.regex(stdout, /✗ .*CHECKPOINT_RESTORE/);
  t.regex(stdout, /→ .*--privileged/);
  t.regex(stdout, /\[docker-caps-not-held\] docs\/failures\.md#docker-caps-not-held$/m);
  t.deepEqual(await stateOf(bench), before);
});
