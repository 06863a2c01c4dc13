// The second host for tests, a virtual machine with another kernel and AppArmor: node scripts/setup/vm.mjs
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureEngine } from './engine.mjs';
import { runMain, SetupError } from './errors.mjs';
import { hashOf } from './hash.mjs';
import { ensurePackageImage } from './package-image.mjs';
import { progressLog } from './progress.mjs';
import { chooseAccelerator } from './vm-accelerator.mjs';
import { withDisks } from './vm-disk.mjs';

/** What the guest's disk is made of, and QEMU to run it, so that this machine needs neither. */
const IMAGE = {
  repository: 'crac-bake-test/vm',
  packages: [
    ...['linux-image-cloud-amd64', 'zstd', 'busybox', 'apparmor', 'openssh-server'],
    ...['docker.io', 'docker-cli', 'docker-buildx', 'iptables', 'nodejs', 'curl'],
    ...['qemu-system-x86', 'e2fsprogs', 'mount', 'procps'],
  ],
  purpose: 'the tests on a second host need QEMU and a guest',
};

const HERE = fileURLToPath(new URL('.', import.meta.url));

/**
 * Makes what is missing and keeps it below the user's cache. Returns `{image, folder, accelerator}`: the image with kernel, engine and QEMU, the
 * folder with `root.ext4`, `vmlinuz`, `initrd.img` and `key`, and `kvm` or `tcg`.
 */
export async function ensureVm({ log }) {
  if (process.arch !== 'x64') throw new SetupError(`the second host for tests is an x86-64 machine; this one is ${process.arch}`);
  const image = await ensurePackageImage({ ...IMAGE, log });
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'crac-bake', 'vm');
  const folder = join(cache, (await hashOf(HERE, ['vm.mjs', 'vm-disk.mjs', 'files/vm'], image)).slice(0, 12));
  if (!existsSync(folder)) await makeFolder(image, { cache, folder, log });
  const accelerator = await chooseAccelerator({ image, folder, log });
  log(`second host: Debian trixie in QEMU (${accelerator})`);
  return { image, folder, accelerator };
}

/** One version at a time, moved to its place when it is whole. */
async function makeFolder(image, { cache, folder, log }) {
  const start = Date.now();
  log('making the second host’s disk');
  await rm(cache, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  const making = await mkdtemp(join(cache, 'making-'));
  await withDisks(image, making, async (disks) => {
    await disks.copyIn(`${join(HERE, 'files', 'vm')}/.`, '/');
    await disks.run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', '/disks/key');
    await disks.run('install', '-D', '--mode', '600', '/disks/key.pub', '/root/.ssh/authorized_keys');
    const [kernel] = (await disks.run('ls', '/lib/modules')).split('\n');
    await disks.run('cp', `/boot/vmlinuz-${kernel}`, '/disks/vmlinuz');
    await disks.run('mkinitramfs', '-o', '/disks/initrd.img', kernel);
    await disks.run('mkdir', '/data');
    const root = await disks.make('root.ext4', { label: 'root', size: '4G' });
    // The container's own files without its mounts.
    await disks.run('cp', '--archive', '--one-file-system', '/.', root);
    await disks.release('root.ext4');
  });
  await rename(making, folder);
  log(`made the second host’s disk in ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    const log = progressLog();
    await ensureEngine({ log });
    process.stdout.write(`${JSON.stringify(await ensureVm({ log }), null, 2)}\n`);
  });
}
