// Damage to the files of a checkpoint, in the bake container's own layer.

import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SmallEngine } from '../../docker/support/small-engine.ts';
import { childrenOf } from './processes.ts';

/** The checkpoint's folder as this machine sees it: the engine's data is mounted in a namespace of its own. */
async function folderOf(engine: SmallEngine, container: string): Promise<string> {
  const layer = await engine.docker('inspect', '--format', '{{.GraphDriver.Data.UpperDir}}', container);
  const [inside] = await childrenOf(engine.pid);
  return join(`/proc/${inside}/root`, layer, 'opt/crac-bake/checkpoint');
}

/** Writes a file of the checkpoint anew. */
export async function damage(engine: SmallEngine, container: string, name: string, change: (content: Buffer) => Buffer): Promise<void> {
  const path = join(await folderOf(engine, container), name);
  await writeFile(path, change(await readFile(path)));
}

/** Removes the files of the checkpoint with such a name. */
export async function removeFile(engine: SmallEngine, container: string, pattern: RegExp): Promise<void> {
  const folder = await folderOf(engine, container);
  for (const name of await readdir(folder)) if (pattern.test(name)) await rm(join(folder, name));
}
