// The gate's own cost and its whole answer. That each reason leads to a normal start with its line is in promises.test.ts.

import test from 'ava';
import { execa } from 'execa';
import { median } from '../../scripts/median.mjs';
import { bakeWell } from './support/cli.ts';
import { docker, LEAST, runContainer, untilAnswers } from './support/engine.ts';

const APP = 'crac-bake-test/tiny:nonroot';
const IMAGE = 'crac-bake-it/fallback:crac';
const JVM_APP = 'crac-bake-test/plain-http:app';
const JVM = 'crac-bake-it/fallback:jvm';

test.before(async () => {
  await bakeWell(['--image', APP, '--tag', IMAGE]);
  await bakeWell(['--image', JVM_APP, '--tag', JVM, '--warmup-count', '20']);
});

test.after.always(async () => {
  await docker('rmi', '--force', IMAGE, JVM);
});

test('everything that does not fit is named at once, and nothing is started', async (t) => {
  const check = ['--entrypoint', '/opt/crac-bake/crac-init', JVM, 'check'];
  const fits = await execa('docker', ['run', '--rm', ...LEAST, ...check], { reject: false });
  t.is(fits.exitCode, 0, fits.stdout);
  t.like(JSON.parse(fits.stdout), { ok: true, refusals: [] });
  const bad = await execa('docker', ['run', '--rm', '--cap-drop', 'ALL', '--memory', '56m', '--pids-limit', '25', ...check], {
    reject: false,
  });
  t.is(bad.exitCode, 3);
  const { ok, refusals } = JSON.parse(bad.stdout) as { ok: boolean; refusals: { id: string }[] };
  t.false(ok);
  t.deepEqual(
    refusals.map(({ id }) => id),
    ['capabilities', 'seccomp', 'pids', 'memory'],
  );
});

const PAIRS = 7;

/** From `docker run` to the first answer, in ms. */
async function firstAnswer(image: string, flags: readonly string[]): Promise<number> {
  const container = await runContainer(image, { flags });
  try {
    await untilAnswers(container, '/');
    return performance.now() - container.startedAt;
  } finally {
    await container.remove();
  }
}

for (const { what, app, restore, mark } of [
  { what: 'a small process', app: APP, restore: IMAGE, mark: ' (long)' },
  { what: 'a JVM', app: JVM_APP, restore: JVM, mark: '' },
]) {
  test(`after the gate’s no ${what} answers at most 100 ms later than it does without a checkpoint${mark}`, async (t) => {
    const more: number[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      // In turns, for the second of a pair finds another machine than the first.
      const images = pair % 2 === 0 ? [app, restore] : [restore, app];
      const answers = new Map<string, number>();
      for (const image of images) answers.set(image, await firstAnswer(image, ['--cap-drop', 'ALL']));
      more.push((answers.get(restore) ?? Number.NaN) - (answers.get(app) ?? Number.NaN));
    }
    t.log(`${median(more).toFixed(0)} ms later (median of ${PAIRS} pairs)`);
    t.true(median(more) <= 100, more.map((each) => each.toFixed(0)).join(', '));
  });
}
