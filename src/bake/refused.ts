// The failure of a checkpoint that a CRaC JVM refused, from what it said.

import { describeRefusal } from '../crac-jdk/refusal-text.ts';
import { parseRefusals } from '../crac-jdk/refusals.ts';
import { BakeError } from '../errors.ts';

/** Each reason with what to do about it; undefined where the JVM's output names none. */
export function refusedBy(output: string): BakeError | undefined {
  const refusals = parseRefusals(output);
  if (refusals.length === 0) return undefined;
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
      log: output.trimEnd().split('\n').slice(0, 50),
    },
  );
}
