// Puts the restore image together: one commit of the bake container, which holds checkpoint, runtime and every file that the app changed.

import { join } from 'node:path';
import { docker, dockerBytes } from '../docker/cli.ts';
import { type ImageFacts, inspectImage } from '../docker/image-facts.ts';
import { labelInstruction, restoreLabels } from '../image/labels.ts';
import type { Manifest } from '../image/manifest.ts';
import { type BakePlan, commitArguments } from '../plan/plan.ts';
import { isMounted } from '../plan/surroundings.ts';
import type { World } from '../ports.ts';
import { packFile, RUNTIME_FOLDER } from '../runtime/files.ts';
import type { AppImage } from './app-image.ts';
import { failing } from './steps.ts';

/** Commits the bake container under the run's temporary name. Throws `assembly-failed`, `no-space`. */
export async function assemble(
  world: World,
  plan: BakePlan,
  app: AppImage,
  manifest: Manifest,
  userLabels: Readonly<Record<string, string>>,
): Promise<ImageFacts> {
  const { names } = plan;
  const base = { name: app.published, digest: app.facts.repoDigests[0]?.split('@')[1] ?? app.facts.id };
  return failing('assembly-failed', 'assemble', 'The restore image could not be put together', async () => {
    const manifestTar = await packFile('manifest.json', `${JSON.stringify(manifest, null, 1)}\n`);
    await docker(world, ['cp', '-', `${names.bake}:${RUNTIME_FOLDER}`], { input: manifestTar });
    const labels = labelInstruction(restoreLabels(manifest, base, userLabels));
    const { user } = app.facts;
    // What is mounted there is not the image's, and may be secret.
    const volumes = app.facts.volumes.filter((volume) => !isMounted(volume, plan.surroundings));
    const target = volumes.length === 0 ? names.restoreImage : names.committedImage;
    await docker(world, commitArguments(names, user, labels, target), { timeoutMs: 600_000 });
    if (volumes.length > 0) await addVolumes(world, plan, volumes);
    return inspectImage(world, names.restoreImage);
  });
}

/** A commit leaves volumes out; a restored process must find its files there, so their content becomes a layer, from which docker fills new volumes. */
async function addVolumes(world: World, plan: BakePlan, volumes: readonly string[]): Promise<void> {
  const { names } = plan;
  const folder = await world.files.makeTemporaryFolder();
  try {
    const lines = [`FROM ${names.committedImage}`];
    for (const [index, volume] of volumes.entries()) {
      const tar = await dockerBytes(world, ['cp', `${names.bake}:${volume}/.`, '-'], { timeoutMs: 600_000 });
      await world.files.write(join(folder, `volume-${index}.tar`), tar);
      lines.push(`ADD ${JSON.stringify([`volume-${index}.tar`, volume])}`);
    }
    await world.files.write(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`);
    await docker(world, ['build', '--progress', 'plain', '--tag', names.restoreImage, folder], {
      timeoutMs: 600_000,
      env: { DOCKER_BUILDKIT: '1' },
    });
  } finally {
    await world.files.removeFolder(folder);
  }
}
