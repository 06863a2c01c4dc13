// Starts the app in the bake container, under crac-init.

import { join } from 'node:path';
import { docker } from '../docker/cli.ts';
import { isRunning, lastLog, type PublishedPorts, publishedPorts, waitForExit } from '../docker/containers.ts';
import { BakeError } from '../errors.ts';
import type { BakePlan } from '../plan/plan.ts';
import type { World } from '../ports.ts';
import { packRuntime, RUNTIME_FOLDER } from '../runtime/files.ts';
import type { CriuFiles } from './helper-image.ts';
import { memoryKill } from './memory.ts';
import { failing } from './steps.ts';

/** A container that runs: where its ports are, when it was started (ms on the world's clock), and its end. */
export interface Running {
  readonly container: string;
  readonly ports: PublishedPorts;
  readonly startedAt: number;
  /** Resolves with the exit code; rejects when the run ends first. */
  readonly exited: Promise<number>;
}

/** The runtime's own files for an architecture, from the package's `dist` folder. */
export async function readRuntime(
  files: World['files'],
  dist: string,
  architecture: string,
): Promise<{ init: Uint8Array; agent: Uint8Array }> {
  const [init, agent] = await Promise.all([files.read(join(dist, `crac-init-${architecture}`)), files.read(join(dist, 'context.jar'))]);
  return { init, agent };
}

/** Creates the bake container, puts the runtime into it, with CRIU where there is to be a dump, and starts it. `scope` ends the watching. Throws `start-failed`, `app-exited`. */
export async function startApp(
  world: World,
  plan: BakePlan,
  runtime: { readonly init: Uint8Array; readonly agent: Uint8Array },
  criu: CriuFiles | undefined,
  scope: AbortSignal,
): Promise<Running> {
  const container = plan.names.bake;
  return failing('start-failed', 'start', 'The bake container could not be started', async () => {
    const packed = packRuntime(runtime.init, runtime.agent, plan.runRequest, plan.files);
    await docker(world, plan.create);
    await docker(world, ['cp', '-', `${container}:/`], { input: await packed });
    if (criu !== undefined) await docker(world, ['cp', '-', `${container}:${RUNTIME_FOLDER}`], { input: criu.tar });
    return startContainer(world, container, ['start', container], scope, 'start', plan.publishedPorts.length > 0);
  });
}

/** Runs a docker command that starts a container, and begins to watch it. */
export async function startContainer(
  world: World,
  container: string,
  command: readonly string[],
  scope: AbortSignal,
  step: 'start' | 'prove',
  hasPorts: boolean,
): Promise<Running> {
  const startedAt = world.clock.now();
  await docker(world, command);
  const exited = waitForExit(world, container, scope);
  exited.catch(() => {});
  const ports: PublishedPorts = hasPorts ? await publishedPorts(world, container) : new Map();
  if (hasPorts && ports.size === 0) {
    if (await isRunning(world, container)) {
      throw new BakeError('start-failed', step, 'The engine published none of the container’s ports', {
        remedy: 'Networks that are internal publish none; use one that is not, or --network host. See docker network inspect.',
      });
    }
    // The engine forgets the ports of a container that has ended.
    throw await appExited(world, container, await exited, step);
  }
  return { container, ports, startedAt, exited };
}

/** The failure of an app that ended too early, with its last lines. */
export async function appExited(world: World, container: string, exitCode: number, step: 'start' | 'ready' | 'prove'): Promise<BakeError> {
  const [log, memory] = await Promise.all([lastLog(world, container), memoryKill(world, container)]);
  if (memory !== undefined)
    return new BakeError('app-exited', step, 'The kernel killed the app for its memory before it was ready', { ...memory, log });
  return new BakeError('app-exited', step, `The app ended with exit code ${exitCode} before it was ready`, {
    details: log.length === 0 ? 'It wrote nothing.' : '',
    log,
  });
}
