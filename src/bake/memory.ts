// Whether it was the kernel that ended a container's app, for want of memory: the engine notes it, and crac-init reads it from the cgroup.

import { lastLog, memoryState } from '../docker/containers.ts';
import type { World } from '../ports.ts';

/** The parts of a failure that a kill for want of memory explains. */
export interface MemoryKill {
  readonly details: string;
  readonly remedy: string;
}

/** What crac-init says of it (runtime/init/memory.go). */
const TOLD = /the kernel killed for want of memory \([^)]*\)/;

/** Room for what a process maps while it is restored, beside what it had in memory. */
const ROOM = 1.25;

/** Undefined where it was something else, or where the engine cannot say. */
export async function memoryKill(world: World, container: string, residentBytes?: number): Promise<MemoryKill | undefined> {
  const [state, log] = await Promise.all([memoryState(world, container), lastLog(world, container)]);
  const told = log.flatMap((line) => TOLD.exec(line)?.[0] ?? []).at(-1);
  if (told === undefined && state?.killed !== true) return undefined;
  const limit = state === undefined || state.limitBytes === 0 ? undefined : mebibytes(state.limitBytes);
  const needs = residentBytes === undefined ? undefined : mebibytes(residentBytes * ROOM);
  return {
    details: told ?? `the kernel killed for want of memory (${limit === undefined ? 'the host is full' : `limit ${limit} MiB`})`,
    remedy:
      limit === undefined
        ? 'Give the engine’s host more memory, or the app less: -Xmx, -XX:MaxRAMPercentage.'
        : `Raise the limit of ${limit} MiB (--memory${needs === undefined ? '' : ` ${needs}m or more`}), or lower what the app takes: -Xmx, -XX:MaxRAMPercentage.`,
  };
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024);
}
