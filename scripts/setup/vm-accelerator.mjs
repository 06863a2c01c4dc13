// Whether virtual machines run on the processor (KVM) or are emulated (TCG).
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupError } from './errors.mjs';
import { tryRun } from './run.mjs';

const SWITCH = 'CRAC_BAKE_TEST_VM_ACCELERATOR';
const KNOWN = ['kvm', 'tcg'];
const DEVICE = '/dev/kvm';
const PROBE_DEADLINE_MS = 20_000;

/**
 * `kvm` where the guest's kernel comes up with it, else `tcg`; the switch decides without a look. The answer is remembered until the next boot.
 * @returns {Promise<string>}
 */
export async function chooseAccelerator({ image, folder, log }) {
  const told = process.env[SWITCH];
  if (told) {
    if (!KNOWN.includes(told)) throw new SetupError(`${SWITCH} is ${told}; there are ${KNOWN.join(' and ')}`, 2);
    return told;
  }
  if (!existsSync(DEVICE)) return 'tcg';
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  const file = join(folder, 'accelerator');
  const [known, when] = (await readFile(file, 'utf8').catch(() => '')).split(' ');
  if (when === boot) return known;
  log(`trying ${DEVICE}`);
  const accelerator = (await kernelStarts(image, folder)) ? 'kvm' : 'tcg';
  await writeFile(file, `${accelerator} ${boot}`);
  return accelerator;
}

/** A device that is there may still be of no use, as in a virtual machine: the kernel has to get as far as to miss its disk. */
async function kernelStarts(image, folder) {
  const name = `crac-bake-test-${randomUUID()}`;
  const qemu = [
    'qemu-system-x86_64',
    '-M',
    'q35',
    '-accel',
    'kvm',
    '-m',
    '512',
    '-nodefaults',
    '-display',
    'none',
    '-serial',
    'stdio',
    '-no-reboot',
  ];
  const kernel = ['-kernel', '/vm/vmlinuz', '-append', 'console=ttyS0 panic=-1'];
  const args = [
    'run',
    '--rm',
    '--name',
    name,
    '--network',
    'none',
    '--device',
    DEVICE,
    '--volume',
    `${folder}:/vm:ro`,
    image,
    ...qemu,
    ...kernel,
  ];
  const { stdout, timedOut } = await tryRun('docker', args, { timeoutMs: PROBE_DEADLINE_MS });
  if (timedOut) await tryRun('docker', ['rm', '--force', name]);
  return stdout.includes('Unable to mount root fs');
}
