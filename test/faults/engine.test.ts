// Scenarios of a sick engine, through a proxy on its socket and by killing its daemon.

import test from 'ava';
import { bake, crac } from '../docker/support/cli.ts';
import { ENGINE_SCENARIOS } from './engine.scenarios.ts';
import { failsAs } from './support/assert.ts';
import { type Bench, startBench, stateOf, throughProxy } from './support/bench.ts';

const TINY = ['--image', 'crac-bake-test/tiny:app', '--ready', 'log:^listening', '--warmup-count', '0', '--tag', 'fault:tag'];

let bench: Bench;

test.before(async () => {
  bench = await startBench(['crac-bake-test/tiny:app']);
});

test.after.always(() => bench?.stop());

for (const scenario of ENGINE_SCENARIOS) {
  test(`${scenario.row}: ${scenario.title}`, async (t) => {
    const before = await stateOf(bench);
    const { report } = await throughProxy(bench, scenario.faults(bench.engine), async (sick, proxy) => {
      const failed = await failsAs(t, sick, scenario, [...TINY, ...(scenario.args ?? [])], scenario.staysAway ? { leaves: true } : {});
      t.true(proxy.hits.length > 0, 'the fault came about');
      return failed;
    });
    if (!scenario.staysAway) return t.deepEqual([...report.warnings], []);
    t.regex(report.warnings.join('\n'), /^The clean-up failed: .* Run crac-bake clean\.$/m);
    const { exitCode, stdout } = await crac(['clean'], { env: bench.env });
    t.is(exitCode, 0, stdout);
    t.deepEqual(await stateOf(bench), before);
  });
}

test('4: a slow engine does no harm', async (t) => {
  const { exitCode, report, stderr } = await throughProxy(bench, [{ at: /./, effect: { delayMs: 200 }, lasts: 'always' }], (slow) =>
    bake(TINY, { env: slow.env }),
  );
  t.is(exitCode, 0, stderr);
  t.is(report.outcome, 'baked');
  await bench.engine.docker('rmi', 'fault:tag');
});
