// Failures of a registry that the engine itself tries for almost a minute before it says so.

import test from 'ava';
import { startRegistry } from '../../scripts/setup/registry.mjs';
import { bake } from '../docker/support/cli.ts';
import { cutUploads, type Fault, refuse, startProxy } from '../docker/support/registry-proxy.ts';

const FAULTS: readonly (readonly [title: string, fault: () => Fault, code: string])[] = [
  ['uploads are cut in the middle every time', () => cutUploads(Number.POSITIVE_INFINITY), 'push-failed'],
  ['uploads are forbidden', () => refuse(403), 'push-denied'],
];

for (const [title, fault, code] of FAULTS) {
  test(`${title}: ${code}, and no tag in the registry`, async (t) => {
    const registry = await startRegistry();
    const proxy = await startProxy(registry.address);
    try {
      proxy.fault = fault();
      const tag = `${proxy.address}/team/app:1`;
      const { exitCode, report } = await bake(['--image', 'crac-bake-test/busybox:app', '--tag', tag, '--push', '--push-retries', '0']);
      t.is(exitCode, 18);
      t.is(report.error?.code, code);
      t.is((await fetch(`http://${registry.address}/v2/team/app/manifests/1`)).status, 404);
    } finally {
      await proxy.stop();
      await registry.stop();
    }
  });
}
