// Whether a warm-up was good enough, and what to tell where it was not. Pure.

import type { ErrorCode } from '../errors.ts';
import type { WarmupCommandResult } from './command.ts';
import type { WarmupResult } from './run.ts';

/** A failure's parts as `BakeError` takes them. */
export type Verdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string; readonly details: string };

const FAILURES_SHOWN = 5;

/** `maxFailureShare`: from 0 to 1, of the requests sent. */
export function judge(result: WarmupResult, maxFailureShare: number): Verdict {
  const { end, sent, failed, planned } = result;
  const details = describeFailures(result.failures);
  if (end.kind === 'exited') {
    const message = `The app ended with exit code ${end.exitCode} after ${sent} of ${planned} warm-up requests`;
    return { ok: false, code: 'app-exited-in-warm-up', message, details };
  }
  if (end.kind === 'timeout') {
    const message = `${sent} of ${planned} warm-up requests came to an end in ${seconds(result.elapsedMs)}`;
    return { ok: false, code: 'warm-up-timeout', message, details };
  }
  if (failed === 0 || failed / sent <= maxFailureShare) return { ok: true };
  const message = `${failed} of ${sent} warm-up requests failed: ${percent(failed / sent)}, allowed are ${percent(maxFailureShare)}`;
  return { ok: false, code: 'warm-up-failed', message, details };
}

/** The same for a warm-up by a command. */
export function judgeCommand(result: WarmupCommandResult): Verdict {
  const { end, program } = result;
  const details = result.lastLines.join('\n');
  switch (end.kind) {
    case 'done':
      return { ok: true };
    case 'exited':
      return {
        ok: false,
        code: 'app-exited-in-warm-up',
        message: `The app ended with exit code ${end.exitCode} while ${program} ran`,
        details,
      };
    case 'timeout':
      return { ok: false, code: 'warm-up-timeout', message: `${program} did not end in ${seconds(result.elapsedMs)}`, details };
    case 'missing':
      return { ok: false, code: 'warm-up-failed', message: `${program} could not be started: is it installed, and on PATH?`, details };
    case 'failed':
      return { ok: false, code: 'warm-up-failed', message: `${program} ended with exit code ${end.exitCode}`, details };
  }
}

function describeFailures(failures: WarmupResult['failures']): string {
  const shown = failures.slice(0, FAILURES_SHOWN).map(({ what, count }) => `${count} × ${what}`);
  const rest = failures.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} other kinds of failure`] : [])].join('\n');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
