// Contract of a real CRaC JDK, from its recorded output alone.

import test from 'ava';
import type { Refusal } from '../../../src/crac-jdk/refusals.ts';
import { judgeRestore, type RestoreOutcome } from '../../../src/crac-jdk/restore-verdict.ts';
import { type CheckpointOutcome, type CheckpointRecord, judgeCheckpoint } from '../../../src/crac-jdk/verdict.ts';
import { checkpointRecord, restoreRecord, TRANSCRIPTS } from './transcripts.ts';

interface Checkpoint {
  readonly outcome: CheckpointOutcome;
  readonly pid?: number;
  readonly refusals?: readonly Refusal[];
  /** Ids of the catalogue. */
  readonly failures?: readonly string[];
}

const LISTENER: Refusal = { kind: 'socket', listening: true, localPort: 8080 };
const FILE: Refusal = { kind: 'file', path: '/etc/passwd' };
const OPENED_BY = { openedBy: 'Cases.main(Cases.java:7)' };

const CHECKPOINTS: Readonly<Record<string, Checkpoint>> = {
  'checkpoint-ok': { outcome: 'success', pid: 129 },
  'checkpoint-nopad': { outcome: 'success', pid: 7 },
  'checkpoint-self': { outcome: 'success', pid: 129 },
  // The container ended with the JVM, and CRIU with it, before it had written its last line: nobody can say whether the files are whole.
  'checkpoint-stdin': { outcome: 'failed', pid: 129, failures: ['criu-log-cut-off'] },
  'checkpoint-file': { outcome: 'refused', pid: 129, refusals: [FILE], failures: ['crac-open-file'] },
  'checkpoint-listen': { outcome: 'refused', pid: 129, refusals: [LISTENER], failures: ['crac-open-socket-java-listening'] },
  'checkpoint-file-stacktraces': {
    outcome: 'refused',
    pid: 129,
    refusals: [
      { ...LISTENER, ...OPENED_BY },
      { ...FILE, ...OPENED_BY },
    ],
    failures: ['crac-open-socket-java-listening', 'crac-open-file'],
  },
  'checkpoint-hookfail': {
    outcome: 'refused',
    pid: 129,
    refusals: [
      { kind: 'hook', class: 'Cases$1', at: 'Cases.java:9', exception: 'java.lang.IllegalStateException', message: 'cache not flushed' },
    ],
    failures: ['crac-hook-failed'],
  },
  'checkpoint-flag-missing': { outcome: 'refused', pid: 129, refusals: [{ kind: 'not-configured' }], failures: ['crac-not-configured'] },
  'checkpoint-caps-but-seccomp': { outcome: 'failed', pid: 129, refusals: [{ kind: 'native' }], failures: ['criu-kdat-init-netns'] },
  'checkpoint-no-capabilities': { outcome: 'failed', pid: 129, refusals: [{ kind: 'native' }], failures: ['criu-caps'] },
  'checkpoint-wrong-target': { outcome: 'not-started', failures: ['jcmd-no-process'] },
};

const RESTORES: Readonly<
  Record<string, { readonly outcome: RestoreOutcome; readonly silent: boolean; readonly failures?: readonly string[] }>
> = {
  'restore-ok': { outcome: 'success', silent: true },
  'restore-app-triggered-ok': { outcome: 'success', silent: true },
  'restore-with-new-options': { outcome: 'success', silent: true },
  // Its hook threw, but upstream CRIU left the process without a stdout to say so: `silent` is all that the output shows.
  'restore-hook-fails': { outcome: 'success', silent: true },
  'restore-dir-missing': { outcome: 'not-started', silent: false, failures: ['criu-image-dir'] },
  'restore-empty-dir': { outcome: 'not-started', silent: false, failures: ['criu-image-empty'] },
  'restore-inventory-missing': { outcome: 'not-started', silent: false, failures: ['criu-image-empty'] },
  'restore-no-capabilities': { outcome: 'not-started', silent: false, failures: ['criu-caps'] },
  'restore-file-changed': { outcome: 'failed', silent: false, failures: ['criu-bad-size'] },
};

test('every recorded run is in one of the tables', (t) => {
  t.deepEqual(Object.keys({ ...CHECKPOINTS, ...RESTORES }).toSorted(), TRANSCRIPTS.toSorted());
});

for (const [name, expected] of Object.entries(CHECKPOINTS)) {
  test(`verdict and facts of ${name}`, (t) => {
    const { outcome, pid, refusals, failures, outOfMemory } = judgeCheckpoint(checkpointRecord(name));
    t.deepEqual(
      { outcome, pid, refusals, failures: failures.map(({ id }) => id), outOfMemory },
      {
        outcome: expected.outcome,
        pid: expected.pid,
        refusals: expected.refusals ?? [],
        failures: expected.failures ?? [],
        outOfMemory: false,
      },
    );
  });
}

