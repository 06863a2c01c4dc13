// The monotonic clock: a checkpoint from a host that has been up for longer hangs silently, unless the app had a clock of its own at bake.

import { fileURLToPath } from 'node:url';
import test from 'ava';
import { execa } from 'execa';
import { docker, helperImages, LEAST, runContainer, runRestored, untilAnswers, untilLogged } from './support/engine.ts';

const BY_HAND = fileURLToPath(new URL('../by-hand/bake.sh', import.meta.url));
const APP = 'crac-bake-test/plain-http:app';
const DAY_S = 86_400;

/** Bakes with the product's runtime in a way that the product has no option for. */
async function bakeByHand(image: string, env: Record<string, string>): Promise<void> {
  const [helper = ''] = await helperImages();
  await execa('bash', [BY_HAND, APP, image, helper], { env: { ...env, PROVE: 'no' }, stdin: 'ignore' });
}

const ticks = async (container: Parameters<typeof untilAnswers>[0]) =>
  (JSON.parse(await untilAnswers(container, '/tick')) as { count: number }).count;

test.before(async () => {
  // Makes the helper image where there is none yet.
  const { crac } = await import('./support/cli.ts');
  await crac(['doctor']);
});

test('baked on a host that is a day ahead, restored here: ticks within a second', async (t) => {
  const image = 'crac-bake-it/clock:ahead';
  await bakeByHand(image, { WRAP: `unshare -T --monotonic ${DAY_S} --boottime ${DAY_S}` });
  const container = await runRestored(image);
  try {
    const before = await ticks(container);
    const end = performance.now() + 1000;
    let after = before;
    while (after === before && performance.now() < end) after = await ticks(container);
    t.true(after > before, `${before} ticks, a second later ${after}`);
  } finally {
    await container.remove();
    await docker('rmi', '--force', image);
  }
});

test('without the clock of its own the restore is given up, and the fallback starts the app', async (t) => {
  const image = 'crac-bake-it/clock:hangs';
  await bakeByHand(image, { RUN_MORE: `"offsetMs":${DAY_S * 1000}`, MONOTONIC: '0' });
  const container = await runContainer(image, { flags: LEAST });
  try {
    // The frozen app's listener still takes connections; only the log tells when the fallback has begun.
    const log = await untilLogged(container, /starting normally$/m);
    // A JVM that was awake at the dump notices it; one that slept does not come back before the deadline.
    t.regex(log, /^crac-init: not restored \((?:deadline|clock)\): .+; starting normally$/m);
    await untilAnswers(container, '/');
    t.notRegex(log, /crac-init: restored/);
  } finally {
    await container.remove();
    await docker('rmi', '--force', image);
  }
});
