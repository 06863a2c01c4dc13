// Files in memory.

import type { Files } from '../../../src/ports.ts';

/** Files by their absolute path; a text of `null` is a folder. */
export function memoryFiles(content: Readonly<Record<string, string | null>>): Files & { readonly written: Map<string, string> } {
  const all = new Map(Object.entries(content));
  const written = new Map<string, string>();
  const isThere = (path: string) => all.has(path) || [...all.keys()].some((each) => each.startsWith(`${path}/`));
  return {
    written,
    exists: async (path) => isThere(path),
    read: async () => new Uint8Array(),
    readText: async (path) => {
      const text = all.get(path);
      if (text === null) throw new Error(`EISDIR: illegal operation on a directory, read`);
      if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
      return text;
    },
    write: async (path, text) => {
      written.set(path, String(text));
    },
    list: async (path) =>
      [
        ...new Set(
          [...all.keys()].filter((each) => each.startsWith(`${path}/`)).map((each) => each.slice(path.length + 1).split('/')[0] ?? ''),
        ),
      ].sort(),
    makeTemporaryFolder: async () => '/tmp/x',
    removeFolder: async () => {},
  };
}
