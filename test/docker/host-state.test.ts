// What is on the host before and after commands that succeed: nothing is added but what was asked for. And a disk that is full.

import { createServer } from 'node:net';
import test from 'ava';
import { bake, bakeWell, crac } from './support/cli.ts';
import { docker, helperImages } from './support/engine.ts';
import { leavingNothing } from './support/host-state.ts';
import { withContext, withFolder } from './support/images.ts';
import { type SmallEngine, startSmallEngine } from './support/small-engine.ts';

const TAG = 'crac-bake-it/state:tag';
const OTHER_TAG = 'crac-bake-it/state:other';

test('a bake adds its tags only; warm-up failures within the limit and a port that is taken on the host do not matter', async (t) => {
  const taken = createServer().listen(8080, '0.0.0.0');
  await new Promise((resolve) => taken.once('listening', resolve));
  try {
    const requests = ['--warmup-request', '/', '--warmup-request', '/nothing', '--warmup-count', '5', '--warmup-max-failures', '50%'];
    const args = ['--image', 'crac-bake-test/tiny:app', ...requests, '--tag', TAG, '--tag', OTHER_TAG];
    const report = await leavingNothing(t, () => bakeWell(args), { results: [TAG, OTHER_TAG] });
    t.deepEqual([...report.tags], [TAG, OTHER_TAG]);
    t.like(report.warmUp, { sent: 10, failed: 5 });
  } finally {
    taken.close();
    await docker('rmi', '--force', TAG, OTHER_TAG);
  }
});

test('a bake from a Dockerfile with a volume adds its tag only', async (t) => {
  try {
    await withContext(['FROM crac-bake-test/tiny:app', 'RUN mkdir /data && echo seed >/data/seed', 'VOLUME /data'], (folder) =>
      leavingNothing(t, () => bakeWell([folder, '--warmup-count', '1', '--tag', TAG]), { results: [TAG] }),
    );
    t.is(await docker('run', '--rm', '--entrypoint', 'cat', TAG, '/data/seed'), 'seed');
  } finally {
    await docker('rmi', '--force', TAG);
  }
});

test('the host’s check leaves nothing', (t) =>
  withFolder(async (cache) => {
    const { exitCode, stdout } = await leavingNothing(t, () => crac(['doctor'], { env: { XDG_CACHE_HOME: cache } }));
    t.is(exitCode, 0, stdout);
  }));

test('a dry run changes nothing', (t) =>
  withContext(['FROM crac-bake-test/tiny:app'], async (folder) => {
    const { exitCode, stdout } = await leavingNothing(t, () => crac(['bake', folder, '--tag', TAG, '--dry-run']));
    t.is(exitCode, 0);
    t.regex(stdout, /docker commit/);
  }));

/** Bakes on an engine whose disk a warm-up command fills, but for `roomMb`. */
async function bakeOnFullDisk(engine: SmallEngine, cache: string, roomMb: number) {
  const fill = `${roomMb > 0 ? `dd if=/dev/zero of=/room bs=1M count=${roomMb}; ` : ''}dd if=/dev/zero of=/full bs=64k; rm -f /room`;
  await engine.docker('create', '--name', 'filler', '--entrypoint', '/busybox', 'full:app', 'sh', '-c', fill);
  const ready = [
    '--image',
    'full:app',
    '--ready',
    'log:^serving',
    '--warmup-command',
    'docker start --attach filler',
    '--tag',
    'full:crac',
  ];
  return bake(ready, { env: { DOCKER_HOST: engine.host, XDG_CACHE_HOME: cache } });
}

test('a disk that is full', (t) =>
  withFolder(async (cache) => {
    const engine = await startSmallEngine(200);
    try {
      // The helper image is there since the first bake of all.
      await engine.load('crac-bake-test/busybox:app', ...(await helperImages()));
      const serve = ['/busybox', 'sh', '-c', '/busybox echo serving; exec /busybox httpd -f -p 8080 -h /www'];
      await engine.docker('create', '--name', 'app', 'crac-bake-test/busybox:app');
      await engine.docker('commit', '--change', `ENTRYPOINT ${JSON.stringify(serve)}`, 'app', 'full:app');
      await engine.docker('rm', 'app');

      for (const { roomMb, step, details } of [
        { roomMb: 0, step: 'dump', details: /\d+ MB are free where the checkpoint would be written/ },
        { roomMb: 8, step: 'assemble', details: /no space left on device/ },
      ]) {
        await leavingNothing(
          t,
          async () => {
            const { exitCode, report, stderr } = await bakeOnFullDisk(engine, cache, roomMb);
            t.is(exitCode, 3, stderr);
            t.like(report, { outcome: 'host', tags: [], error: { code: 'no-space', step } }, stderr);
            t.regex(`${report.error?.message}\n${report.error?.details}`, details);
            t.regex(stderr, /^What to do: Free space/m);
            await engine.docker('rm', '--force', 'filler');
          },
          { engine: engine.host },
        );
      }
    } finally {
      await engine.stop();
    }
  }));
