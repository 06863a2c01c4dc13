import test from 'ava';
import { bakeOnce, dumpAnswers, RESOURCE, RESTORED_LOG, RUN } from './bench.ts';

const CONTAINER = 'crac-bake-01234567-bake';

/** The verbs of docker commands, in their order. */
const verbs = (argvs: readonly string[]) => argvs.map((argv) => argv.split(' ')[0]);

test('a bake that works: the report has every step, its time and all figures', async (t) => {
  const { report, engine, folders } = await bakeOnce();
  t.like(report, {
    version: 1,
    tool: 'crac-bake 0.1.0',
    run: RUN,
    outcome: 'baked',
    exitCode: 0,
    tags: ['app:crac'],
    engine: { name: 'criu', criuVersion: '4.2.1' },
    hooks: { elapsedMs: 12, javaVersion: '21.0.6', resources: [{ ...RESOURCE, error: null, stack: null }], collected: [] },
    connections: { established: [], listening: ['0.0.0.0:8080'] },
    checkpoint: { bytes: 100_000_000, files: 4, pid: 513, uid: 1000, threads: 30, residentBytes: 1, clock: 'near-zero' },
    warnings: [],
    error: null,
  });
  t.deepEqual(
    report.steps.map(({ step }) => step),
    ['check-host', 'build', 'start', 'ready', 'warm-up', 'trigger', 'drain', 'dump', 'verify', 'assemble', 'prove', 'tag'],
  );
  for (const { elapsedMs, detail, title } of report.steps) t.true(elapsedMs >= 0 && detail !== '' && title !== '');
  t.like(report.warmUp, { sent: 200, failed: 0, settled: true });
  t.is(report.runWith?.docker.endsWith('-p 8080:8080 app:crac'), true);
  t.deepEqual(engine.left, { containers: [], images: ['app:crac'] });
  t.is(folders.size, 0);
});

test('first answers are counted from the docker command that starts the container', async (t) => {
  const { report } = await bakeOnce();
  const { coldMs, restoredMs } = report.firstResponse ?? { coldMs: 0, restoredMs: 0 };
  t.true(coldMs !== null && coldMs >= 3000 && coldMs < 3100);
  t.true(restoredMs !== null && restoredMs >= 100 && restoredMs < 200);
});

test('docker commands come in the order of the plan, and the tag is moved after the proof', async (t) => {
  const { engine } = await bakeOnce();
  const argvs = engine.argvs.filter(
    (argv) => argv.includes(CONTAINER) || argv.includes('crac-bake-01234567-proof') || argv.startsWith('tag'),
  );
  t.deepEqual(verbs(argvs), [
    'create',
    'cp',
    'cp',
    'start',
    'wait',
    'inspect',
    'exec',
    'diff',
    'cp',
    'commit',
    'run',
    'wait',
    'inspect',
    'logs',
    'exec',
    'tag',
    'rm',
  ]);
  t.is(argvs.at(-2), 'tag crac-bake-run/01234567:restore app:crac');
  t.true(
    engine.argvs.findIndex((argv) => argv.startsWith('run') && argv.includes('proof')) <
      engine.argvs.indexOf('tag crac-bake-run/01234567:restore app:crac'),
  );
});

test('all tags are moved', async (t) => {
  const { report, engine } = await bakeOnce({ options: { tags: ['app:crac', 'registry.example.com/app:1-crac'] } });
  t.deepEqual([...report.tags], ['app:crac', 'registry.example.com/app:1-crac']);
  t.deepEqual(engine.left.images.sort(), ['app:crac', 'registry.example.com/app:1-crac']);
});

test('building and the host’s check run side by side', async (t) => {
  const { report } = await bakeOnce();
  const [check, build] = report.steps;
  t.true((check?.elapsedMs ?? 0) > 0 && (build?.elapsedMs ?? 0) >= 5000);
  t.is(report.steps[0]?.step, 'check-host');
});

test('a host that has passed its check is not checked again until something of it changes', async (t) => {
  const remembered = new Set<string>();
  const first = await bakeOnce({ remembered });
  t.is(remembered.size, 1);
  const second = await bakeOnce({ remembered });
  t.is(second.report.outcome, 'baked');
  const checks = ({ engine }: typeof first) => engine.argvs.filter((argv) => argv.startsWith('create') && argv.includes('-check')).length;
  t.deepEqual([checks(first), checks(second)], [1, 0]);
  const restarted = await bakeOnce({
    remembered,
    script: { fail: (argv) => (argv[0] === 'network' && argv[1] === 'inspect' ? { stdout: '2026-02-02\n' } : undefined) },
  });
  t.is(checks(restarted), 1);
});

