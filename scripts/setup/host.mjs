// What kind of machine this is.
import { readFileSync } from 'node:fs';

export const isRoot = () => process.getuid?.() === 0;

/** `{id, codename}` of the distribution; empty strings where there is no os-release file. */
export function distribution(file = '/etc/os-release') {
  const fields = {};
  try {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const match = /^([A-Z_]+)="?(.*?)"?$/.exec(line);
      if (match) fields[match[1]] = match[2];
    }
  } catch {
    // Not Linux, or a very small one.
  }
  return { id: fields.ID ?? '', codename: fields.VERSION_CODENAME ?? '' };
}

export const hasApt = () => ['debian', 'ubuntu'].includes(distribution().id);
