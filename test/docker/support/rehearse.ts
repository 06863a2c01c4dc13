// Runs `crac-bake rehearse` and reads its report.

import type { RehearsalReport } from '../../../src/report/rehearsal.ts';
import { type CliRun, crac } from './cli.ts';

/** Runs `crac-bake rehearse --json ARGS`; the report is there whatever the outcome. */
export async function rehearse(
  args: readonly string[],
  options: Parameters<typeof crac>[1] = {},
): Promise<CliRun & { readonly report: RehearsalReport }> {
  const run = await crac(['rehearse', '--json', '--warmup-count', '0', ...args], options);
  try {
    return { ...run, report: JSON.parse(run.stdout) as RehearsalReport };
  } catch {
    throw new Error(`no report; exit code ${run.exitCode}\n${run.stdout}\n${run.stderr}`);
  }
}
