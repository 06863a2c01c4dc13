// What the tool costs beside a hand-written script with the same docker commands, warm-up and proof: five interleaved pairs.

import { fileURLToPath } from 'node:url';
import test from 'ava';
import { execa } from 'execa';
import { median } from '../../scripts/median.mjs';
import { forgottenFor, holdTo } from '../../src/cpu/baselines.ts';
import { bakeWell, crac } from './support/cli.ts';
import { docker, helperImages } from './support/engine.ts';

const BY_HAND = fileURLToPath(new URL('../by-hand/bake.sh', import.meta.url));
const APP = 'crac-bake-test/plain-http:app';
const IMAGE = 'crac-bake-it/overhead:crac';
const PAIRS = 5;
/** The same bake: the app is held to the same CPU baseline. */
const SAME = { RUN_MORE: `"cpu":${JSON.stringify(holdTo('x86-64-v3'))}`, AGENT: `hide=${forgottenFor('x86-64-v3').join('+')}` };

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  const elapsed = performance.now() - start;
  await docker('rmi', '--force', IMAGE);
  return elapsed;
}

test('a bake takes at most 5 % or 1 s longer than the same by hand (long)', async (t) => {
  await crac(['doctor']);
  const [helper = ''] = await helperImages();
  const byTool: number[] = [];
  const byHand: number[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    byTool.push(await timed(() => bakeWell(['--image', APP, '--tag', IMAGE])));
    byHand.push(await timed(() => execa('bash', [BY_HAND, APP, IMAGE, helper], { env: SAME, stdin: 'ignore' })));
  }
  // Pair by pair, for what else the machine does changes while the pairs run.
  const overhead = median(byTool.map((elapsed, pair) => elapsed - (byHand[pair] ?? 0)));
  t.log(`by the tool ${median(byTool).toFixed(0)} ms, by hand ${median(byHand).toFixed(0)} ms`);
  t.true(overhead <= Math.max(1000, median(byHand) * 0.05), `${overhead.toFixed(0)} ms`);
});
