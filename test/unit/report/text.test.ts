import test from 'ava';
import { BakeError, ERRORS, type ErrorCode, EXIT_CODES } from '../../../src/errors.ts';
import { deployLines } from '../../../src/image/deploy-lines.ts';
import { type BakeReport, reportError } from '../../../src/report/report.ts';
import { renderError, renderResult } from '../../../src/report/text.ts';

const BAKED: BakeReport = {
  version: 1,
  tool: 'crac-bake 0.1.0',
  run: 'r',
  outcome: 'baked',
  exitCode: 0,
  tags: ['app:crac', 'app:1-crac'],
  app: { name: 'app:1', id: 'sha256:1' },
  image: { id: 'sha256:2', sizeBytes: 1 },
  digest: null,
  pushed: null,
  engine: { name: 'criu', jvm: null, criuVersion: '4.2.1' },
  steps: [],
  firstResponse: { request: 'http:8080/', coldMs: 2900.4, restoredMs: 290.04 },
  warmUp: {
    end: { kind: 'done' },
    planned: 2,
    sent: 2,
    failed: 0,
    failures: [],
    elapsedMs: 10,
    latency: [
      { count: 1, p50Ms: 12.34, p95Ms: 20 },
      { count: 1, p50Ms: 1.26, p95Ms: 2 },
    ],
    settled: true,
  },
  hooks: {
    elapsedMs: 12.6,
    javaVersion: '21',
    resources: [{ class: 'org.example.Pool', phase: 'beforeCheckpoint', elapsedMs: 9.25, outcome: 'ok', error: null, stack: null }],
    collected: [],
    scheduled: [],
    randoms: [],
  },
  connections: null,
  checkpoint: { bytes: 123_400_000, files: 20, pid: 513, uid: 1000, threads: 30, residentBytes: 1, clock: 'near-zero' },
  restore: { gateMs: 1.5, handOverMs: 0.5, criuMs: 48, acknowledgedMs: 11, totalMs: 61 },
  twins: null,
  runWith: deployLines({
    image: 'app:crac',
    capabilities: ['CHECKPOINT_RESTORE', 'SETPCAP'],
    seccomp: '/package/seccomp.json',
    root: false,
    identity: undefined,
    port: 8080,
  }),
  warnings: [],
  error: null,
};

