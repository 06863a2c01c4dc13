// The larger Spring app with JPA, Hikari and a real PostgreSQL: baked beside one server, restored beside another at another address.

import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import { execa } from 'execa';
import { bakeWell } from '../docker/support/cli.ts';
import { docker, runRestored, TEST_LABEL, untilAnswers } from '../docker/support/engine.ts';

const IMAGE = 'crac-bake-it/wild:postgres';
const CLIENTS = `select count(*) from pg_stat_activity where application_name = 'PostgreSQL JDBC Driver'`;
const DATABASE = [
  'SPRING_DATASOURCE_URL=jdbc:postgresql://db:5432/postgres',
  'SPRING_DATASOURCE_USERNAME=postgres',
  'SPRING_DATASOURCE_PASSWORD=secret',
  'SPRING_SQL_INIT_MODE=always',
  // What Spring Boot asks for, so that Hikari opens no new connections while the checkpoint is made.
  'SPRING_DATASOURCE_HIKARI_ALLOW_POOL_SUSPENSION=true',
];

/** A PostgreSQL that is called `db` on a network of its own. */
async function startServer(name: string, subnet: string) {
  await docker('network', 'create', '--label', TEST_LABEL, '--subnet', subnet, name);
  await docker(
    'run',
    '--detach',
    '--label',
    TEST_LABEL,
    '--name',
    name,
    '--network',
    name,
    '--network-alias',
    'db',
    'crac-bake-test/postgres:app',
  );
  const sql = async (statement: string) =>
    docker('exec', '--env', 'PGPASSWORD=secret', name, 'psql', '-h', '127.0.0.1', '-U', 'postgres', '-Atqc', statement);
  for (let tries = 0; ; tries++) {
    const up = await sql('select 1').catch(() => undefined);
    if (up !== undefined) break;
    if (tries > 100) throw new Error(`${name} does not start: ${await docker('logs', name)}`);
    await pause(200);
  }
  const remove = async () => {
    await docker('rm', '--force', '--volumes', name).catch(() => '');
    await docker('network', 'rm', name).catch(() => '');
  };
  return { name, sql, remove };
}

test('baked beside one PostgreSQL, restored beside another: it reads and writes, and the pool holds no dead connection', async (t) => {
  const first = await startServer('crac-bake-it-pg-first', '10.213.1.0/24');
  const second = await startServer('crac-bake-it-pg-second', '10.213.2.0/24');
  try {
    const report = await bakeWell([
      ...['--image', 'crac-bake-test/wild:postgres', '--tag', IMAGE, '--network', first.name],
      ...DATABASE.flatMap((variable) => ['--env', variable]),
      ...['--ready', 'http:8080/api/categories', '--warmup-request', '/', '--warmup-request', '/info', '--warmup-count', '30'],
    ]);
    t.true((report.hooks?.resources.length ?? 0) > 0);
    t.deepEqual(report.connections?.established, [], 'Hikari has closed its connections');

    const dump = await docker('exec', '--env', 'PGPASSWORD=secret', first.name, 'pg_dump', '-h', '127.0.0.1', '-U', 'postgres');
    await execa('docker', ['exec', '-i', '--env', 'PGPASSWORD=secret', second.name, 'psql', '-q', '-h', '127.0.0.1', '-U', 'postgres'], {
      input: dump,
    });
    await second.sql(`insert into category (name) values ('Only in the new database')`);
    await first.remove();

    const container = await runRestored(IMAGE, { flags: ['--network', second.name] });
    try {
      const began = performance.now();
      t.regex(await untilAnswers(container, '/api/categories'), /Only in the new database/);
      t.log(`first page from the new database ${Math.round(performance.now() - began)} ms after the container's start`);
      const info = JSON.parse(await untilAnswers(container, '/info')) as { pid: number; counter: number };
      t.is(info.pid, report.checkpoint?.pid ?? 0);
      t.true(info.counter > 30);

      const body = JSON.stringify({ name: 'Written after the restore', description: 'x' });
      const headers = { 'content-type': 'application/json' };
      t.is((await fetch(`${container.url}/api/categories`, { method: 'POST', headers, body })).status, 201);
      t.is(await second.sql(`select count(*) from category where name = 'Written after the restore'`), '1');

      const statuses = await Promise.all(
        Array.from({ length: 40 }, async () => (await fetch(`${container.url}/api/products`, { headers: { connection: 'close' } })).status),
      );
      t.deepEqual([...new Set(statuses)], [200]);
      const pool = JSON.parse(await untilAnswers(container, '/pool')) as { total: number; active: number };
      t.true(pool.total > 0);
      t.is(String(pool.total), await second.sql(CLIENTS), 'every connection of the pool is one that the new server knows');
      t.notRegex(await container.logs(), /Failed to validate connection/);
    } finally {
      await container.remove();
    }
  } finally {
    await first.remove();
    await second.remove();
    await docker('rmi', '--force', IMAGE).catch(() => '');
  }
});
