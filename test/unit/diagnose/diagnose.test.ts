import test from 'ava';
import { diagnoseText } from '../../../src/diagnose/diagnose.ts';
import { ALL_SAMPLES, brokenOnPurpose, KNOWN_LINES, MORE_LOGS, transcript, transcriptNames } from './fixtures.ts';

/** Whether an id is the wanted one or a more specific case of it. */
const fits = (id: string | undefined, wanted: string) => id === wanted || id?.startsWith(`${wanted}-`) === true;

test('the samples are all there', (t) => {
  t.is(KNOWN_LINES.length, 120);
  t.true(MORE_LOGS.length > 120);
});

test('every known line gets its id or a more specific one', (t) => {
  for (const { id, log } of KNOWN_LINES) t.true(fits(diagnoseText(log).root?.id, id), `${id}, not ${diagnoseText(log).root?.id}: ${log}`);
});

test('every other sample gets its very id', (t) => {
  for (const { id, log } of MORE_LOGS) t.is(diagnoseText(log).root?.id, id, log);
});

const RUNS: Readonly<Record<string, string>> = {
  'checkpoint-caps-but-seccomp': 'criu-kdat-init-netns',
  'checkpoint-file': 'crac-open-file',
  'checkpoint-file-stacktraces': 'crac-open-socket-java-listening',
  'checkpoint-flag-missing': 'crac-not-configured',
  'checkpoint-hookfail': 'crac-hook-failed',
  'checkpoint-listen': 'crac-open-socket-java-listening',
  'checkpoint-no-capabilities': 'criu-caps',
  'checkpoint-nopad': 'crac-checkpoint-ok',
  'checkpoint-ok': 'crac-checkpoint-ok',
  'checkpoint-self': 'crac-checkpoint-ok',
  'checkpoint-stdin': 'criu-log-cut-off',
  'checkpoint-wrong-target': 'jcmd-no-process',
  'restore-app-triggered-ok': 'criu-harmless',
  'restore-dir-missing': 'criu-image-dir',
  'restore-empty-dir': 'criu-image-empty',
  'restore-file-changed': 'criu-bad-size',
  'restore-hook-fails': 'criu-harmless',
  'restore-inventory-missing': 'criu-image-empty',
  'restore-no-capabilities': 'criu-caps',
  'restore-ok': 'criu-harmless',
  'restore-with-new-options': 'criu-harmless',
};

test('every recorded run has its failure', (t) => {
  t.deepEqual(Object.fromEntries(transcriptNames().map((name) => [name, diagnoseText(transcript(name)).root?.id])), RUNS);
});

test('values of the log are in the sentences', (t) => {
  const { root } = diagnoseText(transcript('restore-file-changed'));
  t.is(
    root?.cause,
    'The file opt/jdk/lib/modules had 130045067 bytes at the checkpoint and has 130045069 now: this is another image, or the file has grown.',
  );
  t.true(root?.text.startsWith('129: Error'));
  t.is(root?.link, 'docs/failures.md#criu-bad-size');
});

test('of independent refusals the first is the root and the others are named too', (t) => {
  const { root, others, along } = diagnoseText(transcript('checkpoint-file-stacktraces'));
  t.is(root?.id, 'crac-open-socket-java-listening');
  t.true(root?.cause.includes('port 8080'));
  t.deepEqual(
    others.map(({ id, cause }) => [id, cause.includes('/etc/passwd')]),
    [['crac-open-file', true]],
  );
  t.deepEqual(
    along.map(({ id }) => id),
    ['jcmd-exception', 'crac-generic'],
  );
});

const NOISE = [
  '2026-01-01T10:00:00.000Z  WARN 1 --- [main] c.a.Retry : Connection refused: config/10.0.0.1:8888, trying again',
  '(00.000100) Version: 4.2 (gitid 0)',
  '(00.000110) Running on build-1 Linux 6.18.5-amd64 #1 SMP x86_64',
  "(00.010000) Error (criu/util.c:1533): rlimit: Can't setup RLIMIT_NOFILE for self: Operation not permitted",
  '(00.010100) Error (criu/tun.c:85): tun: Unable to create tun: No such file or directory',
  "(00.020000) Warn  (criu/files-reg.c:1714): Can't lookup mount=1 for fd=3 path=/x",
];

