// Running steps: each is announced, timed and recorded, and independent ones run side by side.

import { DockerError } from '../docker/cli.ts';
import { BakeError, type ErrorCode, type Step } from '../errors.ts';
import { STEP_TITLES } from '../plan/plan.ts';
import type { Emit, World } from '../ports.ts';
import type { StepRecord } from '../report/report.ts';

/** A step's result, and one phrase about it for the report. */
export interface StepResult<T> {
  readonly value: T;
  readonly detail: string;
}

export type RunStep = <T>(step: Step, work: () => Promise<StepResult<T>>) => Promise<T>;

/** Why a step was ended before its time without having failed; the message is its detail in the report. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/** Runs steps over a world and appends what they took to `records`. */
export function stepRunner(world: Pick<World, 'clock' | 'emit'>, records: StepRecord[]): RunStep {
  return async (step, work) => {
    const started = world.clock.now();
    const title = STEP_TITLES[step];
    world.emit({ kind: 'step-start', step, title });
    const end = (detail: string) => {
      const elapsedMs = world.clock.now() - started;
      records.push({ step, title, elapsedMs, detail });
      world.emit({ kind: 'step-end', step, elapsedMs, detail });
    };
    try {
      const { value, detail } = await work();
      end(detail);
      return value;
    } catch (error) {
      end(error instanceof Superseded ? error.message : 'failed');
      throw error;
    }
  };
}

/** Events of work beside which other steps run: its commands and their output name their step. */
export function within(step: Step, emit: Emit): Emit {
  return (event) => emit(event.kind === 'command' || event.kind === 'output' ? { ...event, step } : event);
}

/** Runs independent work side by side; the first failure aborts the others, all are awaited, and that failure is thrown. */
export async function together<A, B>(
  signal: AbortSignal,
  a: (signal: AbortSignal) => Promise<A>,
  b: (signal: AbortSignal) => Promise<B>,
): Promise<[A, B]> {
  const failed = new AbortController();
  const shared = AbortSignal.any([signal, failed.signal]);
  let first: { error: unknown } | undefined;
  const guard = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await work(shared);
    } catch (error) {
      first ??= { error };
      failed.abort(error);
      throw error;
    }
  };
  const results = await Promise.allSettled([guard(a), guard(b)]);
  if (first !== undefined) throw first.error;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as [A, B];
}

/** The failure of a run whose engine is gone. The client's words are kept, without the address that it escapes. */
export function engineLost(error: DockerError, step: Step): BakeError {
  return new BakeError('engine-lost', step, 'The Docker Engine does not answer any more', {
    details: error.message.replace(/(error during connect): \w+ "[^"]*"/, '$1'),
    cause: error,
  });
}

/** What the engine says to a container with a capability that it does not hold itself, or that its kernel does not know (moby, oci/caps/utils.go). */
const DENIED = /invalid CapAdd: .*"(?:CAP_)?([A-Z_]+)"/;

/** The capability for which the engine refused to create a container. */
export function deniedCapability(error: DockerError): string | undefined {
  return DENIED.exec(error.lines.join('\n'))?.[1];
}

export function missingCapability(capability: string, error: DockerError, step: Step): BakeError {
  return new BakeError('missing-capability', step, `The engine cannot give a container the capability ${capability}`, {
    details: error.message,
    log: error.lines,
    cause: error,
  });
}

/** Turns a failed docker command into the step's named failure. */
export async function failing<T>(code: ErrorCode, step: Step, message: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    if (error.lost) throw engineLost(error, step);
    const capability = deniedCapability(error);
    if (capability !== undefined) throw missingCapability(capability, error, step);
    const full = error.lines.some((line) => /no space left on device/i.test(line));
    throw new BakeError(full ? 'no-space' : code, step, message, { details: error.message, log: error.lines, cause: error });
  }
}
