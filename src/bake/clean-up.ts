// The clean-up at the end of a run: it waits for an engine that is being restarted, and after an interruption it has little time.

import { DockerError } from '../docker/cli.ts';
import type { World } from '../ports.ts';
import { removeLeftovers } from './leftovers.ts';

/** How long an engine that ended may take to be back, in ms. */
const ENGINE_BACK_MS = 20_000;
const RETRY_MS = 500;

/** Longest wait for one answer, in ms: an engine that has stopped answering must not hold up the report for long. */
const ANSWER_MS = 15_000;

/** Removes what the run made. Throws DockerError where the engine does not answer, and the reason of `world.cleanUp`. */
export async function cleanUp(world: World, run: string, surroundings: boolean): Promise<void> {
  await patiently(world, (its) => removeLeftovers(its, run, surroundings));
}

/** Work that has to be done also after a failure or an interruption, tried again while the engine is away. Throws as `cleanUp`. */
export async function patiently<T>(world: World, work: (its: World) => Promise<T>): Promise<T> {
  const signal = world.cleanUp ?? new AbortController().signal;
  const answerTimeoutMs = Math.min(world.answerTimeoutMs ?? ANSWER_MS, ANSWER_MS);
  const its: World = { ...world, signal, letFinish: signal, answerTimeoutMs };
  const patienceMs = Math.min(4 * answerTimeoutMs, ENGINE_BACK_MS);
  const started = world.clock.now();
  for (;;) {
    try {
      return await work(its);
    } catch (error) {
      const comesBack = error instanceof DockerError && error.lost && world.clock.now() - started < patienceMs;
      if (!comesBack) throw error;
      await world.clock.sleep(RETRY_MS, signal);
    }
  }
}
