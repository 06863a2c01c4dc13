import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A digest of the files below the given paths of a folder (names and content) and of `extra`. */
export async function hashOf(folder, paths, extra = '') {
  const hash = createHash('sha256').update(`${extra}\0`);
  for (const path of [...paths].sort()) {
    for (const file of await filesAt(folder, path))
      hash
        .update(`${file}\0`)
        .update(await readFile(join(folder, file)))
        .update('\0');
  }
  return hash.digest('hex');
}

async function filesAt(folder, path) {
  let entries;
  try {
    entries = await readdir(join(folder, path), { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
  const names = entries.map((entry) => entry.name).sort();
  return (await Promise.all(names.map((name) => filesAt(folder, join(path, name))))).flat();
}
