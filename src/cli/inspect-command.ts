// `crac-bake inspect IMAGE`.

import { askEngine } from '../docker/engine-facts.ts';
import { findImage } from '../docker/image-facts.ts';
import { BakeError } from '../errors.ts';
import { deployLines } from '../image/deploy-lines.ts';
import { ENGINE_LABEL, LABEL_PREFIX } from '../image/labels.ts';
import { inWorld } from './world.ts';

/** Shows a restore image's labels and how to run it. Throws `no-engine`, `image-not-found`, and `usage` for an image that is none. */
export async function inspectCommand(image: string, flags: { readonly json?: boolean }): Promise<void> {
  const { value: facts } = await inWorld(false, async (world) => {
    const found = await findImage(world, image).catch(() => undefined);
    if (found === undefined) await askEngine(world);
    return found;
  });
  if (facts === undefined) throw new BakeError('image-not-found', 'options', `There is no image ${image} on the engine`);
  if (facts.labels[ENGINE_LABEL] === undefined) {
    throw new BakeError('usage', 'options', `${image} is not a restore image`, {
      remedy: 'Bake it first: crac-bake bake --image IMAGE --tag NAME:TAG.',
    });
  }
  const capabilities = (facts.labels[`${LABEL_PREFIX}restore-capabilities`] ?? '').split(',').filter((each) => each !== '');
  const run = deployLines({ image, capabilities, seccomp: 'unconfined', root: true, port: facts.ports[0] });
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ image, id: facts.id, sizeBytes: facts.sizeBytes, labels: facts.labels, run }, null, 2)}\n`);
    return;
  }
  const rows = Object.entries(facts.labels)
    .filter(([name, value]) => value !== '' && (name.startsWith(LABEL_PREFIX) || name.startsWith('org.opencontainers.image.base.')))
    .map(([name, value]) => [name.replace(LABEL_PREFIX, '').replace('org.opencontainers.image.', ''), value] as const);
  const width = Math.max(...rows.map(([name]) => name.length));
  process.stdout.write(`${rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')}\n\nRun it:\n  ${run.docker}\n`);
}
