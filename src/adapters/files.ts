// Files on this machine.

import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Files } from '../ports.ts';

export const files: Files = {
  exists: async (path) =>
    stat(path).then(
      () => true,
      () => false,
    ),
  read: (path) => readFile(path),
  readText: (path) => readFile(path, 'utf8'),
  write: async (path, content) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  },
  list: async (path) =>
    readdir(path).then(
      (names) => names.sort(),
      () => [],
    ),
  makeTemporaryFolder: () => mkdtemp(join(tmpdir(), `crac-bake-${process.pid}-`)),
  removeFolder: (path) => rm(path, { recursive: true, force: true }),
};

/** Removes temporary folders of processes that are gone; returns how many there were. */
export async function removeAbandonedFolders(): Promise<number> {
  const abandoned = (await readdir(tmpdir())).filter((name) => {
    const [, pid] = /^crac-bake-(\d+)-/.exec(name) ?? [];
    return pid !== undefined && !isAlive(Number(pid));
  });
  const removed = await Promise.allSettled(abandoned.map((name) => rm(join(tmpdir(), name), { recursive: true })));
  return removed.filter(({ status }) => status === 'fulfilled').length;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
