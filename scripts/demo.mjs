// The demo: bakes the sample Spring Boot app and measures its first response, cold and restored, in turns.
// Brings up what is missing (scripts/setup). Options: --app NAME (spring-hello, spring-shop), --rounds N.

import { spawnSync } from 'node:child_process';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { median } from './median.mjs';
import { ensureAppImages } from './setup/app-images.mjs';
import { ensureBaseImages } from './setup/base-images.mjs';
import { ensureEngine } from './setup/engine.mjs';
import { runMain, SetupError } from './setup/errors.mjs';
import { ROOT } from './setup/paths.mjs';
import { progressLog } from './setup/progress.mjs';
import { run, tryRun } from './setup/run.mjs';

const ANSWER_DEADLINE_MS = 120_000;
const LIMITS = ['--cpus', '2', '--memory', '1g'];
const LABEL = 'crac-bake-demo=1';

const { values: options } = parseArgs({
  options: { app: { type: 'string', default: 'spring-hello' }, rounds: { type: 'string', default: '3' } },
});
const PATHS = { 'spring-hello': '/', 'spring-shop': '/' };

/** Containers that a measurement is at work with. */
const running = new Set();

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    if (running.size > 0) spawnSync('docker', ['rm', '--force', '--volumes', ...running], { stdio: 'ignore' });
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}

await runMain(async () => {
  const path = PATHS[options.app];
  const rounds = Number(options.rounds);
  if (path === undefined || !(rounds >= 1)) throw new SetupError('demo: --app spring-hello|spring-shop, --rounds N', 2);
  const log = progressLog();
  await ensureEngine({ log });
  const bases = await ensureBaseImages({ log, only: ['jdk21', 'criu'] });
  const app = `crac-bake-test/${options.app}:app`;
  await ensureAppImages({ log, only: [app], bases });

  const baked = `crac-bake-demo/${options.app}:crac`;
  const bake = ['bake', '--image', app, '--tag', baked, '--ready', `http:8080${path}`, '--criu-base', bases.criu];
  process.stderr.write(`\n$ crac-bake ${bake.join(' ')}\n`);
  // It shares the terminal, so it shows its progress and hears Ctrl-C itself.
  const { stdout, status } = spawnSync(process.execPath, [join(ROOT, 'dist', 'cli.js'), ...bake, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new SetupError('the bake failed', status ?? 1);
  const report = JSON.parse(stdout);

  process.stderr.write(`\nFirst response of GET ${path}, from docker run on, in turns (${rounds} rounds, ${LIMITS.join(' ')}):\n`);
  const privileges = report.runWith.flags.split(' ');
  const cold = [];
  const restored = [];
  for (let round = 0; round < rounds; round += 1) {
    cold.push(await measure(app, path, []));
    restored.push(await measure(baked, path, [...privileges, '--env', 'CRAC_INIT_RESTORE=require']));
    process.stderr.write(`  cold ${cold.at(-1).toFixed(0)} ms, restored ${restored.at(-1).toFixed(0)} ms\n`);
  }
  const times = median(cold) / median(restored);
  process.stdout.write(
    `\ncold      ${median(cold).toFixed(0)} ms (median)\nrestored  ${median(restored).toFixed(0)} ms (median), ${times.toFixed(1)} times faster\n`,
  );
  process.stdout.write(`\nRun it:\n  ${report.runWith.docker}\n`);
});

/** Milliseconds from `docker run` to the first answer with status 200. */
async function measure(image, path, flags) {
  const start = performance.now();
  const { stdout } = await run('docker', ['run', '--detach', '--label', LABEL, ...LIMITS, ...flags, '--publish', '127.0.0.1::8080', image]);
  const container = stdout.trim();
  running.add(container);
  try {
    const port = (await run('docker', ['port', container, '8080/tcp'])).stdout.trim().split(':').at(-1);
    while (performance.now() - start < ANSWER_DEADLINE_MS) {
      if ((await statusOf(port, path)) === 200) return performance.now() - start;
      await pause(5);
    }
    const logs = await tryRun('docker', ['logs', '--tail', '20', container]);
    throw new SetupError(`${image} did not answer: ${logs.stdout}${logs.stderr}`);
  } finally {
    await run('docker', ['rm', '--force', '--volumes', container]);
    running.delete(container);
  }
}

function statusOf(port, path) {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false, timeout: 2000 }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
      response.on('error', () => resolve(0));
    });
    request.on('error', () => resolve(0));
    request.on('timeout', () => request.destroy());
  });
}
