// Runs the built CLI with a docker command that answers as scripted.

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, execaSync } from 'execa';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const BIN = fileURLToPath(new URL('bin', import.meta.url));

export interface Rule {
  readonly match: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
  readonly delayMs?: number;
  readonly hangs?: boolean;
  /** Written to the file that `--output` names. */
  readonly file?: string;
}

export const INFO = JSON.stringify({
  ID: 'engine',
  ServerVersion: '26.1.5',
  SecurityOptions: ['name=seccomp,profile=builtin'],
  Architecture: 'x86_64',
  KernelVersion: '6.12.0',
  OperatingSystem: 'Debian',
  DockerRootDir: '/var/lib/docker',
  Driver: 'overlay2',
});

/** An engine that is there and empty. */
export const ENGINE: readonly Rule[] = [
  { match: 'info', stdout: `${INFO}\n` },
  { match: 'image inspect', exitCode: 1, stderr: 'Error response from daemon: No such image\n' },
  { match: 'build', exitCode: 1, stderr: 'ERROR: failed to solve\n' },
  { match: 'images' },
  { match: 'ps' },
  { match: 'volume ls' },
  { match: 'network ls' },
];

interface Run {
  readonly docker?: readonly Rule[] | 'none';
  readonly env?: Readonly<Record<string, string>>;
  readonly node?: string;
  /** Files in the folder where it runs. */
  readonly files?: Readonly<Record<string, string>>;
  /** Sends the signal when this shows up on stderr. */
  readonly signal?: { readonly name: NodeJS.Signals; readonly when: string };
  readonly closeStdout?: boolean;
}

/** Runs `crac-bake ARGS` in a folder of its own. */
export async function cli(args: readonly string[], run: Run = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'process-test-'));
  try {
    const work = join(folder, 'work');
    const empty = join(folder, 'empty');
    await mkdir(work);
    await mkdir(empty);
    for (const [name, text] of Object.entries(run.files ?? {})) await writeFile(join(work, name), text);
    const rules = join(folder, 'docker.json');
    await writeFile(rules, JSON.stringify(run.docker === 'none' ? [] : (run.docker ?? ENGINE)));
    const node = run.node ?? process.execPath;
    const child = execa(node, [CLI, ...args], {
      cwd: work,
      reject: false,
      stdin: 'ignore',
      extendEnv: false,
      timeout: 30_000,
      env: {
        PATH: run.docker === 'none' ? empty : [BIN, dirname(node)].join(delimiter),
        HOME: folder,
        XDG_CACHE_HOME: folder,
        TMPDIR: empty,
        CRAC_BAKE_TEST_DOCKER: rules,
        ...run.env,
      },
      stripFinalNewline: false,
    });
    const { signal } = run;
    if (run.closeStdout) child.stdout.destroy();
    if (signal !== undefined) {
      let seen = '';
      child.stderr.on('data', (chunk: Buffer) => {
        const before = seen.includes(signal.when);
        seen += chunk;
        if (!before && seen.includes(signal.when)) child.kill(signal.name);
      });
    }
    const { exitCode, stdout, stderr, timedOut } = await child;
    return { exitCode, stdout: stdout ?? '', stderr: stderr ?? '', timedOut, leftIn: empty };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The Nodes on this machine that the CLI has to run on, each version once. */
export function nodes(): { path: string; version: string }[] {
  const folders = [dirname(process.execPath), ...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  const found = new Map<string, string>();
  for (const path of new Set(folders.map((folder) => join(folder, 'node')))) {
    if (!existsSync(path)) continue;
    const version = execaSync(path, ['--version'], { reject: false }).stdout;
    if (Number.parseInt(version?.slice(1) ?? '', 10) >= 20 && !found.has(version)) found.set(version, path);
  }
  return [...found].map(([version, path]) => ({ path, version }));
}
