// Spring Boot on a stock JDK without org.crac among its dependencies: root and non-root, hooks, environment, stop, a registry on the way.

import { performance } from 'node:perf_hooks';
import test from 'ava';
import type { BakeReport } from '../../src/report/report.ts';
import { bakeWell } from './support/cli.ts';
import { docker, processStatus, runContainer, runRestored, untilAnswers } from './support/engine.ts';

const IMAGE = 'crac-bake-it/spring:nonroot';

interface Info {
  readonly pid: number;
  readonly jvmStartTime: number;
  readonly counter: number;
  readonly uid: number | string;
  readonly CapEff: string;
}

let report: BakeReport;

test.before(async () => {
  report = await bakeWell([
    ...['--image', 'crac-bake-test/spring-hello:nonroot', '--tag', IMAGE, '--env', 'ONLY_AT_BAKE=yes', '--env', 'BOTH=bake'],
    ...['--warmup-request', '/', '--warmup-request', '/info', '--warmup-count', '50'],
  ]);
});

test.after.always(async () => {
  await docker('rmi', '--force', IMAGE);
});

const info = async (container: Parameters<typeof untilAnswers>[0]) => JSON.parse(await untilAnswers(container, '/info')) as Info;

test('the report lists the hooks that ran with their times, though the app does not depend on org.crac', (t) => {
  const classes = report.hooks?.resources.map((resource) => resource.class) ?? [];
  t.true(
    classes.some((name) => name.includes('springframework')),
    classes.join(', '),
  );
  t.true(report.hooks?.resources.every((resource) => resource.elapsedMs >= 0 && resource.outcome === 'ok'));
});

test('the report has the time of each step', (t) => {
  t.deepEqual(report.steps.map(({ step }) => step).sort(), [
    'assemble',
    'build',
    'check-host',
    'drain',
    'dump',
    'prove',
    'ready',
    'start',
    'tag',
    'trigger',
    'verify',
    'warm-up',
  ]);
  t.true(report.steps.every(({ elapsedMs }) => elapsedMs >= 0));
});

test('a restored process is the one of the bake: same PID, same JVM start time, state from before, no capability, uid of the image', async (t) => {
  const first = await runRestored(IMAGE);
  const second = await runRestored(IMAGE);
  try {
    const [a, b] = [await info(first), await info(second)];
    t.is(a.pid, report.checkpoint?.pid ?? 0);
    t.is(a.pid, b.pid);
    t.is(a.jvmStartTime, b.jvmStartTime, 'both go on from one start of a JVM');
    t.true(a.jvmStartTime < Date.now() - performance.now() + first.startedAt, 'the JVM is older than its container');
    t.true(a.counter >= 50, `the counter goes on: ${a.counter}`);
    const status = await processStatus(first, a.pid);
    t.is(status.get('CapEff'), '0000000000000000');
    t.is(status.get('Uid')?.split('\t')[0], '1000');
    t.is(await first.inspect('{{.HostConfig.Privileged}}'), 'false');
  } finally {
    await Promise.all([first.remove(), second.remove()]);
  }
});

test('variables of the new container are seen by the app and by its children, those of the bake are gone', async (t) => {
  const container = await runRestored(IMAGE, { flags: ['--env', 'NEW_ONE=fresh', '--env', 'BOTH=run'] });
  try {
    for (const path of ['/env', '/child-env']) {
      t.is((await untilAnswers(container, `${path}/NEW_ONE`)).trim(), 'fresh', path);
      t.is((await untilAnswers(container, `${path}/BOTH`)).trim(), 'run', path);
      t.is((await untilAnswers(container, `${path}/ONLY_AT_BAKE`)).trim(), '', path);
      t.is((await untilAnswers(container, `${path}/JAVA_TOOL_OPTIONS`)).trim(), '', path);
      t.is((await untilAnswers(container, `${path}/CRAC_INIT_RESTORE`)).trim(), '', path);
    }
  } finally {
    await container.remove();
  }
});

test('nothing of the bake is in the image’s configuration', async (t) => {
  const of = async (image: string, format: string) => docker('image', 'inspect', '--format', format, image);
  for (const format of [
    '{{json .Config.Env}}',
    '{{.Config.User}}',
    '{{.Config.WorkingDir}}',
    '{{json .Config.ExposedPorts}}',
    '{{json .Config.Healthcheck}}',
    '{{.Config.StopSignal}}',
    '{{json .Config.Volumes}}',
  ]) {
    t.is(await of(IMAGE, format), await of('crac-bake-test/spring-hello:nonroot', format), format);
  }
});

test('log lines after the restore are in docker logs, and docker stop ends it in under a second with 143', async (t) => {
  const container = await runRestored(IMAGE);
  try {
    await untilAnswers(container, '/log?text=written-after-the-restore');
    t.regex(await container.logs(), /written-after-the-restore/);
    const { elapsedMs, exitCode } = await container.stop();
    t.is(exitCode, 143);
    t.true(elapsedMs < 1000, `docker stop took ${elapsedMs} ms`);
  } finally {
    await container.remove();
  }
});

test('timers of the restored process tick within a second', async (t) => {
  const container = await runRestored(IMAGE);
  try {
    const tick = async () => (JSON.parse(await untilAnswers(container, '/tick')) as { count: number }).count;
    const before = await tick();
    const end = performance.now() + 1000;
    let after = before;
    while (after === before && performance.now() < end) after = await tick();
    t.true(after > before, `${before} ticks, a second later ${after}`);
  } finally {
    await container.remove();
  }
});

test('CRAC_INIT_RESTORE=off starts the app normally and silently, with a new JVM', async (t) => {
  const container = await runContainer(IMAGE, { flags: ['--cap-drop', 'ALL', '--env', 'CRAC_INIT_RESTORE=off'] });
  try {
    const { jvmStartTime } = await info(container);
    t.true(jvmStartTime > Date.now() - (performance.now() - container.startedAt) - 1000, 'the JVM is new');
    t.notRegex(await container.logs(), /crac-init/);
    t.is((await untilAnswers(container, '/env/JAVA_TOOL_OPTIONS')).trim(), '');
  } finally {
    await container.remove();
  }
});
