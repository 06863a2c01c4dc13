// The doctor on this machine's engine: every fact is asked, and a tiny process really dumped and restored.

import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import test from 'ava';
import type { Judgement } from '../../src/host/judgement.ts';
import { crac } from './support/cli.ts';
import { docker } from './support/engine.ts';
import { leavingNothing } from './support/host-state.ts';

test('all facts of this engine, and a checkpoint of a tiny process', async (t) => {
  const { exitCode, stdout, stderr } = await leavingNothing(t, () => crac(['doctor', '--json']));
  t.is(exitCode, 0, stdout + stderr);
  const { checks } = JSON.parse(stdout) as { checks: Judgement[] };
  const found = new Map(checks.map((check) => [check.what, check.found]));
  t.deepEqual(
    checks.filter(({ verdict }) => verdict === 'fail'),
    [],
  );
  for (const what of [
    'capabilities',
    'seccomp',
    'chosen PIDs',
    'ptrace scope',
    'time namespaces',
    'AppArmor',
    'disk',
    'inodes',
    'memory',
  ]) {
    t.true(found.has(what), what);
  }
  const [version, kernel, cgroups] = (await docker('info', '--format', '{{.ServerVersion}} {{.KernelVersion}} {{.CgroupVersion}}')).split(
    ' ',
  );
  t.true(found.get('engine')?.startsWith(`Docker ${version} `));
  t.is(found.get('kernel'), `Linux ${kernel}`);
  t.true(found.get('cgroups')?.startsWith(`version ${cgroups};`));
  t.regex(found.get('tiny checkpoint') ?? '', /^dumped and restored in \d+\.\d s$/);
  if (kernel === release()) {
    const cpu = await readFile('/proc/cpuinfo', 'utf8');
    t.is(found.get('CPU')?.endsWith(', with AMX'), /\bamx_tile\b/.test(cpu));
  }
});

test('it takes less than 5 s, the real dump and restore included', async (t) => {
  const time = async (work: () => Promise<unknown>) => {
    const started = performance.now();
    await work();
    return performance.now() - started;
  };
  const best = { doctor: Number.POSITIVE_INFINITY, container: Number.POSITIVE_INFINITY };
  // The best of three: the first one may meet what an earlier test has left to do.
  for (let i = 0; i < 3; i += 1) {
    best.container = Math.min(
      best.container,
      await time(() => docker('run', '--rm', '--network', 'none', '--entrypoint', 'true', 'crac-bake-test/tiny:app')),
    );
    best.doctor = Math.min(best.doctor, await time(async () => t.is((await crac(['doctor'])).exitCode, 0)));
  }
  t.log(`doctor ${Math.round(best.doctor)} ms, an empty container ${Math.round(best.container)} ms`);
  // On a machine that others keep busy every container takes longer; here it takes about 300 ms.
  t.true(best.doctor < Math.max(5000, 12 * best.container));
});

test('the table has a line for each check and a verdict at the end', async (t) => {
  const { stdout } = await crac(['doctor']);
  t.regex(stdout, /^✓ tiny checkpoint +dumped and restored in \d/m);
  t.regex(stdout, /\n\nThis engine can bake and restore\.( \d+ to look at\.)?$/);
});
