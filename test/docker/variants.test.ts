// Variants of bake and image, each with a real restore: triggers, volumes, privileges, a JRE, an image without shell.

import test from 'ava';
import { bakeWell } from './support/cli.ts';
import { docker, runContainer, runRestored, untilAnswers, untilLogged } from './support/engine.ts';

interface Info {
  readonly pid: number;
  readonly jvmStartTime: number;
  readonly counter: number;
  readonly CapEff: string;
}

/** Bakes, restores with the fallback off, and hands the container to the assertions. */
async function baked(
  t: { log: (...lines: string[]) => void },
  image: string,
  tag: string,
  args: readonly string[],
  check: (container: Awaited<ReturnType<typeof runRestored>>, report: Awaited<ReturnType<typeof bakeWell>>) => Promise<void>,
): Promise<void> {
  const name = `crac-bake-it/variants:${tag}`;
  const report = await bakeWell(['--image', image, '--tag', name, ...args]);
  const container = await runRestored(name);
  try {
    // The app's listener may be open all the time: the first requests may be faster than the agent.
    await untilLogged(container, /^crac-init: restored pid/m);
    await check(container, report);
  } finally {
    await container.remove();
    await docker('rmi', '--force', name);
  }
  t.log(`cold ${report.firstResponse?.coldMs?.toFixed(0)} ms, restored ${report.firstResponse?.restoredMs?.toFixed(0)} ms`);
}

const infoOf = async (container: Awaited<ReturnType<typeof runRestored>>) => JSON.parse(await untilAnswers(container, '/info')) as Info;

test('files in an image’s volume are there after the restore, and the process goes on writing to the one that it had open', async (t) => {
  await baked(t, 'crac-bake-test/plain-http:volumes', 'volumes', ['--warmup-count', '5'], async (container, report) => {
    const { pid } = await infoOf(container);
    t.is(pid, report.checkpoint?.pid ?? 0);
    const lines = (await untilAnswers(container, '/log-file')).trim().split('\n').length;
    const later = (await untilAnswers(container, '/log-file')).trim().split('\n').length;
    t.true(lines >= 5, `${lines} lines from the bake and after it`);
    t.true(later > lines);
    t.is(await docker('image', 'inspect', '--format', '{{json .Config.Volumes}}', 'crac-bake-it/variants:volumes'), '{"/data":{}}');
  });
});

test('trigger app: the app asks by Core.checkpointRestore()', async (t) => {
  const command = `node -e "fetch(process.env.CRAC_BAKE_URL+'/checkpoint')"`;
  await baked(
    t,
    'crac-bake-test/plain-http:app',
    'app-trigger',
    ['--trigger', 'app', '--warmup-command', command, '--env', 'APP_HOOK=ok'],
    async (container, report) => {
      t.is((await infoOf(container)).pid, report.checkpoint?.pid ?? 0);
      t.is(report.hooks?.resources.length, 1);
      t.regex(await untilAnswers(container, '/hooks'), /afterRestore/);
    },
  );
});

test('trigger on-refresh: Spring asks at the end of its refresh, before anything was served', async (t) => {
  await baked(
    t,
    'crac-bake-test/spring-hello:app',
    'on-refresh',
    ['--trigger', 'on-refresh', '--ready', 'http:8080/'],
    async (container, report) => {
      const { pid, counter } = await infoOf(container);
      t.is(pid, report.checkpoint?.pid ?? 0);
      t.is(report.firstResponse?.coldMs, null);
      t.true(counter <= 2, `nothing was asked at the bake: ${counter}`);
    },
  );
});

test('baked under --privileged, restored under two capabilities', async (t) => {
  await baked(t, 'crac-bake-test/plain-http:nonroot', 'privileged', ['--privileges', 'privileged'], async (container, report) => {
    const { pid, CapEff } = await infoOf(container);
    t.is(pid, report.checkpoint?.pid ?? 0);
    t.regex(CapEff, /^0+$/);
  });
});

test('an image with a JRE without jcmd, on the host’s clock, by the same three capabilities at bake', async (t) => {
  await baked(t, 'crac-bake-test/plain-http:jre', 'jre', ['--clock', 'host'], async (container, report) => {
    t.is((await infoOf(container)).pid, report.checkpoint?.pid ?? 0);
    t.is(report.checkpoint?.clock, 'host');
  });
});

test('an image without shell and libraries', async (t) => {
  await baked(t, 'crac-bake-test/busybox:app', 'scratch', [], async (container, report) => {
    await untilAnswers(container, '/');
    t.regex(await container.logs(), new RegExp(`^crac-init: restored pid ${report.checkpoint?.pid} `, 'm'));
  });
});

test('what is given after the image’s name reaches the app when it starts normally, in place of the command', async (t) => {
  const name = 'crac-bake-it/variants:arguments';
  await bakeWell(['--image', 'crac-bake-test/plain-http:app', '--tag', name, '--warmup-count', '1']);
  const container = await runContainer(name, { flags: ['--cap-drop', 'ALL'], command: ['fail-path=/forbidden'] });
  try {
    await untilLogged(container, /crac-init: not restored \(capabilities\)/);
    await untilAnswers(container, '/forbidden', { status: 500 });
    const status = await container.exec('cat', '/proc/1/status');
    t.regex(status, /^CapEff:\s+0+$/m, 'the app itself is PID 1 and holds nothing of ours');
    t.regex(status, /^CapBnd:\s+0+$/m);
  } finally {
    await container.remove();
    await docker('rmi', '--force', name);
  }
});

test('20 restores of one image do not disturb each other’s state (long)', async (t) => {
  const name = 'crac-bake-it/variants:many';
  await bakeWell(['--image', 'crac-bake-test/tiny:app', '--tag', name, '--warmup-count', '10']);
  const containers = await Promise.all(Array.from({ length: 20 }, () => runRestored(name)));
  try {
    const counters = await Promise.all(
      containers.map(async (container) => (JSON.parse(await untilAnswers(container, '/info')) as Info).counter),
    );
    t.is(new Set(counters).size, 1, `all go on from the same count: ${counters.join(', ')}`);
  } finally {
    await Promise.all(containers.map((container) => container.remove()));
    await docker('rmi', '--force', name);
  }
});
