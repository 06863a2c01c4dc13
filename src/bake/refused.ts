// The failure of a checkpoint that a CRaC JVM was asked for, from what it said and what the app wrote.

import { describeRefusal } from '../crac-jdk/refusal-text.ts';
import type { Refusal } from '../crac-jdk/refusals.ts';
import { judgeCheckpoint } from '../crac-jdk/verdict.ts';
import { BakeError } from '../errors.ts';

const LINES_SHOWN = 50;

/**
 * Why a JVM that still runs has made no checkpoint. `answer`: what it said to who asked, empty where the app asked itself. Undefined where
 * neither the answer nor the app's log tells.
 */
export function jvmFailure(answer: string, log: readonly string[]): BakeError | undefined {
  const { outcome, because, refusals } = judgeCheckpoint({
    engine: 'criu',
    ...(answer === '' ? {} : { trigger: { stdout: answer, stderr: '', exitCode: 0 } }),
    app: { stdout: log.join('\n'), stderr: '' },
    state: { running: true, exitCode: 0, oomKilled: false },
    files: [],
    dumpLog: '',
  });
  const shown = (answer === '' ? log : answer.trimEnd().split('\n')).slice(0, LINES_SHOWN);
  if (outcome === 'refused' && refusals.length > 0) return refused(refusals, shown);
  if (outcome === 'failed') return new BakeError('criu-failed', 'dump', because.replace(/\.$/, ''), { log: log.slice(-LINES_SHOWN) });
  return undefined;
}

/** Each reason with what to do about it. */
function refused(refusals: readonly Refusal[], log: readonly string[]): BakeError {
  const reasons = refusals.map(describeRefusal);
  const hooks = refusals.every(({ kind }) => kind === 'hook');
  const [only] = reasons.length === 1 ? reasons : [];
  return new BakeError(
    hooks ? 'hook-failed' : 'checkpoint-refused',
    'trigger',
    only?.what.replace(/\.$/, '') ?? `The JVM refused the checkpoint for ${reasons.length} reasons`,
    {
      ...(only === undefined ? { details: reasons.map(({ what, remedy }) => `${what} ${remedy}`.trim()).join('\n') } : {}),
      ...(only === undefined || only.remedy === '' ? {} : { remedy: only.remedy }),
      log,
    },
  );
}