for (const [name, expected] of Object.entries(RESTORES)) {
  test(`verdict and facts of ${name}`, (t) => {
    const { outcome, silent, failures } = judgeRestore(restoreRecord(name));
    t.deepEqual({ outcome, silent, failures: failures.map(({ id }) => id) }, { failures: [], ...expected });
  });
}

const good = checkpointRecord('checkpoint-ok');

/** What looks like the good run at first sight. */
const broken: readonly [title: string, record: CheckpointRecord, outcome: CheckpointOutcome, because: RegExp][] = [
  ['an out-of-memory kill', { ...good, state: { ...good.state, oomKilled: true } }, 'failed', /want of memory/],
  ['no log of CRIU', { ...good, dumpLog: '' }, 'failed', /does not say that the dump was finished/],
  ['a log that ends early', { ...good, dumpLog: good.dumpLog.replace(/^.*finished.*$/m, '') }, 'failed', /does not say/],
  ['an empty folder', { ...good, files: [] }, 'failed', /inventory\.img/],
  [
    'an empty file',
    { ...good, files: good.files.map((file) => (file.name === 'pages-1.img' ? { ...file, bytes: 0 } : file)) },
    'failed',
    /pages-1\.img/,
  ],
  [
    'the JVM’s own core is missing',
    { ...good, files: good.files.filter(({ name }) => name !== 'core-129.img') },
    'failed',
    /core-129\.img/,
  ],
  ['another exit code', { ...good, state: { ...good.state, exitCode: 1 } }, 'failed', /ended with 1/],
  ['stopped by SIGTERM', { ...good, state: { ...good.state, exitCode: 143 } }, 'failed', /ended with 143/],
  ['the JVM still runs', { ...good, state: { running: true, exitCode: 0, oomKilled: false } }, 'goes-on', /goes on/],
  [
    'the JVM of 24 or later still runs',
    {
      ...good,
      trigger: { stdout: '129:\nCommand executed successfully\n', stderr: '', exitCode: 0 },
      app: { stdout: '[0.180s][info][crac] Checkpoint ...\n', stderr: '' },
      state: { running: true, exitCode: 0, oomKilled: false },
    },
    'goes-on',
    /goes on/,
  ],
  [
    'attaching failed',
    {
      ...good,
      trigger: {
        stdout: '129:\n',
        stderr:
          "com.sun.tools.attach.AttachNotSupportedException: Unable to open socket file /proc/129/root/tmp/.java_pid129: target process 129 doesn't respond within 10500ms or HotSpot VM not loaded",
        exitCode: 1,
      },
      app: { stdout: 'ready\n', stderr: '' },
      state: { running: true, exitCode: 0, oomKilled: false },
      dumpLog: '',
      files: [],
    },
    'not-started',
    /did not reach/,
  ],
  ['the files of Warp, of which there are none', { ...good, engine: 'warp' }, 'failed', /core\.img/],
];

for (const [title, record, outcome, because] of broken) {
  test(`a good run with one thing changed is none: ${title}`, (t) => {
    const verdict = judgeCheckpoint(record);
    t.is(verdict.outcome, outcome);
    t.regex(verdict.because, because);
  });
}

test('an out-of-memory kill is named by its id', (t) => {
  const verdict = judgeCheckpoint({ ...good, dumpLog: '', files: [], state: { ...good.state, oomKilled: true } });
  t.true(verdict.outOfMemory);
});

test('Warp’s success needs no log of CRIU', (t) => {
  t.is(judgeCheckpoint({ ...good, engine: 'warp', dumpLog: '', files: [{ name: 'core.img', bytes: 30_000_000 }] }).outcome, 'success');
});

const restoreRefusals: readonly [line: string, id: string][] = [
  [
    'Error occurred during initialization of VM\nFlag MaxHeapSize cannot be set during restore: -XX:MaxHeapSize=1g',
    'jvm-flag-not-settable',
  ],
  [
    'You have to specify -XX:CPUFeatures=0x21,0x1e6 together with -XX:CRaCCheckpointTo when making a checkpoint file',
    'cpu-features-restore',
  ],
  ['Image format does not match; saved image with engine warp, restoring with criuengine', 'engine-mismatch-26'],
];

for (const [line, id] of restoreRefusals) {
  test(`a restore that the JVM refuses: ${id}`, (t) => {
    const verdict = judgeRestore({ output: { stdout: '', stderr: `${line}\n` }, state: { running: false, exitCode: 1, oomKilled: false } });
    t.is(verdict.outcome, 'refused');
    t.is(verdict.failures[0]?.id, id);
  });
}

test('a hook that fails after the restore shows where the streams were handed over', (t) => {
  const stderr =
    'jdk.crac.RestoreException\n\tSuppressed: java.net.ConnectException: Connection refused\n\t\tat com.example.Pool.afterRestore(Pool.java:31)\n';
  const verdict = judgeRestore({ output: { stdout: '', stderr }, state: { running: true, exitCode: 0, oomKilled: false } });
  t.deepEqual([verdict.outcome, verdict.silent, verdict.failures[0]?.id], ['failed', false, 'crac-restore-hook']);
});
