import test from 'ava';
import { judge } from '../../../src/rehearse/judge.ts';
import type { AgentView, ExaminedProcess, Holding } from '../../../src/runtime/examination.ts';

const JAVA: ExaminedProcess = {
  pid: 513,
  name: 'java',
  executable: '/opt/java/bin/java',
  uid: 1000,
  threads: 30,
  tracedBy: 0,
  seccomp: 0,
  namespaces: [],
  jvm: '-jar /app.jar',
};

const holding = (kind: string, more: Partial<Holding> = {}): Holding => ({
  kind,
  pid: 513,
  detail: '',
  peer: '',
  bytes: 0,
  fd: 0,
  ...more,
});

const HOLDINGS: readonly (readonly [Holding, severity: 'refuses' | 'endangers' | undefined, what: RegExp])[] = [
  [holding('listening', { detail: '0.0.0.0:8080' }), undefined, /^$/],
  [holding('connection', { detail: '172.17.0.2:40312', peer: '172.17.0.3:5432' }), 'endangers', /172\.17\.0\.3:5432/],
  [holding('unix-peer', { detail: '/run/agent.sock', peer: 'inode 7' }), 'refuses', /\/run\/agent\.sock \(inode 7\)/],
  [holding('unix-peer', { peer: 'inode 7' }), 'refuses', /outside \(inode 7\)/],
  [holding('inotify', { detail: '/app/config' }), 'refuses', /file watcher \(inotify\) on \/app\/config/],
  [holding('inotify'), 'refuses', /on a file that is gone/],
  [holding('inotify', { detail: '/etc/app' }), 'endangers', /on \/etc\/app/],
  [holding('inotify', { detail: '/etcetera' }), 'refuses', /on \/etcetera/],
  [holding('pidfd', { detail: '1' }), 'refuses', /pidfd of process 1/],
  [holding('anonymous', { detail: 'io_uring' }), 'refuses', /^an io_uring$/],
  [holding('anonymous', { detail: 'userfaultfd' }), 'refuses', /userfaultfd/],
  [holding('anonymous', { detail: 'bpf-map' }), 'refuses', /of the kind bpf-map/],
  [holding('device', { detail: '/dev/nvidia0' }), 'refuses', /\/dev\/nvidia0/],
  [holding('terminal', { detail: '/dev/pts/0' }), 'endangers', /\/dev\/pts\/0/],
  [holding('lock', { detail: '/data/db.lock' }), 'endangers', /\/data\/db\.lock/],
  [holding('deleted-file', { detail: '/tmp/lib.so', bytes: 1024 * 1024 }), undefined, /^$/],
  [holding('deleted-file', { detail: '/tmp/lib.so', bytes: 1024 * 1024 + 1 }), 'refuses', /\/tmp\/lib\.so of 1025 KiB/],
  [holding('memory-file', { detail: '/dev/shm/x' }), 'refuses', /\/dev\/shm\/x on a tmpfs/],
  [holding('system-v-shm', { detail: '/SYSV0000002a' }), 'refuses', /System V/],
  [holding('something new'), undefined, /^$/],
];

for (const [one, severity, what] of HOLDINGS) {
  test(`${JSON.stringify(one)} ${severity ?? 'is harmless'}`, (t) => {
    const findings = judge({ processes: [JAVA], holdings: [one] });
    t.is(findings.length, severity === undefined ? 0 : 1);
    t.is(findings[0]?.severity, severity);
    t.regex(findings[0]?.what ?? '', what);
    if (severity !== undefined) {
      t.like(findings[0], { pid: 513, process: 'java' });
      t.true((findings[0]?.why ?? '') !== '' && (findings[0]?.remedy ?? '') !== '');
    }
  });
}

const PROCESSES: readonly (readonly [id: string, ExaminedProcess[]])[] = [
  ['traced', [{ ...JAVA, tracedBy: 99 }]],
  ['seccomp', [{ ...JAVA, seccomp: 2 }]],
  ['namespaces', [{ ...JAVA, namespaces: ['user', 'net'] }]],
  ['several-users', [JAVA, { ...JAVA, pid: 600, uid: 0, jvm: '' }]],
  ['several-jvms', [JAVA, { ...JAVA, pid: 600, jvm: 'org.example.Worker' }]],
];

for (const [id, processes] of PROCESSES) {
  test(`a process is refused: ${id}`, (t) => {
    t.deepEqual(
      judge({ processes, holdings: [] }).map((finding) => [finding.id, finding.severity]),
      [[id, 'refuses']],
    );
  });
}

test('several JVMs are no matter where the options say which one is meant', (t) => {
  t.deepEqual(judge({ processes: [JAVA, { ...JAVA, pid: 600 }], holdings: [] }, true), []);
});

const AGENT: AgentView = {
  pid: 513,
  resources: ['org.example.Pool'],
  scheduled: [],
  open: [
    { fd: 7, kind: 'sun.nio.fs.LinuxWatchService', holder: 'org.example.Config.watch' },
    { fd: 8, kind: 'java.net.Socket', holder: 'org.example.Pool.socket' },
    { fd: 9, kind: 'java.util.zip.ZipFile', holder: '' },
  ],
  warnings: [],
};

const HELD: readonly (readonly [Partial<Holding>, string | null])[] = [
  [{ fd: 7 }, 'org.example.Config.watch (sun.nio.fs.LinuxWatchService)'],
  [{ fd: 8 }, 'org.example.Pool.socket (java.net.Socket, in a registered Resource)'],
  [{ fd: 9 }, 'java.util.zip.ZipFile'],
  [{ fd: 10 }, null],
  [{ fd: 0 }, null],
  [{ fd: 7, pid: 600 }, null],
];

test('who holds it is what the JVM says of that descriptor', (t) => {
  for (const [held, heldBy] of HELD) {
    const [finding] = judge({ processes: [JAVA], holdings: [holding('device', held)], agent: AGENT });
    t.is(finding?.heldBy, heldBy);
  }
  t.is(judge({ processes: [JAVA], holdings: [holding('device', { fd: 7 })] })[0]?.heldBy, null);
});

test('what refuses comes first', (t) => {
  const findings = judge({ processes: [JAVA], holdings: [holding('lock'), holding('device'), holding('connection')] });
  t.deepEqual(
    findings.map(({ severity }) => severity),
    ['refuses', 'endangers', 'endangers'],
  );
});
