// What only the stand-in for a CRaC JDK can be made to do: bring a CRIU of its own, and have the flags of another version.

import test from 'ava';
import { bakeWell } from '../docker/support/cli.ts';
import { CASES, cracImages, ticks } from '../docker/support/crac-jdk.ts';
import { docker, helperImages, runRestored, untilLogged } from '../docker/support/engine.ts';

const OTHER = 'crac-bake-it/crac-stand-in:other';

test.afterEach.always(async () => {
  await docker('rmi', '--force', OTHER);
});

test('contract: the JDK’s own CRIU is taken where it works here, and ours on demand', async (t) => {
  const [helper] = await helperImages();
  const own = await cracImages(17, helper);
  const image = await bakeWell(['--image', own.images.cases, '--tag', OTHER, ...CASES]);
  t.is(image.engine?.jvm?.criu, 'image');
  t.is(image.engine?.jvm?.ownCriu?.verdict, 'works');
  const container = await runRestored(OTHER);
  try {
    t.true((ticks(await untilLogged(container, /^tick \d+/m))[0] ?? 0) > 1);
  } finally {
    await container.remove();
  }
  const ours = await bakeWell(['--image', own.images.cases, '--tag', OTHER, '--criu', 'ours', ...CASES]);
  t.is(ours.engine?.jvm?.criu, 'ours');
});

test('contract: from 26 on CRIU and its options are named by CRaCEngineOptions', async (t) => {
  const later = await cracImages(26);
  const report = await bakeWell(['--image', later.images.cases, '--tag', OTHER, ...CASES]);
  t.true(report.engine?.jvm?.flags.includes('CRaCEngineOptions'));
  const container = await runRestored(OTHER);
  try {
    t.true((ticks(await untilLogged(container, /^tick \d+/m))[0] ?? 0) > 1);
  } finally {
    await container.remove();
  }
});
