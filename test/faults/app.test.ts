// Scenarios of an app that cannot be frozen, or not with what its container has; and two bakes at once.

import test from 'ava';
import { bake } from '../docker/support/cli.ts';
import { APP_SCENARIOS, TWO_JVMS } from './app.scenarios.ts';
import { failsAs } from './support/assert.ts';
import { type Bench, checkHost, startBench, stateOf, throughProxy } from './support/bench.ts';
import { titleOf } from './support/scenario.ts';

const READY = ['--ready', 'log:^listening', '--warmup-count', '0'];

let bench: Bench;

/** Makes an image with this program as its entrypoint. */
async function imageWith(program: string, base = 'crac-bake-test/tiny:app'): Promise<string> {
  const { docker } = bench.engine;
  await docker('create', '--name', 'template', base);
  await docker('commit', '--change', `ENTRYPOINT ${JSON.stringify(['perl', '-e', program])}`, 'template', 'fault:app');
  await docker('rm', 'template');
  return 'fault:app';
}

test.before(async () => {
  bench = await startBench(['crac-bake-test/tiny:app', 'crac-bake-test/plain-http:app']);
  await checkHost(bench);
});

test.after.always(() => bench?.stop());

for (const { program, image: base, ...scenario } of APP_SCENARIOS) {
  test(titleOf(scenario), async (t) => {
    const image = program === undefined ? 'crac-bake-test/tiny:app' : await imageWith(program, base);
    await throughProxy(bench, scenario.faults(bench.engine), async (sick) => {
      const { report } = await failsAs(t, sick, scenario, ['--image', image, ...READY, '--tag', 'fault:tag']);
      t.deepEqual([...report.warnings], []);
    });
  });
}

test('31: of two JVMs the one is asked for its hooks that the pattern names', async (t) => {
  const image = await imageWith(TWO_JVMS, 'crac-bake-test/plain-http:app');
  const args = [
    '--image',
    image,
    '--ready',
    'log:listening on port 8081',
    '--warmup-count',
    '0',
    '--tag',
    'two:jvms',
    '--process',
    'port=8081',
  ];
  const { exitCode, report, stderr } = await bake(args, { env: bench.env });
  t.is(exitCode, 0, stderr);
  t.is(report.hooks?.resources.length, 1);
  await bench.engine.docker('rmi', 'two:jvms');
});

test('31: a pattern that names no JVM is no reason to bake without hooks', async (t) => {
  const before = await stateOf(bench);
  const image = await imageWith(TWO_JVMS, 'crac-bake-test/plain-http:app');
  const args = [
    '--image',
    image,
    '--ready',
    'log:listening on port 8081',
    '--warmup-count',
    '0',
    '--tag',
    'two:jvms',
    '--process',
    'port=9999',
  ];
  const { exitCode, report } = await bake(args, { env: bench.env });
  t.like({ exitCode, code: report.error?.code }, { exitCode: 14, code: 'agent-missing' });
  t.regex(report.error?.message ?? '', /^No JVM whose command line matches "port=9999" has started the context agent$/);
  t.deepEqual((await stateOf(bench)).containers, before.containers);
});

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
