// Runs a workflow on this machine by act, in a repository made for it that holds the action as it is released.

import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What a released action consists of, and what the workflows use. */
const CONTENT = ['action.yml', 'package.json', 'dist', 'helper', 'seccomp', 'test/e2e/restores.sh'];

/** A line of act's log in JSON: output of a step, or a command to the runner. */
export interface LogLine {
  readonly msg: string;
  readonly level: string;
  readonly job?: string;
  readonly stage?: string;
  readonly raw_output?: boolean;
  readonly command?: string;
  readonly raw?: string;
  readonly arg?: string;
  readonly content?: string;
  readonly kvPairs?: Readonly<Record<string, string>>;
}

export interface ActRun {
  readonly exitCode: number;
  readonly lines: readonly LogLine[];
  /** Of commands to the runner, those of this name. */
  readonly commands: (name: string) => readonly LogLine[];
  /** All that was printed, commands included. */
  readonly text: string;
  /** Content of the files that the workflow put into the folder E2E_RESULTS. */
  readonly results: (name: string) => Promise<unknown>;
}

interface Options {
  /** More files of the repository. */
  readonly files?: Readonly<Record<string, string>>;
  /** Called with each line and the run's folder, below which everything happens. */
  readonly onLine?: (line: LogLine, folder: string) => void;
}

/** Runs `test/e2e/workflows/NAME.yml` and hands the run on to `check`; nothing is left afterwards. */
export async function runWorkflow(name: string, options: Options, check: (run: ActRun) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'e2e-'));
  const repository = join(folder, 'repository');
  const results = join(folder, 'results');
  try {
    for (const path of [repository, results, join(folder, 'home')]) await mkdir(path);
    for (const path of CONTENT) await cp(join(ROOT, path), join(repository, path), { recursive: true });
    const workflow = join('.github', 'workflows', `${name}.yml`);
    await cp(join(ROOT, 'test', 'e2e', 'workflows', `${name}.yml`), join(repository, workflow));
    for (const [path, text] of Object.entries(options.files ?? {})) {
      await mkdir(dirname(join(repository, path)), { recursive: true });
      await writeFile(join(repository, path), text);
    }
    await commitAll(repository);
    const env = { E2E_RESULTS: results, CRAC_BAKE_CRIU_BASE: process.env.CRAC_BAKE_CRIU_BASE ?? '' };
    const child = execa(
      process.env.CRAC_BAKE_TEST_ACT ?? 'act',
      [
        ...['push', '--json', '--no-cache-server', '--platform', 'ubuntu-latest=-self-hosted', '--workflows', workflow],
        ...Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
      ],
      {
        cwd: repository,
        reject: false,
        stdin: 'ignore',
        timeout: 240_000,
        all: true,
        // act takes Node from the path, whatever action.yml says.
        env: {
          PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
          HOME: join(folder, 'home'),
          XDG_CACHE_HOME: join(folder, 'cache'),
        },
      },
    );
    const lines: LogLine[] = [];
    createInterface({ input: child.all }).on('line', (text) => {
      const line = parse(text);
      lines.push(line);
      options.onLine?.(line, folder);
    });
    const { exitCode } = await child;
    await check({
      exitCode: exitCode ?? -1,
      lines,
      commands: (command) => lines.filter((line) => line.command === command),
      text: lines.map(({ msg, raw }) => raw ?? msg).join('\n'),
      results: async (file) => JSON.parse(await readFile(join(results, file), 'utf8')),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function parse(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { msg: text, level: 'text' };
  }
}

async function commitAll(repository: string): Promise<void> {
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], { cwd: repository });
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'A repository for a test');
}