test('the helper image is built where the engine has none', async (t) => {
  const { report, engine } = await bakeOnce({ script: { hasHelper: false }, options: { 'criu-base': 'debian:mine' } });
  t.is(report.outcome, 'baked');
  const build = engine.argvs.find((argv) => argv.includes('BASE=debian:mine'));
  t.regex(
    build ?? '',
    /^build --progress plain --build-arg BASE=debian:mine --tag crac-bake\/helper:[0-9a-f]{12}-amd64 \/package\/helper$/,
  );
});

test('an image that exists is taken and not built', async (t) => {
  const { report, engine } = await bakeOnce({ script: { images: ['app:1'] }, options: { image: 'app:1' } });
  t.like(report, { outcome: 'baked', app: { name: 'app:1' } });
  t.false(verbs(engine.argvs).includes('build'));
  t.true(engine.images.has('app:1'));
});

test('nothing sleeps a fixed time: the core’s own pauses are those of polling', async (t) => {
  const { sleeps } = await bakeOnce();
  t.true(sleeps.length > 5);
  t.true(Math.max(...sleeps) <= 100);
  const total = sleeps.reduce((sum, ms) => sum + ms, 0);
  t.true(total < 3300, `slept ${total} ms of a start of 3000 ms`);
});

const AFTER = ['trigger', 'drain', 'dump', 'verify', 'assemble', 'prove', 'tag'];

const triggers: readonly [title: string, trigger: string, dumpAfterMs: number, serving: string[]][] = [
  ['on-refresh: nothing is waited for and nothing sent', 'on-refresh', 2000, []],
  ['app, which asks while it starts: the wait ends there', 'app', 1000, ['ready']],
  ['app, which asks in the warm-up: the warm-up ends there', 'app', 3100, ['ready', 'warm-up']],
  ['app, which asks long after the warm-up: it is waited for', 'app', 60_000, ['ready', 'warm-up']],
];

for (const [title, trigger, dumpAfterMs, serving] of triggers) {
  test(`the trigger ${title}`, async (t) => {
    const { report, engine } = await bakeOnce({ options: { trigger, 'warmup-requests': '/a' }, script: { dumpAfterMs } });
    t.is(report.outcome, 'baked');
    t.deepEqual(report.steps.map(({ step }) => step).slice(2), ['start', ...serving, ...AFTER] as object);
    t.false(report.steps.some(({ detail }) => detail === 'failed'));
    t.is(report.firstResponse?.coldMs !== null, serving.includes('warm-up'));
    t.is(report.warmUp !== null, dumpAfterMs === 60_000);
    t.true(engine.argvs.some((argv) => argv.startsWith('exec') && argv.includes('--trigger wait')));
  });
}

test('an app that triggers by itself is sent no request that nobody asked for', async (t) => {
  const { report } = await bakeOnce({ options: { trigger: 'app' }, script: { dumpAfterMs: 60_000 } });
  t.like(report, { outcome: 'baked', warmUp: null });
});

test('without hooks the report has none, and the manifest’s probe stands for the acknowledgement', async (t) => {
  const { report } = await bakeOnce({ options: { trigger: 'none' }, script: { dump: dumpAnswers().slice(2) } });
  t.like(report, { outcome: 'baked', hooks: null });
  t.is(report.steps.find(({ step }) => step === 'trigger')?.detail, 'no hooks');
});

test('no warm-up where none is asked for', async (t) => {
  const { report } = await bakeOnce({ options: { 'warmup-count': '0' } });
  t.like(report, { outcome: 'baked', warmUp: null });
  t.false(report.steps.some(({ step }) => step === 'warm-up'));
});

test('volumes become a layer', async (t) => {
  const { report, engine, folders } = await bakeOnce({ script: { config: { Volumes: { '/data': {}, '/logs': {} } } } });
  t.is(report.outcome, 'baked');
  const copies = engine.argvs.filter((argv) => argv.endsWith('/. -'));
  t.deepEqual(copies, [`cp ${CONTAINER}:/data/. -`, `cp ${CONTAINER}:/logs/. -`]);
  t.true(engine.argvs.some((argv) => argv.startsWith('build --progress plain --tag crac-bake-run/01234567:restore')));
  t.is(folders.size, 0);
});

const WARNINGS: readonly [title: string, answers: string[], warning: RegExp][] = [
  [
    'a Resource that was collected',
    dumpAnswers().map((line) => line.replace('"collected":[]', '"collected":["org.example.Lost"]')),
    /^A Resource of org\.example\.Lost was garbage-collected before the checkpoint/,
  ],
  [
    'an open connection',
    dumpAnswers().map((line) =>
      line.replace('"established":[]', '"established":[{"local":"1.1.1.1:1","remote":"10.0.0.3:5432","pid":513}]'),
    ),
    /^A connection to 10\.0\.0\.3:5432 was open at the checkpoint/,
  ],
  ['a kernel without clocks of their own', dumpAnswers({ clock: 'host' }), /^This kernel gave the app no clock of its own/],
];

