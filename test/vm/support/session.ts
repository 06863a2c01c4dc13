// A guest for one test: a data disk with images and the CLI, a boot, and the rule for guests whose kernel was damaged.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { ensureVm } from '../../../scripts/setup/vm.mjs';
import { withDisks } from '../../../scripts/setup/vm-disk.mjs';
import { type Guest, type Machine, startGuest } from './guest.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Where the package is in a guest. */
const PACKAGE = '/data/crac-bake';
/** Debian's own Node runs it. */
export const CLI = `${PACKAGE}/dist/cli.js`;
export const PROFILE = `${PACKAGE}/seccomp/crac-bake.json`;

export interface Session {
  /** A model of QEMU. */
  readonly cpu: string;
  /** Images of this machine's engine that the guest's engine has. */
  readonly images: readonly string[];
  /** Images that the guest makes and this machine's engine has afterwards. */
  readonly results?: readonly string[];
}

/**
 * Runs the test in a guest, and `after` when the guest is off. What was seen in a guest with a damaged kernel is void, be it good or bad, and is tried
 * once more in a new one; a second damage is a failure.
 */
export async function inGuest(
  t: ExecutionContext,
  session: Session,
  body: (t: ExecutionContext, guest: Guest) => Promise<void>,
  after: (t: ExecutionContext) => Promise<void> = async () => {},
): Promise<void> {
  const machine: Machine = await ensureVm({ log: (line: string) => say(t, line) });
  for (const last of [false, true]) {
    const folder = await mkdtemp(join(tmpdir(), 'crac-bake-vm-'));
    try {
      let damage: string | undefined;
      const attempt = await t.try(async (inner) => {
        await fill(machine, folder, session.images);
        const start = performance.now();
        const guest = await startGuest(machine, folder, session.cpu);
        say(inner, `the guest (${session.cpu}, ${machine.accelerator}) came up in ${((performance.now() - start) / 1000).toFixed(0)} s`);
        try {
          damage = await guest.corruption();
          if (damage === undefined) await body(inner, guest);
        } finally {
          damage ??= await guest.corruption();
          await guest.stop();
        }
        if (damage !== undefined) return;
        await take(machine, folder, session.results ?? []);
        await after(inner);
      });
      if (damage === undefined) {
        attempt.commit();
        return;
      }
      attempt.discard();
      if (last) t.fail(`void again: ${damage}`);
      else say(t, `void, once more in a new guest: the kernel of this one was damaged (${damage})`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** At once, for a test takes minutes, and in the test's report. */
export function say(t: ExecutionContext, line: string): void {
  process.stderr.write(`    vm: ${line}\n`);
  t.log(line);
}

async function fill(machine: Machine, folder: string, images: readonly string[]): Promise<void> {
  await withDisks(machine.image, folder, async (disks) => {
    const place = await disks.make('data.ext4', { label: 'data', size: '8G' });
    await disks.withEngine(`${place}/docker`, (engine) => engine.load(images));
    await disks.run('mkdir', '/crac-bake');
    for (const name of ['dist', 'helper', 'seccomp', 'package.json']) await disks.copyIn(join(ROOT, name), '/crac-bake');
    await disks.run('cp', '--recursive', '/crac-bake', place);
  });
}

async function take(machine: Machine, folder: string, images: readonly string[]): Promise<void> {
  if (images.length === 0) return;
  await withDisks(machine.image, folder, async (disks) => {
    const place = await disks.mount('data.ext4');
    await disks.withEngine(`${place}/docker`, (engine) => engine.save(images));
  });
}
