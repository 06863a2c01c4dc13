// The restore image travels: pushed to a registry, deleted, pulled, restored.

import test from 'ava';
import { startRegistry } from '../../scripts/setup/registry.mjs';
import { bakeWell } from './support/cli.ts';
import { docker, runRestored, untilAnswers } from './support/engine.ts';

test('a non-root image restores after push, removal and pull: its file capabilities travel (long)', async (t) => {
  const registry = await startRegistry();
  const image = `${registry.address}/team/plain:nonroot`;
  try {
    const { checkpoint } = await bakeWell(['--image', 'crac-bake-test/plain-http:nonroot', '--tag', image]);
    await docker('push', '--quiet', image);
    await docker('rmi', '--force', image);
    await t.throwsAsync(docker('image', 'inspect', image));
    await docker('pull', '--quiet', image);
    const container = await runRestored(image);
    try {
      const info = JSON.parse(await untilAnswers(container, '/info')) as { pid: number; uid: number | string };
      t.is(info.pid, checkpoint?.pid ?? 0);
      t.is(Number(info.uid), 1000);
    } finally {
      await container.remove();
    }
  } finally {
    await docker('rmi', '--force', image).catch(() => '');
    await registry.stop();
  }
});
