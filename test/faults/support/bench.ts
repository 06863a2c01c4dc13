// Where a fault is tried: an engine of its own, whose listings nobody else changes, and folders for one run.

import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bake } from '../../docker/support/cli.ts';
import { helperImages } from '../../docker/support/engine.ts';
import { type SmallEngine, startSmallEngine } from '../../docker/support/small-engine.ts';
import { type Fault, type FaultyEngine, startProxy } from './proxy.ts';

export interface Bench {
  readonly engine: SmallEngine;
  /** Environment of the runs: engine, folders, and a mark by which their processes are known. */
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  stop(): Promise<void>;
}

/** A bake whose only effect is that the host is checked now, and not in a scenario. Its app never becomes ready. */
export async function checkHost({ env }: Pick<Bench, 'env'>): Promise<void> {
  await bake(['--image', 'crac-bake-test/tiny:app', '--ready', 'log:never', '--ready-timeout', '1s', '--tag', 'fault:tag'], { env });
}

/** Starts an engine with the helper image and these others. The first run on it checks the host. */
export async function startBench(
  images: readonly string[],
  { sizeMb = 2500, inodes = 0, without = [] as readonly string[] } = {},
): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'faults-'));
  await mkdir(join(folder, 'tmp'));
  const engine = await startSmallEngine(sizeMb, { inodes, without });
  await engine.load(...images, ...(await helperImages()));
  return {
    engine,
    folder,
    env: {
      DOCKER_HOST: engine.host,
      XDG_CACHE_HOME: join(folder, 'cache'),
      TMPDIR: join(folder, 'tmp'),
      CRAC_BAKE_TEST_RUN: folder,
    },
    stop: async () => {
      await engine.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Makes an image of the bench's engine with this Perl program as its entrypoint. */
export async function imageWith({ engine }: Pick<Bench, 'engine'>, program: string, base = 'crac-bake-test/tiny:app'): Promise<string> {
  await engine.docker('create', '--name', 'template', base);
  await engine.docker('commit', '--change', `ENTRYPOINT ${JSON.stringify(['perl', '-e', program])}`, 'template', 'fault:app');
  await engine.docker('rm', 'template');
  return 'fault:app';
}

/** Puts a proxy with these faults before the bench's engine while `work` goes on. */
export async function throughProxy<T>(
  bench: Bench,
  faults: readonly Fault[],
  work: (bench: Bench, proxy: FaultyEngine) => Promise<T>,
): Promise<T> {
  const proxy = await startProxy(join(bench.folder, 'proxy.sock'), bench.engine.socket, faults);
  try {
    return await work({ ...bench, env: { ...bench.env, DOCKER_HOST: proxy.host } }, proxy);
  } finally {
    await proxy.close();
  }
}

/** All that a run could leave: on the engine, in the temporary folder, among the processes. */
export async function stateOf({ engine, env }: Bench) {
  const lines = async (...args: string[]) => (await engine.docker(...args)).split('\n').filter(Boolean).sort();
  const [containers, images, volumes, networks, files, processes] = await Promise.all([
    lines('ps', '--all', '--no-trunc', '--format', '{{.ID}} {{.Names}}'),
    lines('images', '--no-trunc', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}'),
    lines('volume', 'ls', '--quiet'),
    lines('network', 'ls', '--format', '{{.Name}}'),
    readdir(env.TMPDIR ?? ''),
    processesWith(`CRAC_BAKE_TEST_RUN=${env.CRAC_BAKE_TEST_RUN}`),
  ]);
  return { containers, images, volumes, networks, files: files.sort(), processes };
}

/** Command lines of the processes that have this in their environment. */
async function processesWith(variable: string): Promise<string[]> {
  const read = (pid: string, name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) =>
      (await read(pid, 'environ')).split('\0').includes(variable) ? [(await read(pid, 'cmdline')).replaceAll('\0', ' ')] : [],
    ),
  );
  return found.flat();
}
