// The CRIU helper image in the workflow's cache: engines of hosted runners are new for each job, and building it takes half a minute.
// It holds CRIU and its libraries from a Debian package, never a checkpoint. Whatever fails here costs time and nothing else.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HelperStore } from '../src/bake/helper-image.ts';
import { type DockerWorld, docker } from '../src/docker/cli.ts';

/** What is used of @actions/cache. */
export interface CacheLibrary {
  restoreCache(paths: string[], primaryKey: string): Promise<string | undefined>;
  saveCache(paths: string[], key: string): Promise<number>;
}

/** What takes longer is slower than building anew. */
const LOAD_LIMIT_MS = 20_000;
const SAVE_LIMIT_MS = 60_000;

/** Whether the runner offers a cache: asked before the library is loaded, which takes its time. */
export function hasCacheService(environment: Readonly<Record<string, string | undefined>>): boolean {
  return Boolean(environment.ACTIONS_RUNTIME_TOKEN && (environment.ACTIONS_RESULTS_URL || environment.ACTIONS_CACHE_URL));
}

/** The library, in a chunk of the bundle that is read only here. */
export async function cacheLibrary(): Promise<CacheLibrary> {
  return import('@actions/cache');
}

interface Parts {
  readonly world: DockerWorld;
  /** Folder for the image's file on its way; the same in every job, for the cache's keys depend on it. */
  readonly folder: string;
  readonly library: () => Promise<CacheLibrary>;
  readonly warn: (message: string) => void;
}

/** The store of a run. `built` is told of images that a later `saveHelper` should keep. */
export function helperStore(parts: Parts, built: (image: string) => void): HelperStore {
  return {
    built,
    load: async (image) => {
      const file = fileOf(parts.folder, image);
      try {
        const { restoreCache } = await parts.library();
        const key = await within(LOAD_LIMIT_MS, parts.world.signal, restoreCache([file], keyOf(image)));
        if (key === undefined) return false;
        await docker(parts.world, ['load', '--input', file]);
        return true;
      } catch (error) {
        parts.warn(`The helper image could not be taken from the cache, so it is built: ${(error as Error).message}`);
        return false;
      } finally {
        await rm(file, { force: true });
      }
    },
  };
}

/** Puts a helper image into the cache. Never rejects. */
export async function saveHelper(parts: Parts, image: string): Promise<void> {
  const file = fileOf(parts.folder, image);
  try {
    const { saveCache } = await parts.library();
    await docker(parts.world, ['save', '--output', file, image]);
    await within(SAVE_LIMIT_MS, parts.world.signal, saveCache([file], keyOf(image)));
  } catch (error) {
    parts.warn(`The helper image was not put into the cache: ${(error as Error).message}`);
  } finally {
    await rm(file, { force: true });
  }
}

/** `crac-bake/helper:HASH-ARCHITECTURE` names all that the image is made of. */
function keyOf(image: string): string {
  return image.replace(/[^\w.-]/g, '-');
}

function fileOf(folder: string, image: string): string {
  return join(folder, `${keyOf(image)}.tar`);
}

/** The library takes neither a deadline for all of its work nor a signal. */
async function within<T>(ms: number, signal: AbortSignal, work: Promise<T>): Promise<T> {
  const end = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  const ended = new Promise<never>((_, reject) => {
    const stop = () => reject(signal.aborted ? signal.reason : new Error(`the cache did not answer within ${ms / 1000} s`));
    if (end.aborted) stop();
    else end.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([work, ended]);
}
