// Interruptions on the real engine: whatever the step, the run ends soon with the signal's exit code and leaves nothing behind.

import { readdir, readFile } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import { bake, bakeWell, crac } from './support/cli.ts';
import { docker, runRestored, untilAnswers } from './support/engine.ts';
import { hostState, leavingNothing } from './support/host-state.ts';
import { withContext, withFolder } from './support/images.ts';

const TAG = 'crac-bake-it/interrupt:tag';
const BAKED = 'crac-bake-it/interrupt:baked';

const TINY = ['--image', 'crac-bake-test/tiny:app', '--warmup-count', '1', '--tag', TAG];
const PLAIN = ['--image', 'crac-bake-test/plain-http:app', '--warmup-count', '1', '--tag', TAG];
/** It counts its answers: the first one is right, those after a restore are not, and the proof goes on asking. */
const NEVER_PROVED = ['--ready', 'http:8080/', '--ready-body', '^hello 1\\s'];

type Signals = NodeJS.Signals | readonly NodeJS.Signals[];

/** Sends each of the signals once, at the first line that matches its pattern. */
function sending(...plan: readonly (readonly [pattern: RegExp, signals: Signals])[]) {
  const left = [...plan];
  return (line: string): Signals | undefined => {
    const at = left.findIndex(([pattern]) => pattern.test(line));
    return at < 0 ? undefined : left.splice(at, 1)[0]?.[1];
  };
}

