import test from 'ava';
import { makeManifest, restoreDeadlineMs } from '../../../src/image/manifest.ts';
import type { Probe } from '../../../src/readiness/probe.ts';
import { MANIFEST, PARTS } from './sample.ts';

test('the manifest is what the runtime’s contract asks for', (t) => {
  t.deepEqual(MANIFEST, {
    version: 1,
    tool: 'crac-bake 0.1.0',
    engine: 'criu',
    entrypoint: ['java'],
    command: ['-jar', 'a.jar'],
    user: '1000',
    architecture: 'amd64',
    kernel: '6.12.0',
    cpu: { model: 'Some CPU', baseline: 'x86-64-v3', features: ['avx2', 'sse2'] },
    abilities: ['checkpoint-restore', 'clone3-set-tid'],
    java: { version: '21.0.6', vendor: 'Debian', vm: 'OpenJDK 64-Bit Server VM' },
    clock: { mode: 'near-zero', monotonicMs: 9000, wall: '2023-11-14T22:13:20.000Z' },
    agent: true,
    probe: { kind: 'http', port: 8080, path: '/up' },
    checkpoint: {
      pid: 513,
      bytes: 100_000_000,
      files: [{ name: 'pages-1.img', bytes: 99_999_000, sha256: 'ab' }],
      stdout: 'pipe:[123]',
      stderr: 'pipe:[124]',
      uid: 1000,
      gid: 1000,
      groups: [1000],
      groupsOpen: true,
      residentBytes: 120_000_000,
      threads: 30,
      capabilities: [],
      seccomp: 0,
    },
    files: { added: 1, changed: 2, deleted: 0, paths: ['/tmp/a'] },
    deadlineMs: 2500,
    afterRestoreMs: 10_000,
    capabilities: { restore: ['CHECKPOINT_RESTORE', 'SETPCAP'], app: [] },
    seccomp: 'profile',
    criu: { version: '4.2.1', options: ['--tcp-close'] },
  });
});

const probes: readonly [probe: Probe | undefined, expected: object | null][] = [
  [
    { kind: 'tcp', port: 6379 },
    { kind: 'tcp', port: 6379 },
  ],
  [
    { kind: 'any', port: 80 },
    { kind: 'tcp', port: 80 },
  ],
  [{ kind: 'log', pattern: 'x' }, null],
  [undefined, null],
];

for (const [probe, expected] of probes) {
  test(`the probe ${JSON.stringify(probe)} is ${JSON.stringify(expected)} for crac-init`, (t) => {
    t.deepEqual(makeManifest({ ...PARTS, probe }).probe as object | null, expected);
  });
}

test('the deadline of a restore is 2 s and 5 ms a MB', (t) => {
  t.deepEqual([0, 1, 1_000_000, 140_000_000, 1e9].map(restoreDeadlineMs), [2000, 2001, 2005, 2700, 7000]);
});

test('a deadline that the user has set is the manifest’s', (t) => {
  t.is(makeManifest({ ...PARTS, restoreMs: 60_000 }).deadlineMs, 60_000);
});

for (const [what, status, probe] of [
  ['the usual statuses', { from: 200, to: 399 }, { kind: 'http', port: 8080, path: '/up' }],
  ['one status of success', { from: 200, to: 200 }, { kind: 'http', port: 8080, path: '/up' }],
  ['statuses that crac-init would not take for an answer', { from: 100, to: 499 }, { kind: 'tcp', port: 8080 }],
] as const) {
  test(`what crac-init asks of a process without agent, with ${what}`, (t) => {
    t.deepEqual(makeManifest({ ...PARTS, probe: { kind: 'http', port: 8080, path: '/up', status } }).probe, probe);
  });
}
