// Reports for the action's tests.

import { deployLines } from '../../../src/image/deploy-lines.ts';
import type { BakeReport } from '../../../src/report/report.ts';

export const BAKED: BakeReport = {
  version: 1,
  tool: 'crac-bake 1.0.0',
  run: '01234567-89ab-cdef-0123-456789abcdef',
  outcome: 'baked',
  exitCode: 0,
  tags: ['shop:1.0-crac', 'shop:latest'],
  app: { name: 'shop:1.0', id: 'sha256:11' },
  image: { id: 'sha256:2222222222222222', sizeBytes: 540_000_000 },
  digest: null,
  pushed: null,
  engine: { name: 'criu', jvm: null, criuVersion: '4.2.1' },
  steps: [
    { step: 'build', title: 'Get the app image', elapsedMs: 2100, detail: 'shop:1.0' },
    { step: 'tag', title: 'Tag the restore image', elapsedMs: 22, detail: 'shop:1.0-crac, shop:latest' },
  ],
  firstResponse: { request: 'http:8080/', coldMs: 4220.4, restoredMs: 402.2 },
  warmUp: null,
  hooks: { elapsedMs: 30.2, javaVersion: '21.0.6', resources: [], collected: [], scheduled: [], randoms: [] },
  connections: null,
  checkpoint: { bytes: 134_000_000, files: 40, pid: 513, uid: 1000, threads: 30, residentBytes: 1, clock: 'near-zero' },
  restore: { gateMs: 1.5, handOverMs: 0.5, criuMs: 48, acknowledgedMs: 11, totalMs: 61 },
  twins: null,
  runWith: deployLines({
    image: 'shop:1.0-crac',
    capabilities: ['CHECKPOINT_RESTORE', 'SETPCAP'],
    seccomp: '/package/seccomp.json',
    root: false,
    identity: undefined,
    port: 8080,
  }),
  warnings: [],
  error: null,
};

export const FAILED: BakeReport = {
  ...BAKED,
  outcome: 'readiness',
  exitCode: 12,
  tags: [],
  image: null,
  firstResponse: null,
  hooks: null,
  checkpoint: null,
  restore: null,
  runWith: null,
  steps: [{ step: 'ready', title: 'Wait until it is ready', elapsedMs: 120_000, detail: 'failed' }],
  error: {
    code: 'not-ready',
    step: 'ready',
    message: 'The app did not become ready in 120 s',
    details: 'The last answer: connection refused',
    remedy: 'Raise --ready-timeout, or check --ready: is it the right port, path or pattern?',
    log: ['Started', 'still waiting'],
    failure: null,
  },
};
