// A bake over the fake engine: what goes in, what came of it.

import { bake } from '../../src/bake/bake.ts';
import type { Installation } from '../../src/bake/run.ts';
import type { BakeEvent, Files, World } from '../../src/ports.ts';
import type { BakeReport } from '../../src/report/report.ts';
import type { OptionName } from '../../src/spec/options.ts';
import { parseOptions, type RawValue } from '../../src/spec/values.ts';
import { createFakeClock } from '../unit/readiness/fake-world.ts';
import { FakeEngine, type Script } from './fake-engine.ts';

export const RUN = '01234567-89ab-cdef-0123-456789abcdef';

export const RESOURCE = { class: 'org.example.Pool', phase: 'beforeCheckpoint', elapsedMs: 1.5, outcome: 'ok' };

const FILES = ['inventory.img', 'pstree.img', 'core-513.img', 'pages-1.img'].map((name) => ({ name, bytes: 10, sha256: 'ab' }));

const DUMPED = {
  event: 'dumped',
  pid: 513,
  criuExit: 0,
  elapsedMs: 180,
  files: FILES,
  bytes: 100_000_000,
  stdout: 'pipe:[1]',
  stderr: 'pipe:[2]',
  clock: 'near-zero',
  monotonicMs: 9000,
  wallMs: 1_700_000_000_000,
  cpu: { model: 'Some CPU', features: ['avx2', 'sse2'] },
  process: {
    uid: 1000,
    gid: 1000,
    groups: [1000],
    groupsOpen: true,
    threads: 30,
    residentBytes: 1,
    capabilities: [],
    seccomp: 0,
    processes: 1,
    executable: '/usr/bin/java',
  },
};

/** Answers of a dump that works, over which `more` changes the last one. */
export function dumpAnswers(more: object = {}): string[] {
  return [
    { event: 'triggered' },
    { event: 'hooks', resources: [RESOURCE], collected: [], elapsedMs: 12, agent: { pid: 513, javaVersion: '21.0.6', vmName: 'OpenJDK' } },
    { event: 'connections', established: [], listening: ['0.0.0.0:8080'] },
    { ...DUMPED, ...more },
  ].map((answer) => JSON.stringify(answer));
}

/** Answers of a dump that fails. */
export function dumpFails(code: string, more: object = {}): string[] {
  return [JSON.stringify({ event: 'failed', code, message: `the runtime says ${code}`, resources: [], logTail: '', ...more })];
}

const RESTORED_LINE = 'crac-init: restored pid 513 in 61 ms (criu 48 ms, acknowledged after 11 ms)';

const TRACE_LINE = 'crac-init: trace {"gateMs":1.5,"handOverMs":0.5,"criuMs":48.1,"acknowledgedMs":11.2,"totalMs":61.3}';

/** What crac-init writes after a restore. */
export const RESTORED_LOG = [TRACE_LINE, RESTORED_LINE];

const SCRIPT: Script = {
  app: { readyAfterMs: 3000, log: ['Started App in 3.0 seconds'] },
  restored: { readyAfterMs: 100, log: RESTORED_LOG },
  dump: dumpAnswers(),
  dumpAfterMs: 0,
  tinyDump: [JSON.stringify({ ...DUMPED, bytes: 100_000 })],
  tinyRestored: { log: RESTORED_LOG },
  buildMs: 5000,
  config: {},
  architecture: 'amd64',
  images: [],
  hasHelper: true,
  jvm: undefined,
  fail: () => undefined,
};

export interface Bench {
  readonly report: BakeReport;
  readonly engine: FakeEngine;
  readonly events: readonly BakeEvent[];
  /** What the core itself slept, in ms. */
  readonly sleeps: readonly number[];
  /** Temporary folders that are still there. */
  readonly folders: ReadonlySet<string>;
  readonly remembered: ReadonlySet<string>;
  readonly interrupted: boolean;
}

export interface Given {
  readonly script?: Partial<Script>;
  readonly options?: Partial<Record<OptionName, RawValue>>;
  readonly remembered?: Set<string>;
  readonly dockerHost?: string;
  /** Files on this machine that are not there. */
  readonly missing?: readonly string[];
  /** Aborts when it says so. */
  readonly interruptAtMs?: number;
  readonly interruptAt?: (when: 'before' | 'after', argv: readonly string[], index: number) => boolean;
}

/** A world whose engine, clock and files are the fake ones, and what is to be seen of it afterwards. */
export function fakeWorld(given: Given = {}) {
  const clock = createFakeClock();
  const engine = new FakeEngine(clock, { ...SCRIPT, ...given.script });
  const controller = new AbortController();
  engine.onCommand = (when, argv, index) => {
    if (given.interruptAt?.(when, argv, index)) controller.abort(new Error('interrupted'));
  };
  if (given.interruptAtMs !== undefined) clock.sleep(given.interruptAtMs).then(() => controller.abort(new Error('interrupted')));
  const events: BakeEvent[] = [];
  const sleeps: number[] = [];
  const folders = new Set<string>();
  const remembered = given.remembered ?? new Set<string>();
  const files: Files = {
    exists: async (path) => !path.endsWith('config.json') && !given.missing?.includes(path),
    read: async (path) => Buffer.from(path),
    readText: async (path) => engine.written.get(path) ?? 'FROM scratch\n',
    write: async () => {},
    list: async () => [],
    makeTemporaryFolder: async () => {
      const folder = `/tmp/folder-${folders.size}`;
      folders.add(folder);
      return folder;
    },
    removeFolder: async (path) => {
      folders.delete(path);
    },
  };
  const world: World = {
    run: engine.run,
    clock: {
      now: clock.now,
      sleep: (ms, signal) => {
        sleeps.push(ms);
        return clock.sleep(ms, signal);
      },
    },
    network: engine.network,
    files,
    emit: (event) => events.push(event),
    signal: controller.signal,
  };
  const installation: Installation = {
    tool: 'crac-bake 0.1.0',
    dist: '/package/dist',
    helper: '/package/helper',
    seccomp: '/package/seccomp.json',
    dockerConfig: '/home/user/.docker',
    dockerHost: given.dockerHost,
    hostChecks: {
      has: async (key) => remembered.has(key),
      add: async (key) => {
        remembered.add(key);
      },
    },
  };
  return { world, installation, engine, events, sleeps, folders, remembered, controller };
}

/** Bakes once, with `--tag app:crac` unless other tags are given. */
export async function bakeOnce(given: Given = {}): Promise<Bench> {
  const { world, installation, controller, ...seen } = fakeWorld(given);
  const report = await bake(world, parseOptions({ tags: 'app:crac', ...given.options }), installation, RUN);
  return { report, ...seen, interrupted: controller.signal.aborted };
}
