// Readiness of a running container: the wait over its published ports or its log, and the failure when it does not come.

import { followLog, lastLog, runProgram } from '../docker/containers.ts';
import { BakeError } from '../errors.ts';
import type { World } from '../ports.ts';
import type { Target } from '../readiness/check.ts';
import { describeProbe, type Probe } from '../readiness/probe.ts';
import { type Readiness, waitUntilReady } from '../readiness/wait.ts';
import { appExited, type Running } from './start.ts';

interface Wanted {
  readonly probe: Probe;
  readonly successes: number;
  readonly timeoutMs: number;
  /** The host under which the engine's published ports are reached. */
  readonly host: string;
  /** The image's user, as which a program in the container runs. */
  readonly user: string;
}

export type Ready = Extract<Readiness, { kind: 'ready' }> & {
  /** From the docker command that started the container to the first success, in ms. */
  readonly firstResponseMs: number;
};

/** Where the ports of a container are reached. */
export function targetOf(running: Running, host: string): Target {
  return { host, portOf: (port) => running.ports.get(port) ?? port };
}

/** Waits until the app answers. Throws `app-exited` or `not-ready`, with the container's last lines. */
export async function waitForApp(world: World, running: Running, wanted: Wanted): Promise<Ready> {
  const began = world.clock.now();
  const result = await waitUntilReady({
    probe: wanted.probe,
    target: targetOf(running, wanted.host),
    successes: wanted.successes,
    timeoutMs: wanted.timeoutMs,
    exited: running.exited,
    followLog: (onLine, signal) => followLog(world, running.container, onLine, signal),
    runProgram: (command, timeoutMs, signal) => runProgram(world, running.container, wanted.user, command, timeoutMs, signal),
    world,
    onProgress: (message) => world.emit({ kind: 'progress', step: 'ready', message }),
  });
  if (result.kind === 'ready') return { ...result, firstResponseMs: result.firstResponseMs + (began - running.startedAt) };
  if (result.kind === 'exited') throw await appExited(world, running.container, result.exitCode, 'ready');
  const log = await lastLog(world, running.container);
  throw new BakeError('not-ready', 'ready', `The app was not ready after ${Math.round(wanted.timeoutMs / 1000)} s`, {
    details: `${describeProbe(wanted.probe)}: ${result.lastMessage}`,
    log,
  });
}
