// Moving the tags: on the engine, and with --push in the registries, where each is looked at again afterwards.

import { docker, tryDocker } from '../docker/cli.ts';
import { BakeError } from '../errors.ts';
import { repositoryOf } from '../image/reference.ts';
import type { World } from '../ports.ts';
import { giveBack, imageId, pullReference, pushTag } from '../registry/transfer.ts';
import type { PushedTag } from '../report/report.ts';
import { patiently } from './clean-up.ts';
import { forgetDigests, type Proved, removeTemporaryTags, transferOptions } from './push.ts';
import type { Run } from './run.ts';
import { failing, type StepResult } from './steps.ts';

/** The images that the tags stand for, by tag; undefined for a new one. To be asked before the step `tag`, which cannot be interrupted any more. Throws `tag-failed`. */
export function standingTags({ world, options }: Run): Promise<ReadonlyMap<string, string | undefined>> {
  return failing('tag-failed', 'tag', 'The tags could not be looked up', async () => {
    const before = new Map<string, string | undefined>();
    for (const tag of options.tags) before.set(tag, await imageId(world, tag));
    return before;
  });
}

/** Moves the tags on the engine, all or none; where the engine is away for too long, a warning says which were moved. Throws `tag-failed`. */
export function tagHere(run: Run, image: string, before: ReadonlyMap<string, string | undefined>): Promise<StepResult<undefined>> {
  const { options } = run;
  return failing('tag-failed', 'tag', 'The restore image could not be tagged', async () => {
    const whole = uninterrupted(run.world);
    const moved: string[] = [];
    for (const tag of options.tags) {
      try {
        await docker(whole, ['tag', image, tag]);
        moved.push(tag);
      } catch (error) {
        await putBack(run, before, moved, tag);
        throw error;
      }
    }
    return { value: undefined, detail: options.tags.join(', ') };
  });
}

/** Lets the tags stand for what they stood for, as soon as the engine answers. Of the one at which it failed nobody knows whether it was moved. */
async function putBack(
  { world, options, warn }: Run,
  before: ReadonlyMap<string, string | undefined>,
  moved: readonly string[],
  failed: string,
): Promise<void> {
  try {
    await patiently(world, async (its) => {
      for (const tag of [...moved, failed]) await giveBack(its, tag, before.get(tag));
    });
  } catch {
    const parts = [
      ['moved to the new image, which was proved', moved],
      ['moved or not', [failed]],
      ['not moved', options.tags.slice(moved.length + 1)],
    ] as const;
    const told = parts.flatMap(([what, tags]) => (tags.length === 0 ? [] : [`${what}: ${tags.join(', ')}`]));
    warn(`The engine was away for too long for the tags to be moved back; ${told.join('; ')}.`);
  }
}

/**
 * Moves the tags in their registries to the digest that was proved, one after the other, and on the engine with them. What had a tag before has it
 * again where that fails. Throws `push-denied`, `push-failed`, `push-timeout`, `digest-mismatch`.
 */
export async function tagEverywhere(run: Run, proved: Proved): Promise<StepResult<undefined>> {
  const { world, options, report } = run;
  const done: PushedTag[] = options.tags.map((tag) => ({ tag, status: 'untouched', digest: null }));
  report.pushed = done;
  const whole = uninterrupted(world);
  try {
    for (const [index, tag] of options.tags.entries()) {
      const digest = proved.digests.get(repositoryOf(tag)) ?? '';
      const before = await imageId(whole, tag);
      try {
        await moveTag(run, tag, proved.imageId, digest);
        done[index] = { tag, status: 'moved', digest };
        if (index === 0) report.digest = digest;
      } catch (error) {
        if (error instanceof BakeError && error.code === 'digest-mismatch') done[index] = { tag, status: 'failed', digest: null };
        await giveBack(whole, tag, before);
        throw error;
      }
    }
  } catch (error) {
    const moved = done.filter(({ status }) => status === 'moved').map(({ tag }) => tag);
    if (moved.length > 0) run.warn(`Moved before the failure, to what was proved: ${moved.join(', ')}.`);
    await forgetDigests(whole, proved.digests);
    throw error;
  } finally {
    await removeTemporaryTags(run, [...proved.digests.keys()]);
  }
  return { value: undefined, detail: `${options.tags.join(', ')} at ${report.digest}` };
}

/** A push of the same image to the same repository makes the same manifest; what the registry answers for the tag is asked all the same. */
async function moveTag({ world, options }: Run, tag: string, image: string, digest: string): Promise<void> {
  const transfer = transferOptions(options);
  await docker(world, ['tag', image, tag]);
  const pushed = await pushTag(world, tag, transfer);
  if (pushed !== digest) throw otherDigest(tag, 'was pushed with', pushed, digest);
  const answered = await pullReference(world, tag, transfer);
  if (answered === digest) return;
  await docker(world, ['tag', image, tag]);
  await tryDocker(world, ['rmi', `${repositoryOf(tag)}@${answered}`]);
  throw otherDigest(tag, 'stands in the registry for', answered, digest);
}

function otherDigest(tag: string, how: string, found: string, proved: string): BakeError {
  return new BakeError('digest-mismatch', 'tag', `${tag} ${how} another digest than the proved one`, {
    details: `${found} instead of ${proved}`,
  });
}

function uninterrupted(world: World): World {
  return { ...world, signal: new AbortController().signal };
}
