// The helper image with CRIU: built once per engine from the Dockerfile in the package, and its content as a tar for the bake container.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { extract } from 'tar-stream';
import { type DockerWorld, docker, dockerBytes } from '../docker/cli.ts';
import { findImage } from '../docker/image-facts.ts';
import { RUN_LABEL } from '../image/labels.ts';
import type { RunNames } from '../plan/names.ts';
import type { World } from '../ports.ts';
import { RUNTIME_FOLDER } from '../runtime/files.ts';
import { failing } from './steps.ts';

export interface Helper {
  readonly image: string;
  readonly built: boolean;
}

/** Where helper images outlive an engine that is thrown away after the run, as those of hosted runners are. Neither function rejects. */
export interface HelperStore {
  /** Brings the image to the engine; whether it was there. */
  load(image: string): Promise<boolean>;
  /** Told of an image that had to be built. */
  built(image: string): void;
}

/** CRIU as a tar with the folder `criu/`, to be unpacked in the runtime's folder, and its version. */
export interface CriuFiles {
  readonly tar: Uint8Array;
  readonly version: string;
}

/** The helper image for a base; taken from the store or built where the engine does not have it. `folder`: the package's folder with its Dockerfile. Throws `no-helper`. */
export async function ensureHelper(
  world: Pick<World, 'run' | 'emit' | 'signal' | 'files'>,
  folder: string,
  base: string,
  architecture: string,
  store?: HelperStore,
): Promise<Helper> {
  const dockerfile = await world.files.readText(join(folder, 'Dockerfile'));
  const hash = createHash('sha256').update(`${dockerfile}\n${base}`).digest('hex').slice(0, 12);
  const image = `crac-bake/helper:${hash}-${architecture}`;
  if ((await findImage(world, image)) !== undefined) return { image, built: false };
  if ((await store?.load(image)) && (await findImage(world, image)) !== undefined) return { image, built: false };
  world.signal.throwIfAborted();
  world.emit({ kind: 'progress', step: 'check-host', message: `building the helper image with CRIU from ${base} (once per engine)` });
  await failing('no-helper', 'check-host', `The helper image with CRIU could not be built from ${base}`, () =>
    docker(world, ['build', '--progress', 'plain', '--build-arg', `BASE=${base}`, '--tag', image, folder], {
      timeoutMs: 600_000,
      env: { DOCKER_BUILDKIT: '1' },
    }),
  );
  store?.built(image);
  return { image, built: true };
}

/** Copies CRIU out of the helper image. Throws `no-helper`. */
export async function readCriu(world: DockerWorld, helper: Helper, names: Pick<RunNames, 'run' | 'helper'>): Promise<CriuFiles> {
  return failing('no-helper', 'check-host', `CRIU could not be read from the helper image ${helper.image}`, async () => {
    await docker(world, [
      ...['create', '--name', names.helper, '--label', `${RUN_LABEL}=${names.run}`],
      ...['--network', 'none', helper.image, 'criu'],
    ]);
    // The container carries the run's label: the clean-up at the end removes it with the others.
    const tar = await dockerBytes(world, ['cp', `${names.helper}:${RUNTIME_FOLDER}/criu`, '-']);
    return { tar, version: (await readEntry(tar, 'criu/VERSION')).trim() };
  });
}

async function readEntry(tar: Uint8Array, name: string): Promise<string> {
  const entries = extract();
  entries.end(Buffer.from(tar));
  for await (const entry of entries) {
    if (entry.header.name !== name) {
      entry.resume();
      continue;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(Buffer.from(chunk as Uint8Array));
    return Buffer.concat(chunks).toString('utf8');
  }
  return '';
}
