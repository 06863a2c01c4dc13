// Correct after the restore: what two containers of one image must not share, and what each takes from where it runs.

import test, { type ExecutionContext } from 'ava';
import type { BakeReport } from '../../src/report/report.ts';
import { bake, bakeWell } from './support/cli.ts';
import { type Container, docker, runRestored, untilAnswers, untilLogged } from './support/engine.ts';

const PLAIN = 'crac-bake-test/plain-http:nonroot';
const SPRING = 'crac-bake-test/spring-hello:nonroot';
const IMAGE = 'crac-bake-it/correct:plain';
const URANDOM = 'crac-bake-it/correct:urandom';
const SPRING_IMAGE = 'crac-bake-it/correct:spring';

/** Of the bake of Spring, whose proof had a twin. */
let spring: BakeReport;

/** Of the app's own `java.util.Random`: an object that nothing finds, so two restores have the same numbers (docs/how-it-works.md). */
const REPEATS = ['own'];

const SWITCHES = ['--env', 'APP_RANDOMS=true', '--env', 'APP_FIXED_RATE=true', '--env', 'TZ=Europe/Berlin'];

test.before(async () => {
  await bakeWell([
    ...['--image', PLAIN, '--tag', IMAGE, ...SWITCHES, '--warmup-count', '20', '--warmup-request', '/random'],
    ...[
      '--warmup-request',
      '/parallelism',
      '--warmup-request',
      '/zone',
      '--warmup-request',
      '/host-name',
      '--warmup-request',
      '/self',
      '--warmup-request',
      '/resolve?name=localhost',
    ],
  ]);
  await bakeWell([
    ...['--image', PLAIN, '--tag', URANDOM, ...SWITCHES, '--env', 'JAVA_TOOL_OPTIONS=-Djava.security.egd=file:/dev/./urandom'],
    ...['--warmup-request', '/random', '--warmup-count', '20'],
  ]);
  spring = await bakeWell([
    ...[
      '--prove',
      'twins',
      '--image',
      SPRING,
      '--tag',
      SPRING_IMAGE,
      '--env',
      'APP_GREETING_WORD=bake',
      '--warmup-count',
      '20',
      '--warmup-request',
      '/session',
    ],
    ...[
      '--warmup-request',
      '/property/app.greeting-word',
      '--warmup-request',
      '/property/app.only-at-run',
      '--warmup-request',
      '/scheduled',
    ],
  ]);
});

test.after.always(async () => {
  await docker('rmi', '--force', IMAGE, URANDOM, SPRING_IMAGE);
});

const ask = async (container: Container, path: string) => (await untilAnswers(container, path)).trim();

/** The app's listener is open all the time: the first requests may be faster than the agent. */
const untilRefreshed = (container: Container) => untilLogged(container, /^crac-init: restored/m);

/** Two restores at once; `check` gets both. */
async function twins(image: string, check: (a: Container, b: Container) => Promise<void>): Promise<void> {
  const pair = await Promise.all([runRestored(image), runRestored(image)]);
  try {
    await Promise.all(pair.map(untilRefreshed));
    await check(...pair);
  } finally {
    await Promise.all(pair.map((container) => container.remove()));
  }
}

/** One restore with these flags of `docker run` and these arguments after the image's name. */
async function restored(
  flags: readonly string[],
  command: readonly string[],
  check: (container: Container) => Promise<void>,
): Promise<void> {
  const container = await runRestored(IMAGE, { flags, command });
  try {
    await untilRefreshed(container);
    await check(container);
  } finally {
    await container.remove();
  }
}

async function numbersDiffer(t: ExecutionContext, image: string): Promise<void> {
  await twins(image, async (a, b) => {
    const [first, second] = (await Promise.all([a, b].map((container) => ask(container, '/random')))).map(
      (text) => JSON.parse(text) as Record<string, string>,
    );
    t.true(Object.keys(first ?? {}).length > 15);
    const same = Object.keys(first ?? {}).filter((name) => first?.[name] === second?.[name]);
    t.deepEqual(same, REPEATS);
  });
}

test('two restores have no random number in common', (t) => numbersDiffer(t, IMAGE));

test('nor have they with the seed source that images often set', (t) => numbersDiffer(t, URANDOM));