test('noise, two failures and an umbrella: the first failure is the root', (t) => {
  const { root, others, along } = diagnoseText(
    [
      ...NOISE,
      '(00.030000) Error (criu/sk-inet.c:189): Connected TCP socket, consider using --tcp-established option.',
      '(00.030100) Error (criu/file-lock.c:110): Some file locks are hold by dumping tasks! You can try --file-locks to dump them.',
      '(00.030200) Error (criu/cr-dump.c:1349): Dump files (pid: 513) failed with -1',
      '(00.040000) Error (criu/cr-dump.c:2128): Dumping FAILED.',
      'Error response from daemon: runc did not terminate successfully: exit status 1: criu failed: type DUMP errno 0',
    ].join('\n'),
  );
  t.is(root?.id, 'criu-tcp-est');
  t.deepEqual(
    others.map(({ id }) => id),
    ['criu-locks'],
  );
  t.true(['criu-dump-failed', 'runc-criu', 'criu-dump-part-failed'].every((id) => along.some((named) => named.id === id)));
});

test('the umbrella may come first, as where logs are put together', (t) => {
  const { root } = diagnoseText(
    [
      'jdk.crac.CheckpointException',
      'CRIU failed with exit code 1 - check /cr/dump4.log',
      '(00.03) Error (criu/x.c:1): Dumping FAILED.',
      ...NOISE,
      "(00.02) Error (criu/files-reg.c:1031): Can't dump ghost file /tmp/x of 2097152 size, increase limit",
    ].join('\n'),
  );
  t.is(root?.id, 'criu-ghost');
  t.true(root?.remedy.includes('2097152'));
});

test('errors of CRIU before its word of success are none', (t) => {
  const log = [
    '(00.01) Error (criu/net.c:3967): net: Unable create a network namespace: Operation not permitted',
    "(00.05) Error (criu/x.c:1): Can't lookup mount=1 for fd=3",
    '(00.1) Dumping finished successfully',
  ];
  t.is(diagnoseText(log.join('\n')).root?.id, 'crac-checkpoint-ok');
});

test('a second run that fails after one that was good', (t) => {
  const log = [
    '(00.1) Dumping finished successfully',
    '(00.01) Error (criu/sk-inet.c:174): In-flight connection (l) for 1a2b',
    '(00.1) Error (criu/cr-dump.c:1): Dumping FAILED.',
  ];
  t.is(diagnoseText(log.join('\n')).root?.id, 'criu-in-flight');
});

test('what another failure has brought about is not the root, whichever comes first', (t) => {
  const { root } = diagnoseText(
    'Error (criu/cr-restore.c:1552): 129 killed by signal 9: Killed\nMemory cgroup out of memory: Killed process 12345 (java)',
  );
  t.is(root?.id, 'oom-137');
  t.true(root?.cause.includes('java'));
});

test('an error that nobody knows makes the answer unknown, though it ends with a known line', (t) => {
  const { root, along, evidence } = diagnoseText(
    [
      ...NOISE.slice(3, 5),
      '(00.03) Error (criu/new.c:7): frobnication of 12 impossible',
      '(00.04) Error (criu/cr-dump.c:2128): Dumping FAILED.',
    ].join('\n'),
  );
  t.is(root, undefined);
  t.deepEqual(
    evidence.map(({ text }) => text),
    ['(00.03) Error (criu/new.c:7): frobnication of 12 impossible', '(00.04) Error (criu/cr-dump.c:2128): Dumping FAILED.'],
  );
  t.true(along.some(({ id }) => id === 'criu-dump-failed'));
});

test('a consequence is named with the unknown line before it', (t) => {
  const { root, evidence } = diagnoseText(
    '(00.03) Error (criu/new.c:7): odd mapping\n(00.04) Error (criu/cr-dump.c:1): Collect mappings (pid: 7) failed with -1',
  );
  t.is(root?.id, 'criu-collect-maps');
  t.deepEqual(
    evidence.map(({ number }) => number),
    [1],
  );
});

for (const [title, log] of [
  ['nothing', ''],
  ['blank lines', '\n\n \n'],
  ['a good start', 'Started Shop in 3.1 seconds\nTomcat started on port 8080'],
  ['words of failure in a good log', 'INFO errors=0 failed=0\n0 errors, 0 failures\nError handler registered'],
  ['a stack trace that nobody knows', 'java.lang.IllegalStateException: the moon is full\n\tat com.acme.Moon.rise(Moon.java:1)'],
  ['bytes', String.fromCharCode(...Array.from({ length: 4000 }, (_, i) => (i * 7919) % 256))],
] as const) {
  test(`unknown stays unknown: ${title}`, (t) => {
    t.is(diagnoseText(log).root, undefined);
  });
}

const DRESSES: readonly [title: string, dress: (line: string) => string][] = [
  ['Windows line ends', (line) => `${line}\r`],
  ['colours', (line) => `\x1b[31;1m${line}\x1b[0m`],
  ['a container’s time stamp', (line) => `2026-01-01T10:00:00.123456789Z ${line}`],
  ['Maven’s level', (line) => `[ERROR] [INFO] ${line}`],
  ['compose’s prefix', (line) => `shop-1  | ${line}`],
  ['a build’s step', (line) => `#12 3.456 ${line}`],
  ['a workflow’s time and level', (line) => `2026-01-01T10:00:00.1234567Z ##[error]${line}`],
  ['JSON of the engine', (line) => JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: '2026-01-01T10:00:00Z' })],
  ['typographic quotes', (line) => line.replaceAll("'", '’')],
  ['indentation', (line) => `\t\t    ${line}`],
  ['syslog', (line) => `Jan  1 10:00:00 node-1 app[77]: ${line}`],
];

