// Where options come from beside flags: the config file is found and read here, and the settings are put together (settings).
// Here: finding and reading the config file.

import { basename, dirname, join, relative, resolve } from 'node:path';
import { BakeError } from '../errors.ts';
import type { Files } from '../ports.ts';
import { type FileSetting, parseConfigFile } from '../spec/config-file.ts';
import type { OptionName } from '../spec/options.ts';

export const CONFIG_NAMES = ['crac-bake.yml', 'crac-bake.yaml'] as const;

/** A config file that was read. */
export interface ConfigFile {
  readonly path: string;
  /** As messages call it: relative to where the command runs. */
  readonly name: string;
  readonly settings: ReadonlyMap<OptionName, FileSetting>;
}

/**
 * The config file in `folder`, or else in the folders above it up to the root of its git repository; outside of one, only in `folder` itself,
 * so that nobody's file in a shared folder such as /tmp is taken. Throws `config-invalid`.
 */
export async function findConfigFile(files: Files, folder: string, cwd: string): Promise<ConfigFile | undefined> {
  for (const at of await searched(files, resolve(cwd, folder))) {
    const there: string[] = [];
    for (const name of CONFIG_NAMES) if (await files.exists(join(at, name))) there.push(name);
    if (there.length > 1)
      throw new BakeError('config-invalid', 'options', `There are both ${there.join(' and ')} in ${at}; keep one of them`);
    if (there[0] !== undefined) return readConfigFile(files, join(at, there[0]), cwd);
  }
  return undefined;
}

/** The folder and those above it up to the git root; the folder alone where there is no git root. */
async function searched(files: Files, folder: string): Promise<string[]> {
  const folders: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    folders.push(at);
    // A file in a worktree or a submodule, a folder elsewhere.
    if (await files.exists(join(at, '.git'))) return folders;
    if (at === dirname(at)) return [folder];
  }
}

/** Reads a config file. Throws `config-invalid`. */
export async function readConfigFile(files: Files, file: string, cwd: string): Promise<ConfigFile> {
  const path = resolve(cwd, file);
  const inside = relative(cwd, path);
  const name = inside.startsWith('..') ? path : inside || basename(path);
  let text: string;
  try {
    text = await files.readText(path);
  } catch (error) {
    throw new BakeError('config-invalid', 'options', `${name} cannot be read`, { details: (error as Error).message, cause: error });
  }
  return { path, name, settings: parseConfigFile(text, name) };
}
