// The push: under a temporary tag first, pulled back by its digest, proved again. Only what came out of this is what the tags are moved to.

import { docker, tryDocker } from '../docker/cli.ts';
import { BakeError } from '../errors.ts';
import { repositoryOf } from '../image/reference.ts';
import type { BakePlan } from '../plan/plan.ts';
import type { World } from '../ports.ts';
import { registryCredentials } from '../registry/credentials.ts';
import { deleteTag } from '../registry/delete-tag.ts';
import { imageId, pullReference, pushTag, type TransferOptions } from '../registry/transfer.ts';
import type { OptionValues } from '../spec/values.ts';
import type { Run } from './run.ts';

/** What was proved: an image, and its digest in each repository. */
export interface Proved {
  readonly imageId: string;
  readonly digests: ReadonlyMap<string, string>;
}

export function transferOptions(options: OptionValues): TransferOptions {
  return { retries: options['push-retries'], timeoutMs: options['push-timeout'] };
}

/**
 * Pushes the restore image to the repository of every tag, forgets it here, pulls it back by digest and gives it to `prove`.
 * Throws `push-denied`, `push-failed`, `push-timeout`, `digest-mismatch`, and what `prove` throws.
 */
export async function pushAndProve(
  run: Run,
  plan: BakePlan,
  restoreImageId: string,
  prove: (plan: BakePlan) => Promise<unknown>,
): Promise<Proved> {
  const { world, options, names } = run;
  const transfer = transferOptions(options);
  const repositories = [...new Set(options.tags.map(repositoryOf))];
  const digests = new Map<string, string>();
  try {
    for (const repository of repositories) {
      const tag = `${repository}:${names.temporaryTag}`;
      await docker(world, ['tag', names.restoreImage, tag]);
      digests.set(repository, await pushTag(world, tag, transfer));
    }
    await forgetHere(world, run, repositories);
    const proved = new Set<string>();
    for (const [repository, digest] of digests) {
      const reference = `${repository}@${digest}`;
      await pullReference(world, reference, transfer);
      // Docker checks what it pulls against the digest; that the digest is that of this bake, it cannot know.
      if ((await imageId(world, reference)) !== restoreImageId) {
        throw new BakeError('digest-mismatch', 'push', `${reference} is another image than the one that was pushed`);
      }
      // A registry that says something else of a tag than of its digest is told here, while no tag of the user's is at stake.
      const tag = `${repository}:${names.temporaryTag}`;
      const answered = await pullReference(world, tag, transfer);
      if (answered !== digest) {
        throw new BakeError('digest-mismatch', 'push', `${tag} stands in the registry for another digest than the one that was pushed`, {
          details: `${answered} instead of ${digest}`,
        });
      }
      if (proved.has(digest)) continue;
      await tryDocker(world, ['rm', '--force', '--volumes', names.proof, names.twin]);
      await prove({ ...plan, names: { ...names, restoreImage: reference } });
      proved.add(digest);
    }
    await tryDocker(world, ['rm', '--force', '--volumes', names.proof, names.twin]);
    return { imageId: restoreImageId, digests };
  } catch (error) {
    const whole = { ...world, signal: new AbortController().signal };
    await tryDocker(whole, ['rm', '--force', '--volumes', names.proof, names.twin]);
    await forgetDigests(whole, digests);
    await removeTemporaryTags(run, repositories.slice(0, digests.size + 1));
    throw error;
  }
}

/** Removes the restore image from the engine, so that the registry has to give all of it that the app image does not hold. */
async function forgetHere(world: World, { names }: Run, repositories: readonly string[]): Promise<void> {
  await docker(world, ['rm', '--force', '--volumes', names.proof, names.twin, names.bake]);
  const tags = repositories.map((repository) => `${repository}:${names.temporaryTag}`);
  await tryDocker(world, ['rmi', '--force', names.restoreImage, names.committedImage, ...tags]);
}

/** Removes the names by digest under which a pull leaves images. */
export async function forgetDigests(world: World, digests: ReadonlyMap<string, string>): Promise<void> {
  for (const [repository, digest] of digests) await tryDocker(world, ['rmi', `${repository}@${digest}`]);
}

/** Removes the temporary tags here and in the registries; warns of those that a registry keeps. */
export async function removeTemporaryTags(run: Run, repositories: readonly string[]): Promise<void> {
  const { installation, names, warn } = run;
  const world = { ...run.world, signal: new AbortController().signal };
  const access = {
    fetch: world.network.fetch,
    credentials: (registry: string) => registryCredentials(world, installation.dockerConfig, registry),
  };
  for (const repository of repositories) {
    const tag = `${repository}:${names.temporaryTag}`;
    await tryDocker(world, ['rmi', tag]);
    const kept = await deleteTag(access, tag);
    if (kept !== undefined) warn(`The temporary tag ${tag} may still be in the registry (${kept}). It can be deleted.`);
  }
}
