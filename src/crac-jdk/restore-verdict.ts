// Whether `java -XX:CRaCRestoreFrom=DIR` restored, over its output. The last word has the acknowledgement or the probe: a JVM whose hooks
// failed after the restore runs on, and may have no stream left to say so.

import { diagnoseText, type NamedFailure } from '../diagnose/diagnose.ts';
import type { ProcessState } from './verdict.ts';

export interface RestoreRecord {
  /** The container's log from the restore on. */
  readonly output: { readonly stdout: string; readonly stderr: string };
  readonly state: ProcessState;
}

/**
 * - `success`: the process runs, and nothing speaks against it.
 * - `not-started`: CRIU, or another engine, had not begun: no checkpoint there, no privileges.
 * - `refused`: the JVM did not take an option, the processor or the image.
 * - `failed`: it had begun and broke off, or a hook failed afterwards.
 */
export type RestoreOutcome = 'success' | 'not-started' | 'refused' | 'failed';

export interface RestoreVerdict {
  readonly outcome: RestoreOutcome;
  readonly because: string;
  /** The process has said nothing since: it is idle, or its stdout and stderr were not handed over, and then no failing hook would show. */
  readonly silent: boolean;
  readonly failures: readonly NamedFailure[];
}

const REFUSED =
  /cannot be set during restore|You have to specify -XX:CPUFeatures|Restore failed due to|Image format does not match|(?:Label|Bitmap) mismatch for tag/;

/** Judges a restore. */
export function judgeRestore({ output, state }: RestoreRecord): RestoreVerdict {
  const text = `${output.stdout}\n${output.stderr}`;
  const { root, others } = diagnoseText(state.running ? text : `${text}\nexit code ${state.exitCode}`);
  const failures = root === undefined || root.rank === 'fine' ? [] : [root, ...others];
  const verdict = (outcome: RestoreOutcome, because: string): RestoreVerdict => ({
    outcome,
    because,
    silent: state.running && text.split('\n').every((line) => line.trim() === '' || ofCriu(line)),
    failures: outcome === 'success' ? [] : failures,
  });
  if (state.running) {
    const hook = /(?:crac|mirror)\.(?:\w+\.)?RestoreException/.test(text);
    return hook
      ? verdict('failed', 'A hook failed after the restore; the process goes on.')
      : verdict('success', 'The restored process runs.');
  }
  if (REFUSED.test(text)) return verdict('refused', 'The JVM refused to restore.');
  if (/Restoring FAILED/.test(text)) return verdict('failed', 'The restore broke off.');
  if (state.oomKilled) return verdict('failed', 'The kernel ended it for want of memory.');
  const error = text.split('\n').some((line) => ofCriu(line)) || failures.length > 0;
  return error
    ? verdict('not-started', 'The restore had not begun.')
    : verdict('failed', `The process ended with ${state.exitCode} and gave no reason.`);
}

function ofCriu(line: string): boolean {
  return /\b(?:Error|Warn) {0,2}\([\w/.-]+\.[ch]:\d+\):|^CRIU needs to have|^setcap /.test(line);
}
