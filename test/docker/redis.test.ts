// Redis, no JVM: the data that was loaded before the bake is in the restored server.

import { createConnection } from 'node:net';
import test from 'ava';
import { bakeWell } from './support/cli.ts';
import { type Container, docker, processStatus, runRestored, untilLogged } from './support/engine.ts';

/** Sends one command in Redis's inline form and reads the answer. */
async function ask(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    let answer = '';
    socket.setTimeout(5000, () => socket.destroy(new Error(`no answer to ${command}`)));
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
    socket.write(`${command}\r\nQUIT\r\n`);
  });
}

const runId = async (container: Container) => /run_id:(\w+)/.exec(await ask(container.port, 'INFO server'))?.[1];

/** Loads data through the address that the warm-up command gets. */
const LOAD = `node -e "const s=require('net').connect(process.env.CRAC_BAKE_PORT,process.env.CRAC_BAKE_HOST);s.end('SET greeting hello-from-the-bake\\r\\nQUIT\\r\\n');s.on('data',()=>{})"`;

for (const [variant, flags] of [
  ['app', ['--app-capability', 'SETUID', '--app-capability', 'SETGID']],
  ['nonroot', []],
] as const) {
  test(`redis (${variant}): the restored server has the same run_id and the data, and no dump file`, async (t) => {
    const image = `crac-bake-it/redis:${variant}`;
    const report = await bakeWell([
      '--image',
      `crac-bake-test/redis:${variant}`,
      '--tag',
      image,
      '--ready',
      'tcp:6379',
      '--warmup-command',
      LOAD,
      ...flags,
    ]);
    try {
      t.is(report.hooks, null);
      const capabilities = report.runWith?.flags.split(' ') ?? [];
      const run = () => runRestored(image, { port: 6379, flags: capabilities });
      const first = await run();
      const second = await run();
      try {
        // The engine takes connections before the restored server does.
        for (const each of [first, second]) await untilLogged(each, /^crac-init: restored pid/m);
        t.regex(await ask(first.port, 'GET greeting'), /hello-from-the-bake/);
        const id = await runId(first);
        t.truthy(id);
        t.is(await runId(second), id, 'both go on from one start of Redis');
        t.notRegex(await first.exec('ls', '/data', '/opt/crac-bake'), /dump\.rdb/);
        const status = await processStatus(first, report.checkpoint?.pid ?? 0);
        t.not(status.get('Uid')?.split('\t')[0], '0', 'Redis runs as a user of its own');
        t.is(status.get('CapEff'), '0000000000000000');
      } finally {
        await Promise.all([first.remove(), second.remove()]);
      }
    } finally {
      await docker('rmi', '--force', image);
    }
  });
}
