// A dump's answer and the manifest that comes of it.

import { type Manifest, makeManifest } from '../../../src/image/manifest.ts';
import type { Dumped } from '../../../src/runtime/dump-answers.ts';

export const DUMPED: Dumped = {
  event: 'dumped',
  pid: 513,
  elapsedMs: 180.2,
  files: [{ name: 'pages-1.img', bytes: 99_999_000, sha256: 'ab' }],
  bytes: 100_000_000,
  stdout: 'pipe:[123]',
  stderr: 'pipe:[124]',
  clock: 'near-zero',
  monotonicMs: 9000,
  wallMs: 1_700_000_000_000,
  cpu: { model: 'Some CPU', features: ['avx2', 'avx512f', 'sse2'] },
  process: {
    uid: 1000,
    gid: 1000,
    groups: [1000],
    groupsOpen: true,
    threads: 30,
    residentBytes: 120_000_000,
    capabilities: [],
    seccomp: 0,
    processes: 1,
    executable: '/usr/bin/java',
  },
};

export const PARTS: Parameters<typeof makeManifest>[0] = {
  tool: 'crac-bake 0.1.0',
  app: { entrypoint: ['java'], command: ['-jar', 'a.jar'], user: '1000', architecture: 'amd64' },
  kernel: '6.12.0',
  cpu: { model: 'Some CPU', baseline: 'x86-64-v3', features: ['avx2', 'sse2'] },
  dumped: DUMPED,
  java: { version: '21.0.6', vendor: 'Debian', vm: 'OpenJDK 64-Bit Server VM' },
  afterRestoreMs: 10_000,
  files: { added: 1, changed: 2, deleted: 0, paths: ['/tmp/a'] },
  probe: { kind: 'http', port: 8080, path: '/up', status: { from: 200, to: 399 } },
  restoreCapabilities: ['CHECKPOINT_RESTORE', 'SETPCAP'],
  appCapabilities: [],
  seccomp: 'profile',
  engine: 'criu',
  jvm: undefined,
  jdk: null,
  criu: { version: '4.2.1', options: ['--tcp-close'] },
};

export const MANIFEST: Manifest = makeManifest(PARTS);
