// inspect on a real image: on the engine, damaged, and in a registry that it is not pulled from.

import test from 'ava';
import { startRegistry } from '../../scripts/setup/registry.mjs';
import { bakeWell, crac } from './support/cli.ts';
import { docker } from './support/engine.ts';
import { leavingNothing } from './support/host-state.ts';
import { buildImage } from './support/images.ts';

const APP = 'crac-bake-test/tiny:nonroot';
const IMAGE = 'crac-bake-it/inspect:app';
const DAMAGED = 'crac-bake-it/inspect:damaged';
const PAGES = '/opt/crac-bake/checkpoint/pages-1.img';

test.before(async () => {
  await bakeWell(['--image', APP, '--tag', IMAGE, '--warmup-count', '0']);
});

test.after.always(async () => {
  await docker('rmi', '--force', IMAGE, DAMAGED);
});

interface Inspection {
  readonly where: string;
  readonly labels: Record<string, string>;
  readonly run: { readonly docker: string };
  readonly check: { readonly ok: boolean; readonly refusals: { readonly id: string; readonly cause: string }[] } | null;
  readonly verify: { readonly ok: boolean; readonly cause: string } | null;
}

async function inspect(image: string, ...flags: string[]): Promise<{ exitCode: number; found: Inspection }> {
  const { exitCode, stdout, stderr } = await crac(['inspect', image, '--json', ...flags]);
  try {
    return { exitCode, found: JSON.parse(stdout) as Inspection };
  } catch {
    throw new Error(`exit code ${exitCode}: ${stdout}${stderr}`);
  }
}

/** The image with what these commands do to it as root. */
const changed = (...commands: string[]) =>
  buildImage(DAMAGED, [`FROM ${IMAGE}`, 'USER 0', ...commands.map((command) => `RUN ${command}`), 'USER 1000:1000']);

test.serial('an image that is whole restores here, and nothing is left of asking it', async (t) => {
  await leavingNothing(t, async () => {
    const { exitCode, found } = await inspect(IMAGE, '--check', '--verify');
    t.is(exitCode, 0);
    t.deepEqual(found.check, { ok: true, refusals: [] });
    t.deepEqual(found.verify, { ok: true, cause: '' });
    t.is(found.labels['io.github.crac-bake.restore-seccomp'], 'profile');
  });
});

test.serial('one flipped byte: the lengths are right, so that the gate sees nothing, but --verify names the file', async (t) => {
  await changed(`printf x | dd of=${PAGES} bs=1 seek=5000 conv=notrunc status=none`);
  t.is((await inspect(DAMAGED, '--check')).exitCode, 0);
  const { exitCode, found } = await inspect(DAMAGED, '--verify');
  t.is(exitCode, 3);
  t.regex(found.verify?.cause ?? '', /^pages-1\.img of the checkpoint is not what was dumped/);
});

test.serial('a file that is too short: --check says so, and that the app would start normally', async (t) => {
  await changed(`truncate --size 4096 ${PAGES}`);
  const { exitCode, found } = await inspect(DAMAGED, '--check');
  t.is(exitCode, 3);
  t.deepEqual(
    found.check?.refusals.map(({ id }) => id),
    ['files'],
  );
  const { exitCode: again, stdout } = await crac(['inspect', DAMAGED, '--check']);
  t.is(again, 3);
  t.regex(stdout, /^It would not restore on this host, but start normally:\n {2}files: pages-1\.img of the checkpoint has 4096 bytes/);
});

test.serial('an image in a registry shows the same facts, and no layer of it is pulled (long)', async (t) => {
  const registry = await startRegistry();
  const remote = `${registry.address}/team/app:crac`;
  try {
    const { found: here } = await inspect(IMAGE);
    await docker('tag', IMAGE, remote);
    await docker('push', '--quiet', remote);
    await docker('rmi', remote);
    await leavingNothing(t, async () => {
      const { exitCode, found } = await inspect(remote);
      t.is(exitCode, 0);
      t.is(found.where, 'registry');
      t.deepEqual(found.labels, here.labels);
      t.is(found.run.docker, here.run.docker.replace(IMAGE, remote));
      t.is((await crac(['inspect', remote, '--verify'])).exitCode, 2, 'to verify it, its layers are needed');
      const missing = await crac(['inspect', `${registry.address}/team/none:x`]);
      t.is(missing.exitCode, 2);
      t.regex(missing.stderr, /nor in its registry/);
    });
  } finally {
    await registry.stop();
  }
  const gone = await crac(['inspect', remote]);
  t.is(gone.exitCode, 3);
  t.regex(gone.stderr, /registry-unreachable/);
});
