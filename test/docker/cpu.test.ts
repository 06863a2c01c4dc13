// What a checkpoint may use of the processor, under each baseline, and what a restore costs beyond CRIU.

import test from 'ava';
import { median } from '../../scripts/median.mjs';
import { featuresOf } from '../../src/cpu/baselines.ts';
import type { Manifest } from '../../src/image/manifest.ts';
import { ownMs, parseRestoreTrace } from '../../src/runtime/restore-trace.ts';
import { bakeWell } from './support/cli.ts';
import { type Container, docker, runRestored, untilAnswers, untilLogged } from './support/engine.ts';

const APP = 'crac-bake-test/plain-http:app';
const IMAGES = {
  default: 'crac-bake-it/cpu:default',
  generic: 'crac-bake-it/cpu:generic',
  native: 'crac-bake-it/cpu:native',
  tiny: 'crac-bake-it/cpu:tiny',
  'tiny-v3': 'crac-bake-it/cpu:tiny-v3',
} as const;
const warnings: string[] = [];

test.before(async () => {
  const few = ['--warmup-count', '20'];
  // The user's own variable of the same name has to be merged with ours.
  const { warnings: ofDefault } = await bakeWell([
    ...['--image', APP, '--tag', IMAGES.default, '--env', 'GLIBC_TUNABLES=glibc.malloc.arena_max=2', ...few],
  ]);
  const { warnings: ofGeneric } = await bakeWell(['--image', APP, '--tag', IMAGES.generic, '--cpu', 'generic', ...few]);
  warnings.push(...ofDefault, ...ofGeneric);
  await bakeWell(['--image', APP, '--tag', IMAGES.native, '--cpu', 'native', '--scheduled', 'keep', '--heap', 'keep', ...few]);
  await bakeWell(['--image', 'crac-bake-test/tiny:app', '--tag', IMAGES.tiny, ...few]);
  await bakeWell(['--image', 'crac-bake-test/tiny:app', '--tag', IMAGES['tiny-v3'], '--cpu', 'x86-64-v3', ...few]);
});

test.after.always(async () => {
  await docker('rmi', '--force', ...Object.values(IMAGES));
});

async function manifestOf(image: string): Promise<Manifest> {
  return JSON.parse(await docker('run', '--rm', '--entrypoint', 'cat', image, '/opt/crac-bake/manifest.json')) as Manifest;
}

async function restored(image: string, work: (container: Container, jcmd: (command: string) => Promise<string>) => Promise<void>) {
  const container = await runRestored(image);
  try {
    await untilAnswers(container, '/');
    const { checkpoint } = await manifestOf(image);
    await work(container, (command) => container.exec('jcmd', String(checkpoint.pid), command));
  } finally {
    await container.remove();
  }
}

for (const [baseline, image, vector] of [
  ['x86-64-v3', IMAGES.default, 2],
  ['generic', IMAGES.generic, 0],
] as const) {
  test(`held to ${baseline}: the JVM’s features exceed it nowhere, as the manifest says`, async (t) => {
    const { cpu } = await manifestOf(image);
    t.is(cpu.baseline, baseline);
    t.true(cpu.features.length > 10);
    t.deepEqual(
      cpu.features.filter((feature) => !featuresOf(baseline).has(feature)),
      [],
    );
  });

  test(`held to ${baseline}: the restored JVM says so itself`, async (t) => {
    await restored(image, async (_container, jcmd) => {
      const flags = await jcmd('VM.flags');
      t.true(flags.includes(`-XX:UseAVX=${vector}`), flags);
      t.true(flags.includes('-XX:-UseSHA'), flags);
      const [cpu = ''] = /^CPU: ?total .*$/m.exec(await jcmd('VM.info')) ?? [];
      t.true(cpu.includes(', sse4.2,'), cpu);
      t.notRegex(cpu, vector === 2 ? /, avx(512|10|_ifma)/ : /, avx/);
    });
  });

  test(`held to ${baseline}: libc’s and the JVM’s variables are gone after the restore, for child processes too`, async (t) => {
    const { checkpoint } = await manifestOf(image);
    await restored(image, async (container) => {
      // What the process was started with stays in /proc as it was.
      const atBake = await container.exec('cat', `/proc/${checkpoint.pid}/environ`);
      for (const name of ['GLIBC_TUNABLES', 'LD_BIND_NOW', 'JAVA_TOOL_OPTIONS']) {
        t.regex(atBake, new RegExp(`(?:^|\\0)${name}=`));
        t.is((await untilAnswers(container, `/env/${name}`)).trim(), '', name);
        t.is((await untilAnswers(container, `/child-env/${name}`)).trim(), '', name);
      }
      if (image === IMAGES.default) t.regex(atBake, /\0GLIBC_TUNABLES=glibc\.malloc\.arena_max=2:glibc\.cpu\.hwcaps=-AVX512F,/);
      t.is((await untilAnswers(container, '/child-env/PATH')).trim(), (await untilAnswers(container, '/env/PATH')).trim());
    });
  });
}

test('a JVM that is held to a baseline is no reason for a warning', (t) => {
  t.deepEqual(
    warnings.filter((warning) => warning.includes('CPU')),
    [],
  );
});

test('native: the image needs all that this processor has', async (t) => {
  const { cpu } = await manifestOf(IMAGES.native);
  t.is(cpu.baseline, 'native');
  const [, flags = ''] = /^flags\s*: (.*)$/m.exec(await docker('run', '--rm', '--entrypoint', 'cat', APP, '/proc/cpuinfo')) ?? [];
  const here = flags.split(' ');
  for (const feature of ['sse2', 'avx', 'avx2', 'avx512f', 'sha_ni', 'gfni', 'serialize', 'adx'])
    t.is(cpu.features.includes(feature), here.includes(feature), feature);
  await restored(IMAGES.native, async (_container, jcmd) => {
    t.false((await jcmd('VM.flags')).includes('UseSHA'));
  });
});

test('a process that is no JVM needs all of the processor, unless its user names a baseline', async (t) => {
  const { cpu: whole } = await manifestOf(IMAGES.tiny);
  const { cpu: native } = await manifestOf(IMAGES.native);
  t.deepEqual(whole.features, native.features);
  const { cpu: named } = await manifestOf(IMAGES['tiny-v3']);
  t.deepEqual(
    named.features,
    whole.features.filter((feature) => featuresOf('x86-64-v3').has(feature)),
  );
  const container = await runRestored(IMAGES['tiny-v3']);
  try {
    await untilAnswers(container, '/');
  } finally {
    await container.remove();
  }
});

test('a restore costs under 5 ms beyond CRIU and the app’s own hooks', async (t) => {
  const costs: number[] = [];
  for (let run = 0; run < 7; run += 1) {
    await restored(IMAGES.default, async (container) => {
      const log = await untilLogged(container, /^crac-init: restored pid/m);
      const trace = log.split('\n').flatMap((line) => parseRestoreTrace(line) ?? [])[0];
      if (trace === undefined) return t.fail(log);
      costs.push(ownMs(trace));
    });
  }
  t.log(costs.map((cost) => cost.toFixed(1)).join(', '));
  t.true(median(costs) < 5);
});
