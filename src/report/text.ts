// The report for people, after the steps have been shown as they went.

import { criuMark } from '../diagnose/lines.ts';
import { ownMs } from '../runtime/restore-trace.ts';
import { printable } from './printable.ts';
import type { BakeReport, ReportedError } from './report.ts';

/** The result on stdout: what was baked, the two figures, how to run it. Empty for a failure. */
export function renderResult(report: BakeReport): string {
  if (report.exitCode !== 0) return '';
  const lines = report.outcome === 'plain' ? [`Tagged unchanged: ${report.tags.join(', ')}`] : [`Baked ${report.tags.join(', ')}`];
  const { firstResponse, hooks, checkpoint, restore, runWith, warmUp } = report;
  const { coldMs = null, restoredMs = null } = firstResponse ?? {};
  if (restoredMs !== null) {
    const cold = coldMs === null ? '' : `cold ${Math.round(coldMs)} ms, `;
    const times = coldMs === null ? '' : `, ${(coldMs / restoredMs).toFixed(1)} times faster`;
    lines.push(`  First answer   ${cold}restored ${Math.round(restoredMs)} ms${times} (container start included)`);
  }
  for (const { tag, digest } of report.pushed ?? []) lines.push(`  Pushed         ${tag} at ${digest}`);
  if (checkpoint !== null) {
    const mb = Math.round(checkpoint.bytes / 1e6);
    lines.push(`  Checkpoint     ${mb} MB, process ${checkpoint.pid}, user ${checkpoint.uid}, ${checkpoint.threads} threads`);
  }
  if (restore !== null) {
    const { totalMs, criuMs, acknowledgedMs } = restore;
    lines.push(
      `  Restore        ${totalMs.toFixed(1)} ms: CRIU ${criuMs.toFixed(1)}, the app’s answer ${acknowledgedMs.toFixed(1)}, crac-init’s own ${ownMs(restore).toFixed(1)}`,
    );
  }
  if (warmUp !== null && 'latency' in warmUp) {
    const first = warmUp.latency[0];
    const last = warmUp.latency.at(-1);
    if (first !== undefined && last !== undefined) {
      lines.push(
        `  Warm-up        median ${first.p50Ms.toFixed(1)} ms at first, ${last.p50Ms.toFixed(1)} ms at the end, ${warmUp.settled ? 'settled' : 'not settled: more requests would help'}`,
      );
    }
  }
  if (hooks !== null) {
    lines.push(`  Hooks          ${hooks.resources.length} before the checkpoint, ${Math.round(hooks.elapsedMs)} ms`);
    for (const resource of hooks.resources) lines.push(`    ${resource.elapsedMs.toFixed(1).padStart(8)} ms  ${resource.class}`);
  }
  if (runWith !== null)
    lines.push(
      '',
      'Run it:',
      `  ${runWith.docker}`,
      '',
      'Compose:',
      indent(runWith.compose),
      '',
      'Kubernetes:',
      indent(runWith.kubernetes),
    );
  return `${printable(lines.join('\n'))}\n`;
}

/** A failure on stderr: what and in which step, why, what to do, and the lines that matter. */
export function renderError(error: ReportedError, verbose: boolean): string {
  const lines = [`Error: ${error.message} [${error.code}, step ${error.step}]`];
  const { failure } = error;
  if (failure !== null) lines.push(indent(`${failure.cause} [${failure.id}]`));
  if (error.details !== '' && !repeats(error)) lines.push(indent(error.details));
  const hidesStack = error.code === 'bug' && !verbose;
  const log = verbose ? error.log : thatMatter(error.log);
  if (log.length > 0 && !hidesStack) lines.push('', ...log.map((line) => `  | ${line}`), '');
  lines.push(`What to do: ${failure?.remedy ?? error.remedy}`);
  if (failure !== null) lines.push(`More: ${failure.link}`);
  return `${printable(lines.join('\n'))}\n`;
}

/** Of a log of CRIU its errors, which stand among dozens of lines on what it did; any other log as it is. */
function thatMatter(log: readonly string[]): readonly string[] {
  const errors = log.filter((line) => criuMark(line) === 'error');
  return errors.length > 0 ? errors : log;
}

/** Whether the details of an error are but a line of a tool that its cause now says in words; those of hooks are the app's own. */
function repeats({ failure, code, details, log }: ReportedError): boolean {
  if (failure === null || code === 'hook-failed') return false;
  const said = (line: string) => line.replace(/^.*\.[ch]:\d+\): /, '').trim();
  return log.some((line) => said(line) !== '' && (details.includes(said(line)) || line.includes(details)));
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
