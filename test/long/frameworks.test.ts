// Apps of other frameworks than Spring MVC: each bakes without a word about it, and restores with the fallback off.

import test from 'ava';
import { FRAMEWORKS } from '../../scripts/setup/app-list.mjs';
import { bakeWell } from '../docker/support/cli.ts';
import { docker, runRestored, untilAnswers } from '../docker/support/engine.ts';

/** `ticks` are those of the framework’s own timer, 0 in apps without one. */
interface Info {
  readonly pid: number;
  readonly jvmStartTime: number;
  readonly counter: number;
  readonly ticks: number;
}

const TICK_MS = 100;

for (const framework of FRAMEWORKS) {
  test(framework, async (t) => {
    const startedAt = Date.now();
    const name = `crac-bake-it/frameworks:${framework}`;
    const report = await bakeWell([
      '--image',
      `crac-bake-test/frameworks:${framework}`,
      '--tag',
      name,
      '--ready',
      'http:8080/info',
      '--warmup-request',
      '/',
    ]);
    const bakedAt = Date.now();
    const container = await runRestored(name);
    try {
      const info = JSON.parse(await untilAnswers(container, '/info')) as Info;
      t.is(info.pid, report.checkpoint?.pid ?? 0);
      t.true(info.jvmStartTime < bakedAt, 'the JVM is that of the bake');
      t.is(info.counter, 200, 'it goes on counting');
      t.regex(await untilAnswers(container, '/'), /^hello 201/);
      const { ticks } = JSON.parse(await untilAnswers(container, '/info')) as Info;
      t.true(ticks <= (Date.now() - startedAt) / TICK_MS + 1, `a timer has made up for runs that it missed: ${ticks} ticks`);
      t.is((await container.stop()).exitCode, 143);
    } finally {
      await container.remove();
      await docker('rmi', '--force', name);
    }
    const { coldMs, restoredMs } = report.firstResponse ?? {};
    t.log(`cold ${coldMs?.toFixed(0)} ms, restored ${restoredMs?.toFixed(0)} ms, hooks ${report.hooks?.resources.length ?? 'none'}`);
  });
}
