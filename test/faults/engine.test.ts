// Scenarios of a sick engine, through a proxy on its socket and by killing its daemon.

import test from 'ava';
import { bake, crac } from '../docker/support/cli.ts';
import { AWAY_BETWEEN_TAGS, ENGINE_SCENARIOS } from './engine.scenarios.ts';
import { failsAs } from './support/assert.ts';
import { type Bench, startBench, stateOf, throughProxy } from './support/bench.ts';
import { titleOf } from './support/scenario.ts';

const TINY = ['--image', 'crac-bake-test/tiny:app', '--ready', 'log:^listening', '--warmup-count', '0', '--tag', 'fault:tag'];

let bench: Bench;

test.before(async () => {
  bench = await startBench(['crac-bake-test/tiny:app']);
  // What no failure may change.
  await bench.engine.docker('tag', 'crac-bake-test/tiny:app', 'fault:tag');
});

test.after.always(() => bench?.stop());

for (const scenario of ENGINE_SCENARIOS) {
  test(titleOf(scenario), async (t) => {
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

test(`${AWAY_BETWEEN_TAGS.row}: ${AWAY_BETWEEN_TAGS.title}`, async (t) => {
  const before = await stateOf(bench);
  const { report } = await throughProxy(bench, AWAY_BETWEEN_TAGS.faults(bench.engine), (sick) =>
    failsAs(t, sick, AWAY_BETWEEN_TAGS, [...TINY, ...(AWAY_BETWEEN_TAGS.args ?? [])], { leaves: true }),
  );
  t.regex(report.warnings.join('\n'), /which was proved: fault:tag; moved or not: fault:second; not moved: fault:third\.$/m);
  await crac(['clean'], { env: bench.env });
  await bench.engine.docker('tag', 'crac-bake-test/tiny:app', 'fault:tag');
  t.deepEqual((await stateOf(bench)).containers, before.containers);
  const dangling = await bench.engine.docker('images', '--quiet', '--filter', 'dangling=true');
  if (dangling !== '') await bench.engine.docker('rmi', dangling);
  t.deepEqual(await stateOf(bench), before);
});

test('4: a slow engine does no harm', async (t) => {
  const { exitCode, report, stderr } = await throughProxy(bench, [{ at: /./, effect: { delayMs: 200 }, lasts: 'always' }], (slow) =>
    bake(TINY, { env: slow.env }),
  );
  t.is(exitCode, 0, stderr);
  t.is(report.outcome, 'baked');
  await bench.engine.docker('rmi', 'fault:tag');
});
