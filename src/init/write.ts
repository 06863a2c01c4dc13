// Writing the first files.

import { dirname, join, relative, resolve } from 'node:path';
import { CONFIG_NAMES } from '../config/find.ts';
import { BakeError } from '../errors.ts';
import type { Files } from '../ports.ts';
import { configText } from './config-text.ts';
import { type Found, look } from './look.ts';
import { workflowText } from './workflow-text.ts';

export interface Written {
  readonly found: Found;
  /** Paths relative to `cwd`. */
  readonly files: readonly string[];
}

interface Init {
  readonly files: Files;
  readonly folder: string;
  readonly cwd: string;
  readonly force: boolean;
  readonly version: string;
}

/** Writes both files, or none. Throws `usage` where one is there already and `force` is not set. */
export async function init({ files, folder, cwd, force, version }: Init): Promise<Written> {
  const at = resolve(cwd, folder);
  const found = await look(files, at);
  const root = await gitRoot(files, at);
  const [yml = '', yaml = ''] = CONFIG_NAMES.map((name) => join(at, name));
  // Two of them would be refused.
  const config = (await files.exists(yaml)) && !(await files.exists(yml)) ? yaml : yml;
  // GitHub reads workflows at the repository's root only.
  const workflow = join(root, '.github', 'workflows', 'crac-bake.yml');
  const shown = (path: string) => relative(cwd, path) || '.';
  const there: string[] = [];
  for (const path of [config, workflow]) if (await files.exists(path)) there.push(shown(path));
  if (there.length > 0 && !force) {
    throw new BakeError('usage', 'options', `There is already ${there.join(' and ')}`, { remedy: 'crac-bake init --force overwrites.' });
  }
  await files.write(config, configText(found));
  await files.write(workflow, workflowText(found, relative(root, at) || '.', version));
  return { found, files: [shown(config), shown(workflow)] };
}

/** The root of the folder's git repository; the folder itself where there is none. */
async function gitRoot(files: Files, folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    if (await files.exists(join(at, '.git'))) return at;
    if (at === dirname(at)) return folder;
  }
}
