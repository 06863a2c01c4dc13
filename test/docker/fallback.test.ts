// What keeps a checkpoint from being restored: each is named in one line, and the app starts normally, at once.

import { buffer } from 'node:stream/consumers';
import test from 'ava';
import { execa } from 'execa';
import { pack } from 'tar-stream';
import { bakeWell } from './support/cli.ts';
import { type Container, docker, LEAST, runContainer, untilAnswers, untilLogged } from './support/engine.ts';

const APP = 'crac-bake-test/tiny:nonroot';
const IMAGE = 'crac-bake-it/fallback:crac';
const JVM = 'crac-bake-it/fallback:jvm';
const CHECKPOINT = '/opt/crac-bake/checkpoint';
const SECCOMP = LEAST.indexOf('--security-opt');
const DEFAULT_SECCOMP = LEAST.slice(0, SECCOMP);
const derived: string[] = [];

test.before(async () => {
  await bakeWell(['--image', APP, '--tag', IMAGE]);
  await bakeWell(['--image', 'crac-bake-test/plain-http:app', '--tag', JVM, '--warmup-count', '20']);
});

test.after.always(async () => {
  // Those that are made of another one first: it would stay without a name.
  await docker('rmi', '--force', ...derived, IMAGE, JVM);
});

/** The restore image after something has been done to it, as root. */
async function derive(name: string, command: string): Promise<string> {
  const image = `crac-bake-it/fallback:${name}`;
  const context = pack();
  context.entry({ name: 'Dockerfile' }, `FROM ${IMAGE}\nUSER 0\nRUN ${command}\nUSER 1000:1000\n`);
  context.finalize();
  await execa('docker', ['build', '--tag', image, '-'], { input: await buffer(context) });
  derived.push(image);
  return image;
}

interface Row {
  readonly title: string;
  readonly image: () => Promise<string>;
  readonly flags?: readonly string[];
  readonly id: string;
  readonly cause: RegExp;
}

const asBaked = async () => IMAGE;

const rows: readonly Row[] = [
  {
    title: 'a CPU without a feature that the checkpoint may use',
    image: () => derive('cpu', `perl -0pi -e 's/("features": \\[)/$1"no_such_feature",/' /opt/crac-bake/manifest.json`),
    id: 'cpu',
    cause: /this CPU lacks no_such_feature, which the checkpoint may use/,
  },
  {
    title: 'a page file that was truncated',
    image: () => derive('truncated', `truncate --size=-4096 ${CHECKPOINT}/pages-1.img`),
    id: 'files',
    cause: /pages-1\.img of the checkpoint has \d+ bytes instead of \d+/,
  },
  {
    title: 'a page file that is missing',
    image: () => derive('missing', `rm ${CHECKPOINT}/pages-1.img`),
    id: 'files',
    cause: /pages-1\.img of the checkpoint cannot be read/,
  },
  {
    title: 'a file that the process had mapped, and has changed',
    image: () => derive('changed', 'printf x >>/usr/bin/perl'),
    id: 'criu-restore',
    cause: /perl/,
  },
  {
    title: 'criu that was removed',
    image: () => derive('no-criu', 'rm -r /opt/crac-bake/criu'),
    id: 'criu-restore',
    cause: /cannot start criu/,
  },
  {
    title: 'the engine’s default seccomp profile',
    image: asBaked,
    flags: DEFAULT_SECCOMP,
    id: 'seccomp',
    cause: /clone3 is blocked/,
  },
  {
    title: 'an arbitrary uid',
    image: asBaked,
    flags: [...LEAST, '--user', '4242'],
    id: 'capabilities',
    cause: /missing .*SETUID.*; the container has uid 4242 instead of 1000/,
  },
  {
    title: 'capabilities that were not added',
    image: asBaked,
    flags: ['--cap-drop', 'ALL', ...LEAST.slice(SECCOMP)],
    id: 'capabilities',
    cause: /missing SETPCAP, CHECKPOINT_RESTORE/,
  },
  {
    title: 'a limit of processes below what the JVM has',
    image: async () => JVM,
    flags: [...LEAST, '--pids-limit', '25'],
    id: 'pids',
    cause: /may have \d+ more processes and threads, the checkpoint needs \d+/,
  },
  {
    title: 'a memory limit below what the JVM had in memory',
    image: async () => JVM,
    flags: [...LEAST, '--memory', '56m'],
    id: 'memory',
    cause: /the memory limit is 58 MB, the checkpoint has \d+ MB in memory/,
  },
];