for (const [title, dress] of DRESSES) {
  test(`the same answer in another dress: ${title}`, (t) => {
    const plain = ALL_SAMPLES.filter(({ id }) => !/^(?:jcmd-no-process|crac-hook-failed)$/.test(id));
    for (const { log } of plain) {
      const dressed = log
        .split('\n')
        .map((line) => dress(line))
        .join('\n');
      t.is(diagnoseText(dressed).root?.id, diagnoseText(log).root?.id, dressed);
    }
  });
}

test('the same answer below noise of every kind', (t) => {
  const lines = ['Started', '', 'INFO all is well', 'at java.base/java.lang.Thread.run(Thread.java:840)', '\x00\x01\x02'];
  for (const { id, log } of ALL_SAMPLES) {
    const noisy = [...lines, ...log.split('\n').flatMap((line) => [line, 'DEBUG tick']), ...lines].join('\n');
    t.is(diagnoseText(noisy).root?.id, diagnoseText(log).root?.id, id);
  }
});

test('other numbers and other versions of CRIU: the same answer', (t) => {
  for (const { id, log } of ALL_SAMPLES.filter((sample) => /\(criu\/.+\.c:\d+\)/.test(sample.log))) {
    const other = log.replace(/\((\d+\.\d+)\)/g, '(12.345678)').replace(/\.c:\d+\)/g, '.c:9999)');
    t.is(diagnoseText(other).root?.id, diagnoseText(log).root?.id, id);
  }
});

const BROKEN: Readonly<Record<string, string>> = {
  'dump-default-seccomp': 'criu-seccomp-suspend',
  'dump-deleted': 'criu-ghost',
  'dump-full-disk': 'criu-nospace',
  'dump-inflight': 'criu-in-flight',
  'dump-inotifytmp': 'criu-inotify',
  'dump-iouring': 'criu-iouring',
  'dump-lease': 'criu-locks',
  'dump-linked': 'criu-link-remap',
  'dump-linked-with-link-remap': 'crac-checkpoint-ok',
  'dump-lock': 'criu-locks',
  'dump-memfdsecret': 'criu-mount-lookup-secret',
  'dump-mq': 'criu-mount-lookup',
  'dump-netlinkdata': 'criu-netlink-queue',
  'dump-no-checkpoint-restore': 'criu-caps',
  'dump-no-inodes': 'criu-nospace',
  'dump-pidfd': 'criu-pidfd',
  'dump-pidfdinit': 'criu-pidfd',
  'dump-readonly': 'criu-image-dir',
  'dump-tcp': 'criu-tcp-est',
  'dump-tcp-with-tcp-established': 'criu-tcp-lock',
  'dump-unixdgram': 'criu-unix-half',
  'dump-userfaultfd': 'criu-unknown-fd',
  'dump-vsock': 'criu-socket-unsupported',
  'restore-core-missing': 'criu-image-empty',
  'restore-cwd-missing': 'criu-cwd',
  'restore-default-seccomp': 'criu-set-pid',
  'restore-fewer-capabilities': 'criu-caps-restore',
  'restore-grown': 'criu-bad-size',
  'restore-inventory-missing': 'criu-image-empty',
  'restore-lib-missing': 'criu-missing-file',
  'restore-libc-changed': 'criu-bad-size',
  'restore-missing': 'criu-missing-file',
  'restore-mm-flipped': 'criu-image-damaged',
  'restore-mode': 'criu-bad-mode',
  'restore-no-cr': 'criu-caps',
  'restore-no-dir': 'criu-image-dir',
  'restore-no-setpcap': 'criu-setpcap',
  'restore-other-user': 'criu-caps',
  'restore-pid-taken': 'criu-pid-taken',
  'restore-port-taken': 'criu-bind',
  'restore-pstree-missing': 'criu-crashed',
  'restore-readonly': 'criu-file-denied',
  'restore-tmpfs': 'criu-missing-file',
};

test('what a real CRIU says where a dump or restore was broken on purpose', (t) => {
  t.deepEqual(Object.fromEntries(Object.entries(brokenOnPurpose()).map(([name, log]) => [name, diagnoseText(log).root?.id])), BROKEN);
});

test('… and it is one failure, not several', (t) => {
  for (const [name, log] of Object.entries(brokenOnPurpose())) t.deepEqual(diagnoseText(log).others, [], name);
});
