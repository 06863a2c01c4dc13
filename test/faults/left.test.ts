// A full disk, and runs of the action that are killed: its post step does the rest.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { execa } from 'execa';
import { CANCELLED, KILLED, NO_INODES } from './left.scenarios.ts';
import { failsAs } from './support/assert.ts';
import { type Bench, startBench, stateOf } from './support/bench.ts';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

/** Runs an entry of the action as a runner does; `signal` is sent when `at` shows up in its log. */
async function action(bench: Bench, entry: 'main' | 'post', more: Record<string, string>, at?: string, signal?: NodeJS.Signals) {
  const folder = await mkdtemp(join(bench.folder, 'action-'));
  const files = {
    GITHUB_STATE: join(folder, 'state'),
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
  };
  for (const path of Object.values(files)) await writeFile(path, '');
  const runner = join(folder, 'runner');
  await mkdir(runner);
  const child = execa(process.execPath, [join(DIST, `${entry}.js`)], {
    cwd: folder,
    reject: false,
    stdin: 'ignore',
    timeout: 60_000,
    env: { ...bench.env, ...files, RUNNER_TEMP: runner, GITHUB_ACTIONS: 'true', ...more },
  });
  let sentAt = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    if (at === undefined || signal === undefined || sentAt > 0 || !String(chunk).includes(at)) return;
    sentAt = performance.now();
    child.kill(signal);
  });
  const { exitCode, stdout } = await child;
  const run = /^run<<(\S+)\n(.*)\n\1$/m.exec(await readFile(files.GITHUB_STATE, 'utf8'))?.[2] ?? '';
  await rm(folder, { recursive: true });
  return { exitCode, stdout, run, tookS: (performance.now() - sentAt) / 1000 };
}

const INPUTS = {
  INPUT_IMAGE: 'crac-bake-test/tiny:app',
  INPUT_TAGS: 'fault:tag',
  INPUT_READY: 'log:^listening',
  'INPUT_WARMUP-COMMAND': 'sleep 2',
  'INPUT_CRIU-BASE': process.env.CRAC_BAKE_CRIU_BASE ?? '',
};

let bench: Bench;

test.before(async () => {
  bench = await startBench(['crac-bake-test/tiny:app']);
});

test.after.always(() => bench?.stop());

for (const { row, title, at, withinS } of KILLED) {
  test(`${row}: ${title}`, async (t) => {
    const before = await stateOf(bench);
    const main = await action(bench, 'main', INPUTS, at, 'SIGKILL');
    t.is(main.exitCode, undefined, main.stdout);
    t.true((await stateOf(bench)).containers.length > before.containers.length, 'something is left');
    const startedAt = performance.now();
    const post = await action(bench, 'post', { STATE_run: main.run });
    t.true(performance.now() - startedAt < withinS * 1000);
    t.is(post.exitCode, 0);
    t.regex(post.stdout, /^Removed \d containers/m);
    const { processes: _, ...left } = await stateOf(bench);
    const { processes: __, ...was } = before;
    t.deepEqual(left, was);
  });
}

test(`${CANCELLED.row}: ${CANCELLED.title}`, async (t) => {
  const before = await stateOf(bench);
  const { exitCode, stdout, tookS, run } = await action(bench, 'main', INPUTS, CANCELLED.at, 'SIGINT');
  t.is(exitCode, 1, stdout);
  t.true(tookS < CANCELLED.withinS, `it took ${tookS} s`);
  t.deepEqual(await stateOf(bench), before);
  t.regex((await action(bench, 'post', { STATE_run: run })).stdout, /^Nothing was left\.$/m);
});

test(`${NO_INODES.row}: ${NO_INODES.title}`, async (t) => {
  const small = await startBench(['crac-bake-test/busybox:app'], { sizeMb: 200, inodes: 2500 });
  try {
    const { docker } = small.engine;
    const serve = ['/busybox', 'sh', '-c', '/busybox echo listening; exec /busybox httpd -f -p 8080 -h /www'];
    await docker('create', '--name', 'template', 'crac-bake-test/busybox:app');
    await docker('commit', '--change', `ENTRYPOINT ${JSON.stringify(serve)}`, 'template', 'fault:app');
    await docker('rm', 'template');
    const fill = 'i=0; while true >/$i; do i=$((i+1)); done';
    await docker('create', '--name', 'filler', '--entrypoint', '/busybox', 'fault:app', 'sh', '-c', fill);
    const args = ['--image', 'fault:app', '--ready', 'log:^listening', '--warmup-command', 'docker start --attach filler'];
    await failsAs(t, small, NO_INODES, [...args, '--warmup-max-failures', '100%', '--tag', 'fault:tag']);
  } finally {
    await small.stop();
  }
});
