// Runs the built CLI as a user does, in an empty folder, and reads its report.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { BakeReport } from '../../../src/report/report.ts';

export const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

export interface CliRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Called for each line of the progress; returned signals are sent to the CLI. */
  readonly onLine?: (line: string) => NodeJS.Signals | readonly NodeJS.Signals[] | undefined;
  /** Time between signals that are returned together: such of one kind are one for the receiver where they come at once. */
  readonly betweenSignalsMs?: number;
  readonly timeoutMs?: number;
}

/** Runs `crac-bake ARGS` to its end. */
export async function crac(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const cwd = options.cwd ?? (await mkdtemp(join(tmpdir(), 'empty-')));
  try {
    const child = execa(process.execPath, [CLI, ...args], {
      cwd,
      reject: false,
      stdin: 'ignore',
      timeout: options.timeoutMs ?? 240_000,
      ...(options.env === undefined ? {} : { env: { ...options.env } }),
    });
    const { onLine } = options;
    if (onLine !== undefined) {
      void (async () => {
        for await (const line of child.iterable({ from: 'stderr' })) {
          for (const signal of [onLine(String(line)) ?? []].flat()) {
            child.kill(signal);
            await pause(options.betweenSignalsMs ?? 0);
          }
        }
      })().catch(() => {});
    }
    const { exitCode, stdout, stderr } = await child;
    return { exitCode: exitCode ?? -1, stdout, stderr };
  } finally {
    if (options.cwd === undefined) await rm(cwd, { recursive: true, force: true });
  }
}

/** Runs `crac-bake bake --json ARGS`; the report is there whatever the outcome. */
export async function bake(args: readonly string[], options: CliOptions = {}): Promise<CliRun & { readonly report: BakeReport }> {
  const run = await crac(['bake', '--json', ...args], options);
  try {
    return { ...run, report: JSON.parse(run.stdout) as BakeReport };
  } catch {
    throw new Error(`no report; exit code ${run.exitCode}\n${run.stdout}\n${run.stderr}`);
  }
}

/** As `bake`, for tests that need its image: anything but success throws with what the CLI said. */
export async function bakeWell(args: readonly string[], options: CliOptions = {}): Promise<BakeReport> {
  const { exitCode, report, stderr } = await bake(args, options);
  if (exitCode !== 0 || report.outcome !== 'baked') throw new Error(`the bake failed with ${exitCode}:\n${stderr}`);
  return report;
}