test('a success tells tags, both figures, checkpoint, warm-up, hooks and how to run it', (t) => {
  const text = renderResult(BAKED);
  t.true(
    text.startsWith(`Baked app:crac, app:1-crac
  First answer   cold 2900 ms, restored 290 ms, 10.0 times faster (container start included)
  Checkpoint     123 MB, process 513, user 1000, 30 threads
  Restore        61.0 ms: CRIU 48.0, the app’s answer 11.0, crac-init’s own 2.0
  Warm-up        median 12.3 ms at first, 1.3 ms at the end, settled
  Hooks          1 before the checkpoint, 13 ms
         9.3 ms  org.example.Pool

The seccomp profile that they name:
  npx crac-bake seccomp > crac-bake-seccomp.json

Run it:
  docker run --rm --cap-drop ALL`),
  );
  t.regex(text, /\nCompose:\n {2}services:\n/);
  t.regex(text, /\nKubernetes:\n {2}# on every node: .+\n {2}containers:\n/);
});

test('without a cold figure there is no comparison', (t) => {
  const text = renderResult({ ...BAKED, firstResponse: { request: 'x', coldMs: null, restoredMs: 50 } });
  t.regex(text, /First answer {3}restored 50 ms \(container start included\)/);
});

test('an app image that was tagged unchanged is told as such', (t) => {
  const text = renderResult({
    ...BAKED,
    outcome: 'plain',
    firstResponse: null,
    warmUp: null,
    hooks: null,
    checkpoint: null,
    restore: null,
    runWith: null,
  });
  t.is(text, 'Tagged unchanged: app:crac, app:1-crac\n');
});

test('a failure leaves nothing on stdout', (t) => {
  t.is(renderResult({ ...BAKED, outcome: 'proof', exitCode: 16 }), '');
});

const FAILED = reportError(
  new BakeError('app-exited', 'ready', 'The app ended with exit code 1', { details: 'line one\nline two', log: ['a', 'b'] }),
);

test('an error says what failed in which step, why, the lines that matter, and what to do', (t) => {
  t.is(
    renderError(FAILED, false),
    `Error: The app ended with exit code 1 [app-exited, step ready]
  line one
  line two

  | a
  | b

What to do: Run the image with docker run; its last lines are below.
`,
  );
});

const GHOST = reportError(
  new BakeError('criu-failed', 'dump', 'CRIU could not dump the process', {
    details: "criu dump exited with 1: Can't dump ghost file /tmp/x of 2097152 size, increase limit",
    log: [
      '(00.01) Dumping path for 3 fd',
      "(00.02) Error (criu/files-reg.c:1031): Can't dump ghost file /tmp/x of 2097152 size, increase limit",
      '(00.03) Error (criu/cr-dump.c:1975): Dumping FAILED.',
    ],
  }),
);

test('a known failure: its cause in words, CRIU’s errors alone, its remedy and its section', (t) => {
  t.is(GHOST.failure?.id, 'criu-ghost');
  const lines = renderError(GHOST, false).split('\n');
  t.is(lines[0], 'Error: CRIU could not dump the process [criu-failed, step dump]');
  t.is(lines[1], `  ${GHOST.failure?.cause} [criu-ghost]`);
  t.is(lines.filter((line) => line.startsWith('  | ')).length, 2);
  t.deepEqual(lines.slice(-3), [`What to do: ${GHOST.failure?.remedy}`, 'More: docs/failures.md#criu-ghost', '']);
  t.true(renderError(GHOST, true).includes('Dumping path'));
});

test('errors that say all by themselves are not searched for a known failure', (t) => {
  t.is(reportError(new BakeError('usage', 'options', 'no space left on device')).failure, null);
  t.is(reportError(new BakeError('not-ready', 'ready', 'x', { log: ['Connection refused'] })).failure, null);
});

test('an error’s own remedy stands in place of the general one', (t) => {
  const text = renderError(reportError(new BakeError('usage', 'options', 'x', { remedy: 'Do this.' })), false);
  t.is(text, 'Error: x [usage, step options]\nWhat to do: Do this.\n');
});

test('the stack of a bug is shown only where asked for', (t) => {
  const bug = reportError(new BakeError('bug', 'options', 'oops', { log: ['at main.ts:1'] }));
  t.false(renderError(bug, false).includes('at main.ts'));
  t.true(renderError(bug, true).includes('at main.ts'));
});

test('nothing that an app writes steers the terminal or begins a line', (t) => {
  const evil = '\x1b[2J\x1b]0;owned\x07\r::set-output name=a::b';
  const text = renderError({ ...FAILED, details: evil, log: [evil] }, false);
  t.notRegex(text, /[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
  t.notRegex(text, /^\s*::/m);
  const result = renderResult({
    ...BAKED,
    hooks: {
      elapsedMs: 1,
      javaVersion: '',
      collected: [],
      scheduled: [],
      randoms: [],
      resources: [{ class: evil, phase: '', elapsedMs: 1, outcome: 'ok', error: null, stack: null }],
    },
  });
  t.notRegex(result, /[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
});

for (const [code, entry] of Object.entries(ERRORS)) {
  test(`the failure ${code} has a sentence, a remedy and an exit code`, (t) => {
    t.regex(entry.meaning, /^\S.*\.$/);
    t.regex(entry.remedy, /^[A-Z].*[.?]$/);
    const error = new BakeError(code as ErrorCode, 'options', 'x');
    t.is(error.exitCode, EXIT_CODES[entry.outcome]);
    t.true(error.exitCode > 0);
  });
}

test('a CRaC JDK is named, with the CRIU that worked for it', (t) => {
  const jvm = {
    vendor: 'BellSoft',
    version: '21.0.5',
    build: '',
    flags: [],
    engine: 'criuengine',
    hasJcmd: true,
    ownCriu: null,
    criu: 'ours',
  } as const;
  const text = renderResult({ ...BAKED, engine: { name: 'crac', criuVersion: '4.2.1', jvm } });
  t.true(text.includes('\n  CRaC JDK       BellSoft, Java 21.0.5; engine criuengine with our CRIU; the JDK brings none\n'));
});
