// Scenarios of a damaged checkpoint.

import test from 'ava';
import { CHECKPOINT_SCENARIOS, KILLED_APP } from './checkpoint.scenarios.ts';
import { failsAs } from './support/assert.ts';
import { type Bench, checkHost, startBench, throughProxy } from './support/bench.ts';
import { titleOf } from './support/scenario.ts';

/** 200 MB of random memory, so that the dump takes a moment. */
const LARGE = ['perl', '-e', 'open R,"/dev/urandom"; read R,$m,2e6; $m x= 100; $|=1; print "listening\n"; sleep 1 while 1'];
const ARGS = ['--ready', 'log:^listening', '--warmup-count', '0', '--tag', 'fault:tag'];

let bench: Bench;

test.before(async () => {
  bench = await startBench(['crac-bake-test/tiny:app']);
  await checkHost(bench);
  await bench.engine.docker('create', '--name', 'large', 'crac-bake-test/tiny:app');
  await bench.engine.docker('commit', '--change', `ENTRYPOINT ${JSON.stringify(LARGE)}`, 'large', 'large:app');
  await bench.engine.docker('rm', 'large');
});

test.after.always(() => bench?.stop());

for (const scenario of CHECKPOINT_SCENARIOS) {
  test(titleOf(scenario), async (t) => {
    const image = scenario.row === 26 ? 'large:app' : 'crac-bake-test/tiny:app';
    await throughProxy(bench, scenario.faults(bench.engine), async (sick, proxy) => {
      const { report, stderr } = await failsAs(t, sick, scenario, ['--image', image, ...ARGS]);
      t.true(proxy.hits.length > 0, 'the fault came about');
      t.deepEqual([...report.warnings], []);
      if (scenario.row === 27 || scenario.row === 28) t.regex(stderr, /(pages-1|core-\d+|inventory)\.img/);
    });
  });
}

test(`${KILLED_APP.row}: ${KILLED_APP.title}`, async (t) => {
  const kill = async () => {
    const name = await bench.engine.docker('ps', '--filter', 'name=-bake', '--format', '{{.Names}}');
    setTimeout(() => bench.engine.docker('kill', name).catch(() => {}), 30);
  };
  await throughProxy(bench, [{ at: /^POST \/exec\/\w+\/start/, effect: { first: kill }, lasts: 'once' }], (sick) =>
    failsAs(t, sick, KILLED_APP, ['--image', 'large:app', ...ARGS]),
  );
});
