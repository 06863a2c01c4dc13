// What the action's cache does with an image, on a real engine; the cache itself is a folder here.

import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { helperStore, saveHelper } from '../../action/cache-store.ts';
import { runCommand } from '../../action/command-runner.ts';
import { docker } from './support/engine.ts';

test('an image that was saved is on the engine again after it was loaded', async (t) => {
  const image = 'crac-bake-it/helper:store-amd64';
  const folder = await mkdtemp(join(tmpdir(), 'store-'));
  const cached = join(folder, 'cached');
  const warnings: string[] = [];
  const parts = {
    world: { run: runCommand, emit: () => {}, signal: new AbortController().signal },
    folder,
    library: async () => ({
      saveCache: async ([path = '']: string[]) => {
        await copyFile(path, cached);
        return 1;
      },
      restoreCache: async ([path = '']: string[], key: string) => {
        await copyFile(cached, path);
        return key;
      },
    }),
    warn: (message: string) => warnings.push(message),
  };
  try {
    await docker('tag', 'crac-bake-test/busybox:app', image);
    const id = await docker('image', 'inspect', '--format', '{{.Id}}', image);
    await saveHelper(parts, image);
    await docker('rmi', image);
    t.true(await helperStore(parts, () => {}).load(image));
    t.is(await docker('image', 'inspect', '--format', '{{.Id}}', image), id);
    t.deepEqual(warnings, []);
  } finally {
    await docker('rmi', '--force', image);
    await rm(folder, { recursive: true, force: true });
  }
});
