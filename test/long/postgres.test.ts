// The larger Spring app with JPA, Hikari and a real PostgreSQL as a service: baked beside one server, restored beside another at another address.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import { bakeWell } from '../docker/support/cli.ts';
import { docker, runContainer, runRestored, TEST_LABEL, untilAnswers } from '../docker/support/engine.ts';
import { withFolder } from '../docker/support/images.ts';

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

/** The server of the bake, which begins and ends with it. */
const COMPOSE = `
services:
  db:
    image: crac-bake-test/postgres:app
`;

/** A PostgreSQL that is called `db` on a network of its own, at another address than that of any Compose project. */
async function startServer(name: string) {
  await docker('network', 'create', '--label', TEST_LABEL, '--subnet', '10.213.2.0/24', name);
  await docker(
    ...[
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
    ],
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

/** The tables, as the app makes them where there are none. */
async function migrate(network: string): Promise<void> {
  const app = await runContainer('crac-bake-test/wild:postgres', {
    flags: ['--network', network, ...DATABASE.flatMap((variable) => ['--env', variable])],
  });
  try {
    await untilAnswers(app, '/api/categories');
  } finally {
    await app.remove();
  }
}

const baked = () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, 'compose.yml'), COMPOSE);
    return bakeWell(
      [
        ...['--image', 'crac-bake-test/wild:postgres', '--tag', IMAGE, '--services', 'compose.yml'],
        ...DATABASE.flatMap((variable) => ['--env', variable]),
        ...[
          '--ready',
          'http:8080/api/categories',
          '--ready-timeout',
          '5m',
          '--warmup-request',
          '/',
          '--warmup-request',
          '/info',
          '--warmup-count',
          '30',
        ],
      ],
      { cwd: folder },
    );
  });

test('baked beside one PostgreSQL, restored beside another: it reads and writes, and the pool holds no dead connection', async (t) => {
  let server: Awaited<ReturnType<typeof startServer>> | undefined;
  try {
    const report = await baked();
    t.true((report.hooks?.resources.length ?? 0) > 0);
    t.deepEqual(report.connections?.established, [], 'Hikari has closed its connections');

    server = await startServer('crac-bake-it-pg');
    await migrate(server.name);
    await server.sql(`insert into category (name) values ('Only in the new database')`);

    const container = await runRestored(IMAGE, { flags: ['--network', server.name] });
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
      t.is(await server.sql(`select count(*) from category where name = 'Written after the restore'`), '1');

      const statuses = await Promise.all(
        Array.from({ length: 40 }, async () => (await fetch(`${container.url}/api/products`, { headers: { connection: 'close' } })).status),
      );
      t.deepEqual([...new Set(statuses)], [200]);
      // The pool may still be filling; a dead connection would stay in it for its lifetime of 30 minutes.
      const counts = async () => {
        const { total } = JSON.parse(await untilAnswers(container, '/pool')) as { total: number };
        return [total, Number(await server?.sql(CLIENTS))] as const;
      };
      let [inPool, known] = await counts();
      for (const end = performance.now() + 10_000; inPool !== known && performance.now() < end; [inPool, known] = await counts())
        await pause(100);
      t.true(inPool > 0);
      t.is(inPool, known, 'every connection of the pool is one that the new server knows');
      t.notRegex(await container.logs(), /Failed to validate connection/);
    } finally {
      await container.remove();
    }
  } finally {
    await server?.remove();
    await docker('rmi', '--force', IMAGE).catch(() => '');
  }
});
