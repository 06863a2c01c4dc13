// Scenarios of an app that cannot be frozen, or not with what its container has; and two bakes at once.

import test from 'ava';
import { bake } from '../docker/support/cli.ts';
import { APP_SCENARIOS } from './app.scenarios.ts';
import { failsAs } from './support/assert.ts';
import { type Bench, checkHost, imageWith, startBench, stateOf, throughProxy } from './support/bench.ts';
import { titleOf } from './support/scenario.ts';

const READY = ['--ready', 'log:^listening', '--warmup-count', '0'];

let bench: Bench;

test.before(async () => {
  bench = await startBench(['crac-bake-test/tiny:app']);
  await checkHost(bench);
});

test.after.always(() => bench?.stop());

for (const { program, ...scenario } of APP_SCENARIOS) {
  test(titleOf(scenario), async (t) => {
    const image = program === undefined ? 'crac-bake-test/tiny:app' : await imageWith(bench, program);
    await throughProxy(bench, scenario.faults(bench.engine), async (sick) => {
      const { report } = await failsAs(t, sick, scenario, ['--image', image, ...READY, '--tag', 'fault:tag']);
      t.deepEqual([...report.warnings], []);
    });
  });
}

test('36: two bakes of one image at once', async (t) => {
  const before = await stateOf(bench);
  const tags = ['two:a', 'two:b'];
  const runs = await Promise.all(
    tags.map((tag) => bake(['--image', 'crac-bake-test/tiny:app', ...READY, '--tag', tag], { env: bench.env })),
  );
  for (const [index, { exitCode, report, stderr }] of runs.entries()) {
    t.is(exitCode, 0, stderr);
    t.like(report, { outcome: 'baked', tags: [tags[index]], warnings: [] });
    t.is(report.image?.id, await bench.engine.docker('image', 'inspect', '--format', '{{.Id}}', tags[index] ?? ''));
  }
  t.not(runs[0]?.report.image?.id, runs[1]?.report.image?.id);
  await bench.engine.docker('rmi', ...tags);
  t.deepEqual(await stateOf(bench), before);
});
