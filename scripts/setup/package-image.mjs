// Images of Debian packages alone: by a Dockerfile where a registry answers, made here where none does.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { debianMirror } from './apt.mjs';
import { ensureBaseImages } from './base-images.mjs';
import { BASES } from './base-list.mjs';
import { makeDebianImage, prepareMaking } from './debian-image.mjs';
import { SetupError } from './errors.mjs';
import { run, tryRun } from './run.mjs';

const BUILD_DEADLINE_MS = 900_000;

// Both QEMU 10, whose emulation is sound (that of Debian 12, 7.2, corrupts its guest on most boots), and a containerd of our day.
const SUITE = 'trixie';

/** Returns its name; the tag is a digest of what it is made of. `purpose` is what needs it, for the message where it cannot be had. */
export async function ensurePackageImage({ repository, packages, purpose, log }) {
  const image = `${repository}:${createHash('sha256')
    .update([SUITE, ...packages].join(' '))
    .digest('hex')
    .slice(0, 12)}`;
  const { stdout } = await tryRun('docker', ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', repository]);
  const present = stdout.split('\n').filter(Boolean);
  if (!present.includes(image)) {
    const outdated = present.filter((name) => name !== image);
    // One that another run is at work with stays.
    if (outdated.length > 0) await tryRun('docker', ['image', 'rm', ...outdated]);
    await make(image, packages, { purpose, log });
  }
  return image;
}

async function make(image, packages, { purpose, log }) {
  log(`making ${image} of Debian ${SUITE}'s packages`);
  const start = Date.now();
  try {
    const { debian } = await ensureBaseImages({ log, only: ['debian'] });
    if (debian === BASES.debian.registry) {
      const of = ['--build-arg', `BASE=${debian}`, '--build-arg', `PACKAGES=${packages.join(' ')}`];
      const files = fileURLToPath(new URL('files', import.meta.url));
      const args = ['buildx', 'build', '--quiet', '--load', '--tag', image, ...of, '--file', join(files, 'packages.Dockerfile'), files];
      await run('docker', args, { timeoutMs: BUILD_DEADLINE_MS });
    } else {
      await prepareMaking({ log });
      await makeDebianImage({ name: image, suite: SUITE, packages, configuration: [], mirror: await debianMirror() });
    }
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    throw new SetupError(`${purpose}, of Debian ${SUITE}'s packages, which cannot be had here: ${error.message}`);
  }
  log(`made ${image} in ${((Date.now() - start) / 1000).toFixed(1)} s`);
}
