// Two JVMs in one container: none is chosen by guessing.

import test from 'ava';
import { bake } from '../docker/support/cli.ts';
import { SEVERAL_JVMS, TWO_JVMS } from './jvms.scenarios.ts';
import { failsAs } from './support/assert.ts';
import { type Bench, checkHost, imageWith, startBench, stateOf } from './support/bench.ts';
import { titleOf } from './support/scenario.ts';

let bench: Bench;

test.before(async () => {
  bench = await startBench(['crac-bake-test/tiny:app', 'crac-bake-test/plain-http:app']);
  await checkHost(bench);
  await imageWith(bench, TWO_JVMS, 'crac-bake-test/plain-http:app');
});

const ARGS = ['--image', 'fault:app', '--ready', 'log:listening on port 8081', '--warmup-count', '0', '--tag', 'two:jvms'];

test.after.always(() => bench?.stop());

test(titleOf(SEVERAL_JVMS), async (t) => {
  await failsAs(t, bench, SEVERAL_JVMS, ARGS);
});

test('31: of two JVMs the one is asked for its hooks that the pattern names', async (t) => {
  const { exitCode, report, stderr } = await bake([...ARGS, '--process', 'port=8081'], { env: bench.env });
  t.is(exitCode, 0, stderr);
  t.is(report.hooks?.resources.length, 1);
  await bench.engine.docker('rmi', 'two:jvms');
});

test('31: a pattern that names no JVM is no reason to bake without hooks', async (t) => {
  const before = await stateOf(bench);
  const { exitCode, report } = await bake([...ARGS, '--process', 'port=9999'], { env: bench.env });
  t.like({ exitCode, code: report.error?.code }, { exitCode: 14, code: 'agent-missing' });
  t.regex(report.error?.message ?? '', /^No JVM whose command line matches "port=9999" has started the context agent$/);
  t.deepEqual((await stateOf(bench)).containers, before.containers);
});
