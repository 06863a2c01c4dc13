// Images and folders that a test needs for a moment.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { execa } from 'execa';
import { pack } from 'tar-stream';

/** Makes an image of one file, with these Dockerfile instructions on top. */
export async function importImage(name: string, changes: readonly string[], platform?: string): Promise<void> {
  const tar = pack();
  tar.entry({ name: 'app', mode: 0o755 }, 'no program\n');
  tar.finalize();
  const flags = [...(platform === undefined ? [] : ['--platform', platform]), ...changes.flatMap((change) => ['--change', change])];
  await execa('docker', ['import', ...flags, '-', name], { input: await buffer(tar) });
}

/** Gives a new folder to `work` and removes it afterwards. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'empty-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Gives a new folder with this Dockerfile to `work` and removes it afterwards. */
export async function withContext<T>(dockerfile: readonly string[], work: (folder: string) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    await writeFile(join(folder, 'Dockerfile'), `${dockerfile.join('\n')}\n`);
    return work(folder);
  });
}

/** Builds an image from this Dockerfile. */
export async function buildImage(name: string, dockerfile: readonly string[]): Promise<void> {
  await withContext(dockerfile, async (folder) => {
    await execa('docker', ['build', '--quiet', '--tag', name, folder], { stdin: 'ignore' });
  });
}