/** A restore that is refused and starts the app: the container with its log. */
async function fallsBack(image: string, flags: readonly string[], work: (container: Container, log: string) => void): Promise<void> {
  const container = await runContainer(image, { flags });
  try {
    await untilAnswers(container, '/');
    work(container, await container.logs());
  } finally {
    await container.remove();
  }
}

for (const { title, image, flags = LEAST, id, cause } of rows) {
  test(`starts normally, and says why: ${title}`, async (t) => {
    await fallsBack(await image(), flags, (_container, log) => {
      const said = log.split('\n').filter((line) => line.startsWith('crac-init: not restored'));
      t.is(said.length, 1, log);
      t.true(said[0]?.startsWith(`crac-init: not restored (${id}): `), said[0]);
      t.true(said[0]?.endsWith('; starting normally'), said[0]);
      t.regex(said[0] ?? '', cause);
    });
  });
}

test('starts normally, and says why: a PID that is taken', async (t) => {
  const pid = Number(await docker('image', 'inspect', '--format', '{{index .Config.Labels "io.github.crac-bake.pid"}}', IMAGE));
  t.true(pid > 512);
  // Forks until a child has that PID.
  const script = `$| = 1; while (1) { my $p = fork() // die; if (!$p) { exit if $$ < ${pid}; print "taken\\n"; sleep 600; exit } last if $p >= ${pid}; waitpid $p, 0 } wait`;
  const holder = await runContainer(APP, { flags: ['--entrypoint', 'perl'], command: ['-e', script] });
  try {
    await untilLogged(holder, /taken/);
    await fallsBack(IMAGE, [...LEAST, `--pid=container:${holder.id}`], (_container, log) => {
      t.regex(log, new RegExp(`^crac-init: not restored \\(pids\\): PID ${pid} of the checkpoint is taken; starting normally$`, 'm'));
    });
  } finally {
    await holder.remove();
  }
});

test('with no-new-privileges a user’s restore image restores where the engine gives its user the capabilities, and else says why', async (t) => {
  const container = await runContainer(IMAGE, { flags: [...LEAST, '--security-opt', 'no-new-privileges', '--env', 'CRAC_INIT_LOG=1'] });
  try {
    await untilAnswers(container, '/');
    const log = await untilLogged(container, /^crac-init: (?:restored pid|not restored)/m);
    t.log(log.split('\n').find((line) => /restored/.test(line)) ?? '');
    t.regex(log, /^crac-init: (?:restored pid \d+ in|not restored \(no-new-privileges\): .+; starting normally$)/m);
  } finally {
    await container.remove();
  }
});

test('everything that does not fit is named at once, and nothing is started', async (t) => {
  const check = ['--entrypoint', '/opt/crac-bake/crac-init', JVM, 'check'];
  const fits = await execa('docker', ['run', '--rm', ...LEAST, ...check], { reject: false });
  t.is(fits.exitCode, 0, fits.stdout);
  t.like(JSON.parse(fits.stdout), { ok: true, refusals: [] });
  const bad = await execa('docker', ['run', '--rm', '--cap-drop', 'ALL', '--memory', '56m', '--pids-limit', '25', ...check], {
    reject: false,
  });
  t.is(bad.exitCode, 3);
  const { ok, refusals } = JSON.parse(bad.stdout) as { ok: boolean; refusals: { id: string }[] };
  t.false(ok);
  t.deepEqual(
    refusals.map(({ id }) => id),
    ['capabilities', 'seccomp', 'pids', 'memory'],
  );
});

const PAIRS = 7;

/** From `docker run` to the first answer, in ms. */
async function firstAnswer(image: string, flags: readonly string[]): Promise<number> {
  const container = await runContainer(image, { flags });
  try {
    await untilAnswers(container, '/');
    return performance.now() - container.startedAt;
  } finally {
    await container.remove();
  }
}

test('after the gate’s no the app answers at most 100 ms later than it does without a checkpoint', async (t) => {
  const more: number[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    // In turns, for the second of a pair finds another machine than the first.
    const images = pair % 2 === 0 ? [APP, IMAGE] : [IMAGE, APP];
    const answers = new Map<string, number>();
    for (const image of images) answers.set(image, await firstAnswer(image, ['--cap-drop', 'ALL']));
    more.push((answers.get(IMAGE) ?? Number.NaN) - (answers.get(APP) ?? Number.NaN));
  }
  const median = more.sort((a, b) => a - b)[Math.floor(PAIRS / 2)] ?? Number.NaN;
  t.log(`${median.toFixed(0)} ms later (median of ${PAIRS} pairs)`);
  t.true(median <= 100, more.map((each) => each.toFixed(0)).join(', '));
});
