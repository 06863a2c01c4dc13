// `crac-bake clean`.

import { removeAbandonedFolders } from '../adapters/files.ts';
import { removeLeftovers } from '../bake/leftovers.ts';
import { askEngine } from '../docker/engine-facts.ts';
import { inWorld } from './world.ts';

/** Removes what runs that were killed have left, and says what it was. Throws `no-engine`. */
export async function cleanCommand(flags: { readonly json?: boolean }): Promise<void> {
  const { value: removed, interrupted } = await inWorld(false, async (world) => {
    await askEngine(world);
    return { ...(await removeLeftovers(world)), folders: await removeAbandonedFolders() };
  });
  const text = Object.entries(removed)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');
  process.stdout.write(flags.json ? `${JSON.stringify({ removed })}\n` : `Removed ${text}.\n`);
  if (interrupted !== undefined) process.exitCode = interrupted;
}