interface Interruption {
  /** The line of the progress at which the signal is sent. */
  readonly at: RegExp;
  /** Where it is seen: the step itself, or one that runs at its side. */
  readonly steps: readonly string[];
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

async function isInterrupted(t: ExecutionContext, { at, steps, args, env = {} }: Interruption): Promise<void> {
  let sentAt = 0;
  const send = sending([at, 'SIGINT']);
  const onLine = (line: string) => {
    const signal = send(line);
    if (signal !== undefined) sentAt = performance.now();
    return signal;
  };
  const { exitCode, report, stderr } = await leavingNothing(t, async () => {
    const run = await bake(args, { env, onLine });
    t.true(sentAt > 0 && performance.now() - sentAt < 8000, `it ended ${performance.now() - sentAt} ms after the signal`);
    return run;
  });
  t.is(exitCode, 130, stderr);
  t.like(report, { outcome: 'interrupted', exitCode: 130, tags: [], image: null, warnings: [], error: { code: 'interrupted' } });
  t.true(steps.includes(report.error?.step ?? ''), `${report.error?.step}\n${stderr}`);
  t.regex(stderr, /^Error: Interrupted; everything that the run had made is removed/m);
}

test.before(async () => {
  await bakeWell(['--image', 'crac-bake-test/tiny:app', '--warmup-count', '1', '--tag', BAKED]);
});

test.after.always(async () => {
  await docker('rmi', '--force', BAKED);
});

test('SIGINT while the app image is built', (t) =>
  withContext(['FROM crac-bake-test/tiny:app', 'RUN echo it begins && sleep 60'], (folder) =>
    isInterrupted(t, { at: /\d it begins$/, steps: ['build', 'check-host'], args: [folder, '--tag', TAG, '--verbose'] }),
  ));

test('SIGINT while the engine is checked', (t) =>
  // An empty cache does not know that this engine has passed its check.
  withFolder((cache) =>
    isInterrupted(t, {
      at: /^ {2}Check the engine: dumping and restoring a tiny process/,
      steps: ['check-host'],
      args: TINY,
      env: { XDG_CACHE_HOME: cache },
    }),
  ));

const STEPS: readonly (Interruption & { readonly title: string })[] = [
  { title: 'as the app starts', at: /^Start the app …/, steps: ['start'], args: TINY },
  {
    title: 'while it becomes ready',
    at: /^Wait until it is ready …/,
    steps: ['ready'],
    args: [...PLAIN, '--env', 'APP_START_DELAY_MS=60000'],
  },
  { title: 'while a log is read', at: /^Wait until it is ready …/, steps: ['ready'], args: [...TINY, '--ready', 'log:no such line'] },
  { title: 'in the warm-up', at: /^Warm it up …/, steps: ['warm-up'], args: [...TINY, '--warmup-count', '1000000'] },
  {
    title: 'while a hook hangs',
    at: /^Run the checkpoint hooks …/,
    steps: ['trigger'],
    args: [...PLAIN, '--env', 'APP_HOOK=hang', '--hooks-timeout', '60s'],
  },
  { title: 'while the app is expected to ask', at: /^Run the checkpoint hooks …/, steps: ['trigger'], args: [...TINY, '--trigger', 'app'] },
  { title: 'as the process is dumped', at: /^Dump the process …/, steps: ['dump'], args: PLAIN },
  { title: 'as the image is assembled', at: /^Assemble the restore image …/, steps: ['assemble'], args: TINY },
  { title: 'as the proof starts', at: /^Prove the restore …/, steps: ['prove'], args: TINY },
  {
    title: 'while the proof goes on',
    at: /^\$ docker wait crac-bake-\w+-proof/,
    steps: ['prove'],
    args: [...TINY, ...NEVER_PROVED, '--verbose'],
  },
];

for (const { title, ...interruption } of STEPS) {
  test(`SIGINT ${title}`, (t) => isInterrupted(t, interruption));
}

test('SIGINT when the tags are moved comes too late', async (t) => {
  try {
    const run = () => bake(TINY, { onLine: sending([/^Tag the restore image …/, 'SIGINT']) });
    const { exitCode, report } = await leavingNothing(t, run, { results: [TAG] });
    t.is(exitCode, 0);
    t.like(report, { outcome: 'baked', tags: [TAG] });
  } finally {
    await docker('rmi', '--force', TAG);
  }
});

test('SIGTERM ends with 143', async (t) => {
  const run = () => bake([...TINY, '--warmup-count', '1000000'], { onLine: sending([/^Warm it up …/, 'SIGTERM']) });
  const { exitCode, report } = await leavingNothing(t, run);
  t.is(exitCode, 143);
  t.like(report, { outcome: 'interrupted', exitCode: 143, tags: [] });
});

test('further signals, at once and during the clean-up, do no harm', async (t) => {
  const onLine = sending([/^Wait until it is ready …/, ['SIGINT', 'SIGINT']], [/^✗ Wait until it is ready/, ['SIGINT', 'SIGTERM']]);
  const { exitCode, report } = await leavingNothing(t, () => bake([...TINY, '--ready', 'log:no such line'], { onLine }));
  t.is(exitCode, 130);
  t.like(report, { outcome: 'interrupted', exitCode: 130, tags: [], warnings: [] });
});

test('a warm-up command ends with the run', async (t) => {
  const seconds = '86399';
  const args = [...TINY, '--warmup-command', `sleep ${seconds}`];
  const { exitCode } = await leavingNothing(t, () => bake(args, { onLine: sending([/^Warm it up …/, 'SIGINT']) }));
  t.is(exitCode, 130);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  t.deepEqual(
    commands.filter((command) => command.split('\0').includes(seconds)),
    [],
  );
});

test('clean removes what killed runs left, and not the containers that a user has started from a restore image', async (t) => {
  const container = await runRestored(BAKED);
  try {
    await untilAnswers(container, '/');
    const before = await hostState();
    const killed = async (dockerfile: readonly string[], args: readonly string[], at: RegExp) =>
      withContext(dockerfile, async (folder) => {
        const onLine = sending([at, 'SIGKILL']);
        const { exitCode } = await crac(['bake', folder, '--verbose', '--warmup-count', '1', '--tag', TAG, ...args], { onLine });
        t.is(exitCode, -1);
      });
    const app = ['FROM crac-bake-test/tiny:app', 'LABEL some=thing'];
    // A temporary folder and the helper's container; an image and two containers; two images and three containers.
    await killed([...app, 'RUN echo it begins && sleep 2 && false'], [], /\d it begins$/);
    await killed(app, ['--warmup-count', '1000000'], /^Warm it up …/);
    await killed(app, NEVER_PROVED, /^\$ docker wait crac-bake-\w+-proof/);
    const left = await hostState();
    t.is(left.containers.length, before.containers.length + 6);
    t.is(left.images.length, before.images.length + 3);
    t.is(left.temporary.length, before.temporary.length + 1);

    const { exitCode, stdout } = await crac(['clean', '--json']);
    t.is(exitCode, 0);
    t.deepEqual(JSON.parse(stdout), { removed: { containers: 6, images: 3, volumes: 0, networks: 0, folders: 1 } });
    t.deepEqual(await hostState(), before);
    t.is(await container.inspect('{{.State.Running}}'), 'true');
    t.regex(await untilAnswers(container, '/'), /^hello/);
    t.is((await crac(['clean'])).stdout, 'Removed 0 containers, 0 images, 0 volumes, 0 networks, 0 folders.');
  } finally {
    await container.remove();
  }
});
