// The image of the second host: what its disk is made of, and QEMU to run it, so that this machine needs neither.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { debianMirror } from './apt.mjs';
import { ensureBaseImages } from './base-images.mjs';
import { BASES } from './base-list.mjs';
import { makeDebianImage, prepareMaking } from './debian-image.mjs';
import { SetupError } from './errors.mjs';
import { run, tryRun } from './run.mjs';

const REPOSITORY = 'crac-bake-test/vm';
const BUILD_DEADLINE_MS = 900_000;

// QEMU 10, for its emulation is sound; that of Debian 12 (7.2) corrupts its guest on most boots.
const SUITE = 'trixie';
const PACKAGES = [
  ...['linux-image-cloud-amd64', 'zstd', 'busybox', 'apparmor', 'openssh-server'],
  ...['docker.io', 'docker-cli', 'docker-buildx', 'iptables', 'nodejs', 'curl'],
  ...['qemu-system-x86', 'e2fsprogs', 'mount', 'procps'],
];

/** Returns its name; the tag is a digest of what it is made of. */
export async function ensureVmImage({ log }) {
  const image = `${REPOSITORY}:${createHash('sha256')
    .update([SUITE, ...PACKAGES].join(' '))
    .digest('hex')
    .slice(0, 12)}`;
  const { stdout } = await tryRun('docker', ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', REPOSITORY]);
  const present = stdout.split('\n').filter(Boolean);
  if (!present.includes(image)) {
    const outdated = present.filter((name) => name !== image);
    // One that another run is at work with stays.
    if (outdated.length > 0) await tryRun('docker', ['image', 'rm', ...outdated]);
    await make(image, { log });
  }
  return image;
}

async function make(image, { log }) {
  log(`making ${image} (Debian ${SUITE}: kernel, Docker Engine, QEMU)`);
  const start = Date.now();
  try {
    const { debian } = await ensureBaseImages({ log, only: ['debian'] });
    if (debian === BASES.debian.registry) {
      const of = ['--build-arg', `BASE=${debian}`, '--build-arg', `PACKAGES=${PACKAGES.join(' ')}`];
      const files = fileURLToPath(new URL('files', import.meta.url));
      const args = ['buildx', 'build', '--quiet', '--load', '--tag', image, ...of, '--file', join(files, 'vm.Dockerfile'), files];
      await run('docker', args, { timeoutMs: BUILD_DEADLINE_MS });
    } else {
      await prepareMaking({ log });
      await makeDebianImage({ name: image, suite: SUITE, packages: PACKAGES, configuration: [], mirror: await debianMirror() });
    }
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    throw new SetupError(
      `the tests on a second host need QEMU and a guest of Debian ${SUITE}'s packages, which cannot be had here: ${error.message}`,
    );
  }
  log(`made ${image} in ${((Date.now() - start) / 1000).toFixed(1)} s`);
}
