import test, { type ExecutionContext } from 'ava';
import { ERRORS, type ErrorCode, EXIT_CODES } from '../../src/errors.ts';
import type { ReportedError } from '../../src/report/report.ts';
import { renderError } from '../../src/report/text.ts';
import { bakeOnce, dumpAnswers, dumpFails, type Given } from './bench.ts';

const failing = (verb: string, stderr: string, also: (argv: readonly string[]) => boolean = () => true) => ({
  fail: (argv: readonly string[]) => (argv[0] === verb && also(argv) ? { exitCode: 1, stderr } : undefined),
});

const has = (word: string) => (argv: readonly string[]) => argv.some((each) => each.includes(word));

const BAD_HOOK = {
  class: 'org.example.Pool',
  phase: 'beforeCheckpoint',
  elapsedMs: 1,
  outcome: 'failed',
  error: 'java.lang.IllegalStateException: busy',
  stack: 'at Pool.java:7\nat x',
};

interface Expected {
  readonly code: ErrorCode;
  readonly step: string;
  readonly message: string | RegExp;
  readonly details?: string | RegExp;
  readonly log?: readonly string[];
  readonly remedy?: RegExp;
  /** Id of the known failure that the report names; null where it names none. */
  readonly failure?: string | null;
}

const failures: readonly [title: string, given: Given, expected: Expected][] = [
  [
    'no tag',
    { options: { tags: '' } },
    { code: 'usage', step: 'options', message: 'There is no tag for the restore image', remedy: /--tag NAME:TAG/ },
  ],
  ['an invalid tag', { options: { tags: 'App:1' } }, { code: 'invalid-tag', step: 'options', message: '"App:1" is not a valid tag' }],
  ['a probe that is none', { options: { ready: 'ftp:21' } }, { code: 'usage', step: 'options', message: /^--ready takes/ }],
  [
    'a warm-up request that is none',
    { options: { 'warmup-requests': 'nonsense' } },
    { code: 'usage', step: 'options', message: /^--warmup-requests takes/ },
  ],
  [
    'no docker',
    { script: { fail: () => ({ exitCode: 127 }) } },
    { code: 'no-engine', step: 'check-host', message: 'There is no docker command' },
  ],
  [
    'no daemon',
    { script: failing('info', 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.') },
    {
      code: 'no-engine',
      step: 'check-host',
      message: 'No Docker Engine answers',
      details: /^Cannot connect/,
      failure: 'docker-unreachable',
    },
  ],
  [
    'another platform',
    { options: { platform: 'linux/arm64' } },
    { code: 'wrong-architecture', step: 'build', message: /^--platform linux\/arm64/ },
  ],
  [
    'no Dockerfile',
    { options: { context: 'app' }, missing: ['app/Dockerfile'] },
    { code: 'dockerfile-missing', step: 'build', message: 'There is no app/Dockerfile' },
  ],
  [
    'a build that fails',
    { script: failing('build', '#5 ERROR: exit code 1\nERROR: failed to solve') },
    { code: 'build-failed', step: 'build', message: 'docker build failed', log: ['#5 ERROR: exit code 1', 'ERROR: failed to solve'] },
  ],
  [
    'a build without room',
    { script: failing('build', 'write /var/lib/docker/x: no space left on device') },
    { code: 'no-space', step: 'build', message: 'docker build failed' },
  ],
  [
    'an image that is nowhere',
    { options: { image: 'app:1' } },
    { code: 'image-not-found', step: 'build', message: 'There is no image app:1', details: /pull access denied/ },
  ],
  [
    'an image of another architecture',
    { script: { architecture: 'arm64', images: ['app:1'] }, options: { image: 'app:1' } },
    { code: 'wrong-architecture', step: 'build', message: 'app:1 is for linux/arm64, the engine is linux/amd64' },
  ],
  [
    'an image that is baked already',
    {
      script: {
        images: ['app:1'],
        config: { Labels: { 'io.github.crac-bake.engine': 'criu', 'org.opencontainers.image.base.name': 'app:base' } },
      },
      options: { image: 'app:1' },
    },
    { code: 'already-baked', step: 'build', message: 'app:1 is a restore image already', remedy: /: app:base$/ },
  ],
  [
    'an image without entrypoint and command',
    { script: { config: { Entrypoint: null } } },
    { code: 'no-entrypoint', step: 'options', message: /has neither entrypoint nor command$/ },
  ],
  [
    'a helper that cannot be built',
    { script: { hasHelper: false, ...failing('build', 'E: no network', has('/package/helper')) } },
    { code: 'no-helper', step: 'check-host', message: /from debian:testing-slim$/ },
  ],
  [
    'a helper that cannot be read',
    { script: failing('create', 'Error response from daemon: no', has('-helper')) },
    { code: 'no-helper', step: 'check-host', message: /^CRIU could not be read/ },
  ],
  [
    'a host that cannot dump',
    { script: { tinyDump: dumpFails('criu-failed', { logTail: 'Error (criu/x.c:1): no\n' }) } },
    {
      code: 'host-cannot-checkpoint',
      step: 'check-host',
      message: /^A tiny process/,
      details: 'the runtime says criu-failed',
      log: ['Error (criu/x.c:1): no'],
    },
  ],
  [
    'a host that cannot restore',
    { script: { tinyRestored: { exitsAfterMs: 20, exitCode: 80, log: ['crac-init: not restored (criu-restore): EPERM'] } } },
    {
      code: 'host-cannot-checkpoint',
      step: 'check-host',
      message: /^A tiny process/,
      details: 'crac-init: not restored (criu-restore): EPERM',
    },
  ],
  [
    'a container that cannot be created',
    { script: failing('create', 'Error response from daemon: no such runtime', has('01234567-bake')) },
    { code: 'start-failed', step: 'start', message: 'The bake container could not be started', details: /no such runtime/ },
  ],
  [
    'an app that ends at once',
    { script: { app: { exitsAfterMs: 0, exitCode: 3, log: ['no database'] } } },
    { code: 'app-exited', step: 'start', message: 'The app ended with exit code 3 before it was ready', log: ['no database'] },
  ],
  [
    'an app that ends while it starts',
    { script: { app: { exitsAfterMs: 500, exitCode: 1, log: ['starting', 'Exception in thread "main"'] } } },
    {
      code: 'app-exited',
      step: 'ready',
      message: 'The app ended with exit code 1 before it was ready',
      log: ['starting', 'Exception in thread "main"'],
    },
  ],
  [
    'an app that ends without a word',
    { script: { app: { exitsAfterMs: 500, exitCode: 0 } } },
    { code: 'app-exited', step: 'ready', message: /exit code 0/, details: 'It wrote nothing.' },
  ],
  [
    'an app that is never ready',
    { script: { app: { log: ['waiting'] } }, options: { 'ready-timeout': '5s' } },
    {
      code: 'not-ready',
      step: 'ready',
      message: 'The app was not ready after 5 s',
      details: /connection refused \(\d+ times\)/,
      log: ['waiting'],
    },
  ],
  [
    'a log line that never comes',
    { script: { app: { log: ['waiting'] } }, options: { ready: 'log:Started', 'ready-timeout': '5s' } },
    { code: 'not-ready', step: 'ready', message: /5 s$/, details: /^log:Started: none of 1 lines matches/ },
  ],
  [
    'an app that answers with errors',
    { script: { app: { readyAfterMs: 0, status: () => 503 } }, options: { ready: 'http:8080/health', 'ready-timeout': '5s' } },
    { code: 'not-ready', step: 'ready', message: /5 s$/, details: /status 503 instead of 200-399/ },
  ],
  [
    'a warm-up whose requests fail',
    { script: { app: { readyAfterMs: 0, status: (_, n) => (n > 0 ? 500 : 200) } } },
    { code: 'warm-up-failed', step: 'warm-up', message: /200 of 200 warm-up requests failed/, details: /status 500/ },
  ],
  [
    'an app that dies in the warm-up',
    { script: { app: { readyAfterMs: 0, exitsAtRequest: 50, exitCode: 139, log: ['SIGSEGV'] } } },
    { code: 'app-exited-in-warm-up', step: 'warm-up', message: /exit code 139/, log: ['SIGSEGV'] },
  ],
  [
    'a warm-up that takes too long',
    { options: { 'warmup-timeout': '20ms' } },
    { code: 'warm-up-timeout', step: 'warm-up', message: /of 200 warm-up requests/ },
  ],
  [
    'a warm-up command that is not there',
    { options: { 'warmup-command': 'nope --x' } },
    { code: 'warm-up-failed', step: 'warm-up', message: /^nope could not be started/ },
  ],
  [
    'a warm-up without a port',
    { script: { config: { ExposedPorts: null } }, options: { ready: 'log:Started', 'warmup-requests': '/a' } },
    { code: 'no-probe', step: 'warm-up', message: 'No port is known for the warm-up' },
  ],
  [
    'a hook that throws',
    { script: { dump: dumpFails('hook-failed', { resources: [BAD_HOOK] }) } },
    {
      code: 'hook-failed',
      step: 'trigger',
      message: 'org.example.Pool threw an exception in beforeCheckpoint',
      details: 'org.example.Pool: java.lang.IllegalStateException: busy',
      log: ['at Pool.java:7', 'at x'],
    },
  ],
  [
    'a hook that hangs',
    {
      script: {
        app: {
          readyAfterMs: 0,
          log: ['Full thread dump OpenJDK', '"main" #1', '  at Main.main', '"hook" #2', '  at Pool.beforeCheckpoint'],
        },
        dump: dumpFails('hook-timeout'),
      },
    },
    { code: 'hook-timeout', step: 'trigger', message: /did not end in time/, log: ['"hook" #2', '  at Pool.beforeCheckpoint'] },
  ],
  [
    'no agent',
    { script: { dump: dumpFails('agent-missing') } },
    { code: 'agent-missing', step: 'trigger', message: 'The runtime says agent-missing' },
  ],
  [
    'a trigger that never comes',
    { script: { dump: dumpFails('trigger-timeout') } },
    { code: 'trigger-timeout', step: 'trigger', message: /trigger-timeout$/ },
  ],
  [
    'an app that the kernel kills before it is ready',
    { script: { app: { exitsAfterMs: 500, exitCode: 137, outOfMemory: true } } },
    {
      code: 'app-exited',
      step: 'ready',
      message: 'The kernel killed the app for its memory before it was ready',
      details: /limit 64 MiB/,
      remedy: /^Raise the limit of 64 MiB \(--memory\)/,
      failure: 'oom-137',
    },
  ],
  [
    'an app that the kernel kills in the warm-up, of which only crac-init knows',
    {
      script: {
        app: {
          readyAfterMs: 0,
          exitsAtRequest: 50,
          exitCode: 137,
          log: ['crac-init: the kernel killed for want of memory (limit 96 MiB)'],
        },
      },
    },
    {
      code: 'app-exited-in-warm-up',
      step: 'warm-up',
      message: 'The kernel killed the app for its memory in the warm-up',
      details: /limit 96 MiB/,
      failure: 'oom-137',
    },
  ],
  [
    'an app that the kernel kills at the checkpoint',
    { script: { app: { readyAfterMs: 0, outOfMemory: true }, dump: dumpFails('app-exited', { exitCode: 137 }) } },
    {
      code: 'app-exited-at-checkpoint',
      step: 'dump',
      message: 'The kernel killed for want of memory during the checkpoint',
      failure: 'oom-137',
    },
  ],
  [
    'a restored process that the kernel kills',
    { script: { restored: { exitsAfterMs: 50, exitCode: 137, outOfMemory: true } } },
    {
      code: 'restore-failed',
      step: 'prove',
      message: 'The kernel killed the restored process for its memory',
      remedy: /--memory \d+m or more/,
      failure: 'oom-137',
    },
  ],
  [
    'several JVMs',
    {
      script: { dump: dumpFails('several-jvms', { message: 'several JVMs run in the container: 513 (A), 560 (B)' }) },
    },
    {
      code: 'several-jvms',
      step: 'trigger',
      message: 'Several JVMs run in the container, and nothing says which one is meant',
      details: /560 \(B\)/,
      remedy: /--process PATTERN/,
    },
  ],
  [
    'an app that ends at the checkpoint',
    { script: { dump: dumpFails('app-exited', { exitCode: 137 }) } },
    { code: 'app-exited-at-checkpoint', step: 'dump', message: 'The app ended during the checkpoint with exit code 137' },
  ],
  [
    'CRIU that fails',
    { script: { dump: dumpFails('criu-failed', { logTail: 'Error (criu/files.c:1): no\nError (criu/cr-dump.c:2): Dumping FAILED.\n' }) } },
    {
      code: 'criu-failed',
      step: 'dump',
      message: 'CRIU could not dump the process',
      log: ['Error (criu/files.c:1): no', 'Error (criu/cr-dump.c:2): Dumping FAILED.'],
      failure: null,
    },
  ],
  [
    'CRIU that fails for a known reason',
    {
      script: {
        dump: dumpFails('criu-failed', {
          logTail:
            "Error (criu/files-reg.c:9): Can't dump ghost file /tmp/x of 2097152 size, increase limit\nError (criu/cr-dump.c:2): Dumping FAILED.\n",
        }),
      },
    },
    { code: 'criu-failed', step: 'dump', message: 'CRIU could not dump the process', failure: 'criu-ghost' },
  ],
  [
    'a build that misses a file',
    {
      script: failing(
        'build',
        '#7 ERROR: failed to calculate checksum of ref a::b: "/target/app.jar": not found\nERROR: failed to solve: x',
      ),
    },
    { code: 'build-failed', step: 'build', message: 'docker build failed', failure: 'build-file-missing' },
  ],
  [
    'an app that misses its database',
    {
      script: {
        app: {
          exitsAfterMs: 500,
          exitCode: 1,
          log: ['PSQLException: Connection to db:5432 refused. Check that', 'APPLICATION FAILED TO START'],
        },
      },
    },
    { code: 'app-exited', step: 'ready', message: /exit code 1/, failure: 'app-database' },
  ],
  [
    'a restore that lacks a capability',
    { script: { restored: { exitsAfterMs: 50, exitCode: 80, log: ['crac-init: not restored (capabilities): SETPCAP is missing'] } } },
    { code: 'restore-failed', step: 'prove', message: 'The restore image did not restore', failure: 'capabilities' },
  ],
  [
    'a restore that CRIU gives up',
    {
      script: {
        restored: {
          exitsAfterMs: 50,
          exitCode: 80,
          log: ['crac-init: not restored (criu-restore): criu exited with 1: File app/x has bad size 3 (expect 4)'],
        },
      },
    },
    { code: 'restore-failed', step: 'prove', message: 'The restore image did not restore', failure: 'criu-bad-size' },
  ],
  [
    'CRIU that hangs',
    { script: { dump: dumpFails('criu-timeout') } },
    { code: 'criu-timeout', step: 'dump', message: 'CRIU did not end in time' },
  ],
  [
    'a dump that is not complete',
    { script: { dump: dumpFails('incomplete') } },
    { code: 'checkpoint-incomplete', step: 'dump', message: /incomplete$/ },
  ],
  ['a dump without room', { script: { dump: dumpFails('no-space') } }, { code: 'no-space', step: 'dump', message: /no-space$/ }],
  [
    'a failure that this version does not know',
    { script: { dump: dumpFails('new-code') } },
    { code: 'bug', step: 'dump', message: /unknown failure new-code$/ },
  ],
  ['an answer of another shape', { script: { dump: ['{"event":"dumped","pid":"x"}'] } }, { code: 'bug', step: 'trigger', message: /./ }],
  [
    'a container that ends during the dump',
    { script: { dump: ['{"event":"triggered"}'], app: { readyAfterMs: 0, log: ['last words'] } } },
    { code: 'app-exited-at-checkpoint', step: 'dump', message: /^The bake container ended/, log: ['last words'] },
  ],
  [
    'files that are missing',
    {
      script: {
        dump: dumpAnswers({
          files: [
            { name: 'inventory.img', bytes: 1, sha256: 'x' },
            { name: 'pages-1.img', bytes: 0, sha256: 'x' },
          ],
        }),
      },
    },
    {
      code: 'checkpoint-incomplete',
      step: 'verify',
      message: /not complete$/,
      details: 'Missing or empty: pstree.img, core-513.img, pages-1.img',
    },
  ],
  [
    'a commit that fails',
    { script: failing('commit', 'Error response from daemon: no', has(':restore')) },
    { code: 'assembly-failed', step: 'assemble', message: 'The restore image could not be put together', details: /daemon: no/ },
  ],
  [
    'a commit without room',
    { script: failing('commit', 'write /x: no space left on device', has(':restore')) },
    { code: 'no-space', step: 'assemble', message: /./ },
  ],
  [
    'a proof that cannot start',
    { script: failing('run', 'Error response from daemon: no', has('-bake-01234567-proof')) },
    { code: 'restore-failed', step: 'prove', message: 'The restore image could not be started' },
  ],
  [
    'a proof that ends with 80',
    {
      script: {
        restored: { exitsAfterMs: 50, exitCode: 80, log: ['crac-init: not restored (files): pages-1.img is missing; starting normally'] },
      },
    },
    { code: 'restore-failed', step: 'prove', message: 'The restore image did not restore', details: /^crac-init: not restored \(files\)/ },
  ],
  [
    'a proof that ends with 80 before its ports were asked for',
    { script: { restored: { exitsAfterMs: 0, exitCode: 80, log: ['crac-init: not restored (manifest): unreadable'] } } },
    { code: 'restore-failed', step: 'prove', message: 'The restore image did not restore', details: /manifest/ },
  ],
  [
    'a restored process that ends',
    { script: { restored: { exitsAfterMs: 50, exitCode: 1, log: ['crac-init: restored pid 513 in 61 ms', 'connection lost'] } } },
    {
      code: 'restore-failed',
      step: 'prove',
      message: 'The restored process ended before it answered',
      details: /^The container ended with exit code 1/,
    },
  ],
  [
    'a restored process that never answers',
    { script: { restored: { log: ['crac-init: restored pid 513 in 61 ms'] } }, options: { 'prove-timeout': '3s' } },
    {
      code: 'restored-not-ready',
      step: 'prove',
      message: 'The restored process did not answer',
      log: ['crac-init: restored pid 513 in 61 ms'],
    },
  ],
  [
    'a restored process that answers with errors, and writes of each more than any part of a log that is looked at',
    {
      script: {
        restored: { log: ['crac-init: restored pid 513 in 61 ms', ...Array.from({ length: 2000 }, (_, n) => `at com.acme.Shop(${n})`)] },
      },
      options: { 'prove-timeout': '3s' },
    },
    { code: 'restored-not-ready', step: 'prove', message: 'The restored process did not answer' },
  ],
  [
    'a tag that is refused',
    { script: failing('tag', 'Error response from daemon: refused', has('app:crac')) },
    { code: 'tag-failed', step: 'tag', message: 'The restore image could not be tagged', details: /refused/ },
  ],
];

/** Headline and cause are sentences: no stack trace, no line of CRIU or of a compiler. */
function saysItInWords(t: ExecutionContext, error: ReportedError): void {
  const [headline = '', cause = ''] = renderError(error, false).split('\n');
  for (const line of error.failure === null ? [headline] : [headline, cause]) {
    t.notRegex(line, /Error \(|\.[ch]:\d+|^\s*at |\(\w+\.java:\d+\)|\{"/);
    t.regex(line, /^(?:Error: |\s+)\S.* \[[a-z0-9-]+(?:, step [a-z-]+)?\]$/);
  }
  if (error.failure !== null) {
    t.true(cause.includes(error.failure.cause));
    t.true(renderError(error, false).includes(`What to do: ${error.failure.remedy}`));
  }
}

for (const [title, given, expected] of failures) {
  test(`a failure with its name, and nothing left: ${title}`, async (t) => {
    const { report, engine, folders } = await bakeOnce(given);
    const { code } = expected;
    t.like(report, { outcome: ERRORS[code].outcome, exitCode: EXIT_CODES[ERRORS[code].outcome], tags: [], image: null, runWith: null });
    t.like(report.error, { code, step: expected.step });
    for (const key of ['message', 'details'] as const) {
      const wanted = expected[key];
      if (typeof wanted === 'string') t.is(report.error?.[key], wanted);
      else if (wanted !== undefined) t.regex(report.error?.[key] ?? '', wanted);
    }
    if (expected.log !== undefined) t.deepEqual([...(report.error?.log ?? [])], [...expected.log]);
    t.regex(report.error?.remedy ?? '', expected.remedy ?? /^[A-Z].*/);
    t.deepEqual(engine.left, { containers: [], images: [] });
    t.is(folders.size, 0);
    t.deepEqual(engine.uncaught, []);
    t.deepEqual([...report.warnings], []);
    if (expected.failure !== undefined) t.is(report.error?.failure?.id ?? null, expected.failure);
    if (report.error !== null) saysItInWords(t, report.error);
  });
}

test('options that no image can satisfy are refused before docker is asked anything', async (t) => {
  const { engine } = await bakeOnce({ options: { ready: 'ftp:21' } });
  t.deepEqual(engine.argvs, []);
});

for (const [title, script] of [
  ['the build', failing('build', 'no')],
  ['the host’s check', failing('create', 'no', has('-helper'))],
] as const) {
  test(`a failure of ${title} ends what runs beside it`, async (t) => {
    const { report, events } = await bakeOnce({ script: { ...script, buildMs: title === 'the build' ? 1 : 60_000 } });
    const ends = events.flatMap((event) => (event.kind === 'step-end' ? [event] : []));
    t.deepEqual(
      ends.map(({ detail }) => detail),
      ['failed', 'failed'],
    );
    t.true(report.steps.every(({ elapsedMs }) => elapsedMs < 1000));
    t.is(report.error?.step, title === 'the build' ? 'build' : 'check-host');
  });
}

test('the failed step is the last one of the report', async (t) => {
  const { report } = await bakeOnce({ script: { app: { exitsAfterMs: 500 } } });
  t.like(report.steps.at(-1), { step: 'ready', detail: 'failed' });
});

test('a clean-up that fails is a warning that says what to do, and changes nothing else', async (t) => {
  const { report } = await bakeOnce({ script: failing('ps', 'Error response from daemon: busy') });
  t.is(report.outcome, 'baked');
  t.is(report.warnings.length, 1);
  t.regex(report.warnings[0] ?? '', /^The clean-up failed: .*busy\. Run crac-bake clean\.$/);
});

test('the clean-up waits for an engine that is being restarted', async (t) => {
  let down = 3;
  const gone = (argv: readonly string[]) =>
    argv[0] === 'ps' && down-- > 0 ? { exitCode: 1, stderr: 'error during connect: Get "http://x": EOF' } : undefined;
  const { report, engine } = await bakeOnce({ script: { fail: gone } });
  t.is(report.outcome, 'baked');
  t.deepEqual([...report.warnings], []);
  t.deepEqual(engine.left, { containers: [], images: ['app:crac'] });
});

test('an engine that goes away is named as such, in every step', async (t) => {
  for (const [step, verb, holds] of [
    ['start', 'create', '01234567-bake'],
    ['assemble', 'commit', ':restore'],
    ['prove', 'run', '01234567-proof'],
    ['tag', 'tag', ':restore'],
  ] as const) {
    const script = failing(verb, 'error during connect: Post "http://%2Fx/v1.45/y": EOF', has(holds));
    const { report } = await bakeOnce({ script });
    t.like(report.error, { code: 'engine-lost', step }, step);
    t.regex(report.error?.details ?? '', /error during connect: EOF$/);
  }
});

const FORGIVEN: readonly [title: string, given: Given, forgiven: boolean][] = [
  ['a dump that fails', { script: { dump: dumpFails('criu-failed') } }, true],
  ['an assembly that fails', { script: failing('commit', 'no', has(':restore')) }, true],
  ['a proof that fails', { script: { restored: { exitsAfterMs: 50, exitCode: 80 } } }, true],
  ['a disk that is full', { script: { dump: dumpFails('no-space') } }, true],
  ['a host that cannot, while the image is still being built', { script: { tinyDump: dumpFails('criu-failed') } }, true],
  ['a build that fails', { script: failing('build', 'no') }, false],
  ['an app that ends', { script: { app: { exitsAfterMs: 500 } } }, false],
  ['an app that is never ready', { script: { app: {} }, options: { 'ready-timeout': '1s' } }, false],
  ['a warm-up that fails', { script: { app: { readyAfterMs: 0, status: (_, n) => (n > 0 ? 500 : 200) } } }, false],
  ['an invalid tag', { options: { tags: 'App' } }, false],
];

for (const [title, given, forgiven] of FORGIVEN) {
  test(`--on-failure plain ${forgiven ? 'forgives' : 'does not forgive'} ${title}`, async (t) => {
    const { report, engine } = await bakeOnce({ ...given, options: { 'on-failure': 'plain', ...given.options } });
    t.is(report.outcome === 'plain', forgiven);
    t.is(report.exitCode === 0, forgiven);
    t.not(report.error, null);
    t.deepEqual(engine.left, { containers: [], images: forgiven ? ['app:crac'] : [] });
    if (!forgiven) return;
    t.deepEqual([...report.tags], ['app:crac']);
    t.deepEqual(engine.images.get('app:crac')?.config.Entrypoint, ['java', '-jar', '/app.jar']);
    t.regex(report.warnings.at(-1) ?? '', /^Not baked: .*\. The app image was tagged unchanged; it starts normally/);
  });
}

test('where the app image cannot be tagged either, the failure stands', async (t) => {
  const script = { dump: dumpFails('criu-failed'), ...failing('tag', 'refused', has('app:crac')) };
  const { report } = await bakeOnce({ script, options: { 'on-failure': 'plain' } });
  t.like(report, { outcome: 'checkpoint', exitCode: 14, tags: [] });
  t.regex(report.warnings.at(-1) ?? '', /could not be tagged either/);
});

const THREE_TAGS = ['app:crac', 'app:2', 'app:3'].join('\n');
const isTag = (tag: string) => (argv: readonly string[]) =>
  argv[0] === 'tag' && argv.at(-1) === tag && (argv[1] ?? '').startsWith('crac-bake-run/');

test('a second tag that is refused: the first stands again for what it stood for', async (t) => {
  let failed = false;
  const fail = (argv: readonly string[]) => {
    if (!isTag('app:2')(argv)) return undefined;
    failed = true;
    return { exitCode: 1, stderr: 'Error response from daemon: reference is locked' };
  };
  for (const images of [[], ['app:crac']]) {
    const { report, engine } = await bakeOnce({ script: { fail, images }, options: { tags: THREE_TAGS } });
    t.true(failed);
    t.like(report.error, { code: 'tag-failed', step: 'tag' });
    t.deepEqual([...report.tags], []);
    t.deepEqual([...report.warnings], []);
    t.deepEqual(engine.left, { containers: [], images: [] });
    if (images.length > 0) t.true(engine.images.has('app:crac'));
  }
});

test('an engine that goes away between two tags and stays away: the warning says which tags were moved', async (t) => {
  let away = false;
  const fail = (argv: readonly string[]) => {
    away ||= isTag('app:2')(argv);
    return away ? { exitCode: 1, stderr: 'error during connect: Post "http://%2Fx/v1.45/y": EOF' } : undefined;
  };
  const { report } = await bakeOnce({ script: { fail }, options: { tags: THREE_TAGS } });
  t.like(report.error, { code: 'engine-lost', step: 'tag' });
  t.regex(
    report.warnings[0] ?? '',
    /^The engine was away .*; moved to the new image, which was proved: app:crac; moved or not: app:2; not moved: app:3\.$/,
  );
});
