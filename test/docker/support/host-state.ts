// What is on the host: to compare before and after a run.

import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { ExecutionContext } from 'ava';
import { docker as dockerOf } from './engine.ts';

export interface HostState {
  readonly containers: readonly string[];
  readonly images: readonly string[];
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
  readonly temporary: readonly string[];
}

const sorted = (text: string) => text.split('\n').filter(Boolean).sort();

/** Listings of containers, images (dangling ones too), volumes, networks and the temporary folder. `engine`: another address than the usual one. */
export async function hostState(engine?: string): Promise<HostState> {
  const docker = (...args: string[]) => dockerOf(...(engine === undefined ? [] : ['--host', engine]), ...args);
  const [containers, images, volumes, networks, temporary] = await Promise.all([
    docker('ps', '--all', '--no-trunc', '--format', '{{.Names}}'),
    docker('images', '--no-trunc', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}'),
    docker('volume', 'ls', '--quiet'),
    docker('network', 'ls', '--no-trunc', '--format', '{{.Name}} {{.ID}}'),
    readdir(tmpdir()),
  ]);
  // The helper image may be made by the first bake of all.
  const withoutHelper = sorted(images).filter((line) => !line.startsWith('crac-bake/helper:'));
  return {
    containers: sorted(containers),
    images: withoutHelper,
    volumes: sorted(volumes),
    networks: sorted(networks),
    temporary: temporary.filter((name) => /^(crac-bake|docker)/.test(name)).sort(),
  };
}

/** Does the work and asserts that the host is afterwards as it was before, but for images of these names, which the work is to make. */
export async function leavingNothing<T>(
  t: ExecutionContext,
  work: () => Promise<T>,
  but: { results?: string[]; engine?: string } = {},
): Promise<T> {
  const before = await hostState(but.engine);
  const result = await work();
  const after = await hostState(but.engine);
  const isResult = (line: string) => but.results?.some((name) => line.startsWith(`${name} `)) ?? false;
  t.deepEqual({ ...after, images: after.images.filter((line) => !isResult(line)) }, before);
  return result;
}