test('two restores give different session ids', async (t) => {
  await twins(SPRING_IMAGE, async (a, b) => {
    const [first, second] = await Promise.all([ask(a, '/session'), ask(b, '/session')]);
    t.regex(first, /^[0-9A-F]{32}$/);
    t.not(first, second);
  });
});

test('a proof with a twin compares session ids, and finds them different', (t) => {
  t.true(spring.twins?.compared.includes('cookie JSESSIONID of GET /session'), JSON.stringify(spring.twins));
});

test('a proof with a twin fails where both give out the same numbers, and names them', async (t) => {
  const tag = 'crac-bake-it/correct:alike';
  const args = ['--image', PLAIN, '--tag', tag, '--env', 'APP_RANDOMS=true', '--warmup-request', '/random', '--warmup-count', '5'];
  const { exitCode, report } = await bake([...args, '--prove', 'twins']);
  t.is(exitCode, 16);
  t.like(report, { outcome: 'proof', tags: [], error: { code: 'twins-alike', step: 'prove', details: '$.own of GET /random' } });
  await t.throwsAsync(docker('image', 'inspect', tag));
});

test('Spring’s Environment has the variables of the new container, by every spelling', async (t) => {
  const flags = ['--env', 'APP_GREETING_WORD=run', '--env', 'APP_ONLY_AT_RUN=yes'];
  const container = await runRestored(SPRING_IMAGE, { flags, command: ['-Dapp.by-property=given'] });
  try {
    t.is(await ask(container, '/property/app.greeting-word'), 'run');
    t.is(await ask(container, '/property/app.only-at-run'), 'yes');
    t.is(await ask(container, '/property/app.by-property'), 'given');
  } finally {
    await container.remove();
  }
});

test('names resolve as in the new container: its own name, its hosts file', async (t) => {
  await restored(['--hostname', 'somewhere-new', '--add-host', 'a-service:192.0.2.7'], [], async (container) => {
    t.is(await ask(container, '/host-name'), 'somewhere-new');
    t.is(await ask(container, '/resolve?name=a-service'), '192.0.2.7');
  });
});

test('properties after the image’s name reach the app', async (t) => {
  await restored([], ['-Dapp.word=fresh', '-Dapp.empty'], async (container) => {
    t.is(await ask(container, '/property?name=app.word'), 'fresh');
    t.is(await ask(container, '/property?name=app.empty'), '');
  });
});

test('the time zone is that of TZ, or of the property', async (t) => {
  await restored(['--env', 'TZ=America/New_York'], [], async (container) => {
    t.is(await ask(container, '/zone'), 'America/New_York');
  });
  await restored(['--env', 'TZ=America/New_York'], ['-Duser.timezone=Asia/Tokyo'], async (container) => {
    t.is(await ask(container, '/zone'), 'Asia/Tokyo');
  });
});

test('tasks at a fixed rate go on without a burst of missed runs', async (t) => {
  await restored([], [], async (container) => {
    await ask(container, '/');
    await new Promise((done) => setTimeout(done, 1500));
    const { executor, timer } = JSON.parse(await ask(container, '/fixed-rate')) as Record<
      'executor' | 'timer',
      { runs: number; most: number }
    >;
    // Ten in 500 ms are right; a loaded machine may make up for a few of its own.
    t.true(executor.most <= 20, JSON.stringify(executor));
    t.true(timer.most <= 20, JSON.stringify(timer));
    t.true(executor.runs > 20 && timer.runs > 20);
  });
});

test('nor do Spring’s, which are paused at the dump; what is due in a while by the wall clock is not early', async (t) => {
  const container = await runRestored(SPRING_IMAGE);
  try {
    await untilRefreshed(container);
    await new Promise((done) => setTimeout(done, 1500));
    const state = async () => JSON.parse(await ask(container, '/scheduled')) as { runs: number; most: number; early: number };
    const first = await state();
    t.true(first.most <= 20, JSON.stringify(first));
    t.is(first.early, 0);
    await new Promise((done) => setTimeout(done, 500));
    t.true((await state()).runs > first.runs);
  } finally {
    await container.remove();
  }
});

test('the process knows itself, though the kernel says that it was started only now', async (t) => {
  await restored([], [], async (container) => {
    t.is(await ask(container, '/self'), 'true');
  });
});

test('the common pool follows the processors of the new container', async (t) => {
  await restored(['--cpuset-cpus', '0'], [], async (container) => {
    t.is(await ask(container, '/parallelism'), '1');
  });
});
