// What a container has changed of its image's files, parsed from `docker diff`.

/** Numbers of files and folders, and the first paths of those that were added or changed. */
export interface FileChanges {
  readonly added: number;
  readonly changed: number;
  readonly deleted: number;
  readonly paths: readonly string[];
}

/** More would make an image's manifest large, and tell little. */
const SHOWN = 10;

/** Reads lines `A /path`, `C /path`, `D /path`, without those at and below `except`. A folder that only holds changed files is none of the paths, and does not count. */
export function parseDiff(text: string, except: string): FileChanges {
  const all = text.split('\n').flatMap((line) => {
    const [, kind, path] = /^([ACD]) (\/.*)$/.exec(line) ?? [];
    return kind === undefined || path === undefined || within(path, except) ? [] : [{ kind, path }];
  });
  const parents = new Set(text.split('\n').map((line) => line.slice(2).replace(/\/[^/]*$/, '')));
  const files = all.filter(({ kind, path }) => kind !== 'C' || !parents.has(path));
  const count = (of: string) => files.filter(({ kind }) => kind === of).length;
  const paths = files.filter(({ kind, path }) => kind !== 'D' && !parents.has(path)).map(({ path }) => path);
  return { added: count('A'), changed: count('C'), deleted: count('D'), paths: paths.slice(0, SHOWN) };
}

function within(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
