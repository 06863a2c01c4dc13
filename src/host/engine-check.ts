// The quick part of the doctor, for every bake: what the engine's own answer rules out.

import type { EngineFacts } from '../docker/engine-facts.ts';
import { BakeError } from '../errors.ts';
import { ENGINE_CHECKS } from './checks/engine.ts';
import { judgeAll } from './judgement.ts';

/** Doubts that a bake's report tells by itself where they matter: of the kernel's clocks it knows more after the dump. */
const TOLD_LATER = new Set(['kernel', 'cgroups', 'memory']);

/** Warns of what may go wrong. Throws `host-unfit` with all that cannot work. */
export function checkEngine(engine: EngineFacts, warn: (message: string) => void): void {
  const judgements = judgeAll(ENGINE_CHECKS, engine);
  const failed = judgements.filter(({ verdict }) => verdict === 'fail');
  if (failed.length > 0) {
    throw new BakeError('host-unfit', 'check-host', `This engine cannot bake: ${failed.map(({ what }) => what).join(', ')}`, {
      details: failed.map(({ what, found }) => `${what}: ${found}`).join('\n'),
      remedy: failed.map(({ remedy }) => remedy).join(' '),
    });
  }
  for (const { what, verdict, found, remedy } of judgements)
    if (verdict === 'warn' && !TOLD_LATER.has(what)) warn(`${what}: ${found}. ${remedy}`);
}