for (const [title, dump, warning] of WARNINGS) {
  test(`a warning, in report and progress: ${title}`, async (t) => {
    const { report, events } = await bakeOnce({ script: { dump } });
    t.is(report.outcome, 'baked');
    t.is(report.warnings.length, 1);
    t.regex(report.warnings[0] ?? '', warning);
    t.deepEqual(
      events.flatMap((event) => (event.kind === 'warning' ? [event.message] : [])),
      [...report.warnings],
    );
  });
}

test('each step is announced and ended once, in pairs', async (t) => {
  const { events, report } = await bakeOnce();
  const starts = events.flatMap((event) => (event.kind === 'step-start' ? [event.step] : []));
  const ends = events.flatMap((event) => (event.kind === 'step-end' ? [event.step] : []));
  t.deepEqual([...starts].sort(), [...ends].sort());
  t.deepEqual(
    ends,
    report.steps.map(({ step }) => step),
  );
});

test('values of --env and --build-args are in no event, no argv and not in the report', async (t) => {
  const { report, engine, events } = await bakeOnce({
    options: { env: ['PASSWORD=hunter2'], 'build-args': ['TOKEN=hunter2'], 'warmup-headers': 'Authorization: hunter2' },
  });
  t.is(report.outcome, 'baked');
  t.false(JSON.stringify([report, events, engine.argvs]).includes('hunter2'));
  const build = engine.commands.find((command) => command.args.includes('--iidfile'));
  t.is(build?.env?.TOKEN, 'hunter2');
  // The run request reaches the container on standard input.
  const request = engine.commands.find((command) => command.args.join(' ') === `cp - ${CONTAINER}:/`);
  t.true(Buffer.from(request?.input ?? []).includes('hunter2'));
});

test('the proof gets nothing of the environment at bake', async (t) => {
  const { engine } = await bakeOnce({ options: { env: ['PASSWORD=hunter2'] } });
  const proof = engine.argvs.find((argv) => argv.startsWith('run') && argv.includes('01234567-proof')) ?? '';
  t.notRegex(proof, /PASSWORD|JAVA_TOOL_OPTIONS|--privileged/);
});

test('twins: two restores at once, whose session ids are compared', async (t) => {
  const cookie = (value: (container: string, n: number) => string) => ({
    restored: {
      readyAfterMs: 100,
      log: RESTORED_LOG,
      headers: (container: string, n: number) => ({ 'set-cookie': `SID=${value(container, n)}` }),
    },
  });
  const id = (seed: number) => `0123456789abcdef${String(seed).padStart(8, '0')}`;
  const good = await bakeOnce({
    script: cookie((container, n) => id(n + (container.endsWith('twin') ? 1000 : 0))),
    options: { prove: 'twins' },
  });
  t.like(good.report, { outcome: 'baked', twins: { compared: ['cookie SID of GET /'] } });
  t.deepEqual(good.engine.left.containers, []);
  t.is(good.engine.argvs.filter((argv) => /^run .*01234567-(?:proof|twin) /.test(argv)).length, 2);
  const alike = await bakeOnce({ script: cookie((_, n) => id(n)), options: { prove: 'twins' } });
  t.like(alike.report, { outcome: 'proof', error: { code: 'twins-alike', details: 'cookie SID of GET /' } });
  t.deepEqual(alike.engine.left.containers, []);
  const none = await bakeOnce({ options: { prove: 'twins' } });
  t.like(none.report, { outcome: 'baked', twins: { compared: [] } });
  t.regex(none.report.warnings.join(), /no answer held an identifier/);
});

test('the proof is under the profile, unless the user wants none or the engine can apply none', async (t) => {
  const proofOf = (engine: { argvs: readonly string[] }) => engine.argvs.find((argv) => /^run .*01234567-proof /.test(argv)) ?? '';
  const usual = await bakeOnce();
  t.regex(proofOf(usual.engine), / --security-opt seccomp=\/package\/seccomp\.json /);
  t.regex(usual.report.runWith?.docker ?? '', / --security-opt seccomp=crac-bake-seccomp\.json /);
  const none = await bakeOnce({ options: { seccomp: 'unconfined' } });
  t.regex(proofOf(none.engine), / --security-opt seccomp=unconfined /);
  t.deepEqual(none.report.warnings, []);
  const cannot = await bakeOnce({ script: { securityOptions: [] } });
  t.regex(proofOf(cannot.engine), / --security-opt seccomp=unconfined /);
  t.regex(cannot.report.warnings.join(), /^This engine applies no seccomp profiles/);
  t.is(cannot.report.runWith?.profile, null);
});
