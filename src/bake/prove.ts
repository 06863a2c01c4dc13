// The proof: the restore image in a fresh container under exactly the privileges that are printed, with the fallback off.

import { DockerError, isLost, tryDocker } from '../docker/cli.ts';
import { followLog, lastLog, logLines } from '../docker/containers.ts';
import type { RestorePrivileges } from '../engines/engine.ts';
import { BakeError } from '../errors.ts';
import { type BakePlan, proofArguments } from '../plan/plan.ts';
import type { World } from '../ports.ts';
import type { Probe } from '../readiness/probe.ts';
import { INIT } from '../runtime/files.ts';
import { parseRestoreTrace, type RestoreTrace } from '../runtime/restore-trace.ts';
import { memoryKill } from './memory.ts';
import { waitForApp } from './readiness.ts';
import { type Running, startContainer } from './start.ts';
import { failing } from './steps.ts';

export interface Proof {
  /** From `docker run` to the first answer, in ms. */
  readonly firstResponseMs: number;
  readonly restore: RestoreTrace;
  /** The restored container, which goes on. */
  readonly running: Running;
}

export interface ProofOptions {
  /** The probe as the cold run made it exact. */
  readonly probe: Probe;
  readonly successes: number;
  readonly timeoutMs: number;
  readonly host: string;
  /** Of the process at the dump. */
  readonly residentBytes?: number;
}

/** For a checkpoint of many GB on a slow disk, in ms. */
const VERIFY_TIMEOUT_MS = 600_000;

/** How crac-init's line after a restore that was acknowledged begins. */
export const RESTORED = 'crac-init: restored pid';

/** Restores the image once and asks it. Throws `restore-failed` or `restored-not-ready`. */
export async function prove(
  world: World,
  plan: BakePlan,
  privileges: RestorePrivileges,
  options: ProofOptions,
  scope: AbortSignal,
): Promise<Proof> {
  const container = plan.names.proof;
  // A log probe's line was written before the checkpoint; after the restore crac-init's own line takes its place.
  const probe: Probe = options.probe.kind === 'log' ? { kind: 'log', pattern: RESTORED } : options.probe;
  try {
    const running = await failing('restore-failed', 'prove', 'The restore image could not be started', () =>
      startContainer(world, container, proofArguments(plan, privileges), scope, 'prove', plan.publishedPorts.length > 0),
    );
    const began = world.clock.now();
    const ready = await waitForApp(world, running, { ...options, probe, user: plan.runRequest.user });
    const restore = await restoreTrace(world, container, options.timeoutMs - (world.clock.now() - began));
    if (restore === undefined)
      throw new BakeError('not-ready', 'prove', 'The restore did not end', { log: await lastLog(world, container) });
    await verify(world, container);
    return { firstResponseMs: ready.firstResponseMs, restore, running };
  } catch (error) {
    throw await explain(world, container, error, options.residentBytes);
  }
}

/**
 * What crac-init says of its restore, or undefined where it says nothing of it before the container's end or the deadline.
 * An app whose listener stayed open may answer while its afterRestore hooks still run, or have failed.
 */
async function restoreTrace(world: World, container: string, timeoutMs: number): Promise<RestoreTrace | undefined> {
  const found = new AbortController();
  let trace: RestoreTrace | undefined;
  const look = (line: string) => {
    trace ??= parseRestoreTrace(line);
    if (line.startsWith(RESTORED)) found.abort();
  };
  const signal = AbortSignal.any([found.signal, world.signal]);
  await followLog(world, container, look, signal, Math.max(1, Math.round(timeoutMs))).catch(() => {});
  world.signal.throwIfAborted();
  return found.signal.aborted ? trace : undefined;
}

/** A restore looks at the lengths of the checkpoint's files only; here all of them are read, so that no damage is tagged. Throws `checkpoint-incomplete`. */
async function verify(world: World, container: string): Promise<void> {
  const args = ['exec', '--user', '0', container, INIT, 'verify'];
  const result = await tryDocker(world, args, { timeoutMs: VERIFY_TIMEOUT_MS });
  if (result.exitCode === 0) return;
  if (isLost(result)) throw new DockerError(args, result);
  throw new BakeError('checkpoint-incomplete', 'prove', 'The image’s checkpoint is not the one that was dumped', {
    details: result.stderr.trim().replace(/^crac-init: /, ''),
    remedy: 'Is the engine’s disk full, or damaged? No tag was moved.',
  });
}

async function explain(world: World, container: string, error: unknown, residentBytes: number | undefined): Promise<unknown> {
  if (!(error instanceof BakeError) || (error.code !== 'app-exited' && error.code !== 'not-ready')) return error;
  const { log } = error;
  const memory = await memoryKill(world, container, residentBytes);
  if (memory !== undefined)
    return new BakeError('restore-failed', 'prove', 'The kernel killed the restored process for its memory', {
      ...memory,
      log,
      cause: error,
    });
  const told = await logLines(world, container, 'crac-init: ');
  const said = told.find((line) => line.startsWith('crac-init: not restored'));
  if (said !== undefined)
    return new BakeError('restore-failed', 'prove', 'The restore image did not restore', { details: said, log, cause: error });
  const restored = told.some((line) => line.startsWith(RESTORED));
  if (error.code === 'app-exited') {
    return new BakeError(
      'restore-failed',
      'prove',
      restored ? 'The restored process ended before it answered' : 'The restore image did not restore',
      {
        details: error.message.replace('The app', 'The container'),
        log,
        cause: error,
      },
    );
  }
  if (!restored) {
    return new BakeError('restore-failed', 'prove', 'The restore did not come to an end', {
      remedy: 'Its log is below; raise --prove-timeout if it only is slow. No tag was moved.',
      log,
      cause: error,
    });
  }
  return new BakeError('restored-not-ready', 'prove', 'The restored process did not answer', { details: error.details, log, cause: error });
}
