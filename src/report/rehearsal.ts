// The report of a rehearsal as data, and as text. All times in ms.

import type { Outcome } from '../errors.ts';
import type { ScheduledTask } from '../runtime/dump-answers.ts';
import type { ExaminedProcess } from '../runtime/examination.ts';
import type { WarmupCommandResult } from '../warmup/command.ts';
import type { WarmupResult } from '../warmup/run.ts';
import { printable } from './printable.ts';
import type { ReportedError, StepRecord } from './report.ts';

export interface RehearsalReport {
  readonly version: 1;
  readonly tool: string;
  readonly run: string;
  readonly outcome: Outcome;
  readonly exitCode: number;
  readonly app: { readonly name: string; readonly id: string } | null;
  readonly steps: readonly StepRecord[];
  /** The start of Spring's context without a network; null for other apps. */
  readonly context: {
    readonly started: boolean;
    readonly exitCode: number | null;
    /** From the start of the container to the end of the context's refresh. */
    readonly elapsedMs: number;
    /** As Spring logs it; null where it does not. */
    readonly contextMs: number | null;
    readonly exception: { readonly class: string; readonly message: string } | null;
  } | null;
  /** Remote services that the app asked for where there was no network. */
  readonly services: readonly { readonly host: string; readonly port: number | null }[];
  readonly firstResponse: { readonly request: string; readonly coldMs: number | null } | null;
  readonly warmUp: WarmupResult | WarmupCommandResult | null;
  readonly processes: readonly ExaminedProcess[];
  /** Classes of the registered Resources. */
  readonly resources: readonly string[];
  /** Tasks at a fixed rate. */
  readonly scheduled: readonly ScheduledTask[];
  readonly listening: readonly string[];
  readonly findings: readonly {
    readonly id: string;
    readonly severity: 'refuses' | 'endangers';
    readonly pid: number;
    readonly process: string;
    readonly what: string;
    readonly why: string;
    readonly remedy: string;
    readonly heldBy: string | null;
  }[];
  readonly warnings: readonly string[];
  readonly error: ReportedError | null;
}

/** The result on stdout. Empty for a failure before anything was found. */
export function renderRehearsal(report: RehearsalReport): string {
  const { context, firstResponse, processes, resources, scheduled, listening, findings, exitCode } = report;
  const lines: string[] = [];
  if (exitCode === 0) lines.push(findings.length === 0 ? 'Nothing stands in the way of a bake.' : 'A bake would work, with losses:');
  if (context?.started) {
    const ofIt = context.contextMs === null ? '' : `, ${context.contextMs} ms of it the context itself`;
    lines.push(
      `  Spring         its context is there ${Math.round(context.elapsedMs)} ms after the container’s start${ofIt}; it needs no remote service`,
    );
  }
  if (firstResponse !== null && firstResponse.coldMs !== null)
    lines.push(`  First answer   ${Math.round(firstResponse.coldMs)} ms (${firstResponse.request})`);
  if (processes.length > 0) {
    const threads = processes.reduce((sum, process) => sum + process.threads, 0);
    lines.push(`  Processes      ${processes.map(({ name, pid }) => `${name} (${pid})`).join(', ')}; ${threads} threads`);
    lines.push(`  Listens on     ${listening.join(', ') || 'nothing'}`);
  }
  if (resources.length > 0) lines.push(`  Resources      ${resources.join(', ')}`);
  for (const [index, task] of scheduled.entries())
    lines.push(`  ${index === 0 ? 'Fixed rate    ' : '              '} ${task.class} every ${task.periodMs} ms`);
  for (const { severity, process, pid, what, heldBy, why } of findings)
    lines.push(
      `  ${severity === 'refuses' ? '✗' : '!'} ${process} (process ${pid}): ${what}${heldBy === null ? '' : `, by ${heldBy}`}: ${why}`,
    );
  return lines.length === 0 ? '' : `${printable(lines.join('\n'))}\n`;
}
