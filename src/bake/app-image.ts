// The app image: built from a Dockerfile or taken as it is, and looked at before anything is started.

import { join } from 'node:path';
import { docker, tryDocker } from '../docker/cli.ts';
import { findImage, type ImageFacts, inspectImage } from '../docker/image-facts.ts';
import { BakeError } from '../errors.ts';
import { ENGINE_LABEL } from '../image/labels.ts';
import type { RunNames } from '../plan/names.ts';
import { buildArguments, buildEnvironment } from '../plan/plan.ts';
import type { World } from '../ports.ts';
import { isLocalContext } from '../spec/context.ts';
import type { OptionValues } from '../spec/values.ts';
import { failing } from './steps.ts';

export interface AppImage {
  /** What docker is given to start it. */
  readonly reference: string;
  /** What the user knows it by. */
  readonly name: string;
  /** Its name on the engine or in a registry; an image that was built for this bake has none. */
  readonly published: string | undefined;
  readonly facts: ImageFacts;
}

type ImageWorld = Pick<World, 'run' | 'emit' | 'signal' | 'files'>;

/** Builds or finds the app image. Throws `dockerfile-missing`, `build-failed`, `image-not-found`. */
export async function getAppImage(world: ImageWorld, options: OptionValues, names: RunNames): Promise<AppImage> {
  return options.image === undefined ? buildAppImage(world, options, names) : takeImage(world, options.image);
}

async function takeImage(world: ImageWorld, reference: string): Promise<AppImage> {
  const present = await findImage(world, reference);
  if (present !== undefined) return { reference, name: reference, published: reference, facts: present };
  world.emit({ kind: 'progress', step: 'build', message: `pulling ${reference}` });
  const pull = await tryDocker(world, ['pull', '--quiet', reference], { timeoutMs: 900_000 });
  if (pull.exitCode !== 0) {
    throw new BakeError('image-not-found', 'build', `There is no image ${reference}`, {
      details: pull.stderr.trim().split('\n').at(-1) ?? '',
    });
  }
  return { reference, name: reference, published: reference, facts: await inspectImage(world, reference) };
}

async function buildAppImage(world: ImageWorld, options: OptionValues, names: RunNames): Promise<AppImage> {
  const dockerfile = options.file ?? join(options.context, 'Dockerfile');
  if (isLocalContext(options.context) && !(await world.files.exists(dockerfile))) {
    throw new BakeError('dockerfile-missing', 'build', `There is no ${dockerfile}`);
  }
  const folder = await world.files.makeTemporaryFolder();
  try {
    const idFile = join(folder, 'image-id');
    await failing('build-failed', 'build', 'docker build failed', () =>
      docker(world, buildArguments(options, names, idFile), { timeoutMs: 0, env: buildEnvironment(options) }),
    );
    const id = (await world.files.readText(idFile)).trim();
    return { reference: id, name: dockerfile, published: undefined, facts: await inspectImage(world, id) };
  } finally {
    await world.files.removeFolder(folder);
  }
}

/** Refuses images that cannot be baked here. Throws `already-baked`, `wrong-architecture`. */
export function checkAppImage(image: AppImage, engineArchitecture: string): void {
  if (image.facts.labels[ENGINE_LABEL] !== undefined) {
    const base = image.facts.labels['org.opencontainers.image.base.name'];
    throw new BakeError(
      'already-baked',
      'build',
      `${image.name} is a restore image already`,
      base === undefined ? {} : { remedy: `Bake the app image that it was made from: ${base}` },
    );
  }
  if (image.facts.os !== 'linux' || image.facts.architecture !== engineArchitecture) {
    throw new BakeError(
      'wrong-architecture',
      'build',
      `${image.name} is for ${image.facts.os}/${image.facts.architecture}, the engine is linux/${engineArchitecture}`,
    );
  }
}
