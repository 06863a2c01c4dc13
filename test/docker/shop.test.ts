// The larger Spring app: JPA, a connection pool, a database in memory.

import test from 'ava';
import type { BakeReport } from '../../src/report/report.ts';
import { bakeWell } from './support/cli.ts';
import { docker, runRestored, untilAnswers } from './support/engine.ts';

const IMAGE = 'crac-bake-it/shop:nonroot';
let report: BakeReport;

test.before(async () => {
  report = await bakeWell([
    ...['--image', 'crac-bake-test/spring-shop:nonroot', '--tag', IMAGE, '--ready', 'http:8080/', '--warmup-count', '40'],
    ...['--warmup-request', '/', '--warmup-request', '/api/products', '--env', 'LOGGING_LEVEL_COM_ZAXXER_HIKARI=DEBUG'],
  ]);
});

test.after.always(async () => {
  await docker('rmi', '--force', IMAGE);
});

test('its hooks are in the report with their times, though it does not depend on org.crac', (t) => {
  t.true((report.hooks?.resources.length ?? 0) > 0);
  t.true(report.hooks?.resources.every(({ outcome, elapsedMs }) => outcome === 'ok' && elapsedMs >= 0));
  t.deepEqual(report.connections?.listening, [], 'Tomcat has closed its listener');
});

test('the restored app reads its database, through a pool that is alive', async (t) => {
  const container = await runRestored(IMAGE);
  try {
    t.regex(await untilAnswers(container, '/api/products'), /\[\s*\{/);
    const pool = JSON.parse(await untilAnswers(container, '/pool')) as { total: number };
    t.true(pool.total > 0);
    // It refilled itself after Spring's hook: whole connections, none half made that counts as one of long ago.
    t.notRegex(await container.logs(), /Added connection|passed maxLifetime|that does not exist/);
    const info = JSON.parse(await untilAnswers(container, '/info')) as { pid: number; CapEff: string };
    t.is(info.pid, report.checkpoint?.pid ?? 0);
    t.regex(info.CapEff, /^0+$/);
    const { elapsedMs, exitCode } = await container.stop();
    t.is(exitCode, 143);
    t.true(elapsedMs < 1500, `docker stop took ${elapsedMs} ms`);
  } finally {
    await container.remove();
  }
});
