// Failures of a registry that the engine itself tries for almost a minute before it says so.

import test from 'ava';
import { startRegistry } from '../../scripts/setup/registry.mjs';
import { bake } from '../docker/support/cli.ts';
import { cutUploads, type Fault, refuse, startProxy } from '../docker/support/registry-proxy.ts';

const FAULTS: readonly (readonly [title: string, fault: () => Fault, code: string])[] = [
  ['uploads are cut in the middle every time', () => cutUploads(Number.POSITIVE_INFINITY), 'push-failed'],
  ['uploads are forbidden', () => refuse(403), 'push-denied'],
];

test('the engine gives up in the end, the failure is named, and no tag is in the registry', async (t) => {
  // At once, for it is the engine's own pauses that take long.
  const results = await Promise.all(FAULTS.map(([, fault]) => pushTo(fault())));
  for (const [index, [title, , code]] of FAULTS.entries()) t.deepEqual(results[index], { exitCode: 18, code, statusOfTag: 404 }, title);
});

async function pushTo(fault: Fault): Promise<{ exitCode: number; code: string | undefined; statusOfTag: number }> {
  const registry = await startRegistry();
  const proxy = await startProxy(registry.address);
  try {
    proxy.fault = fault;
    const tag = `${proxy.address}/team/app:1`;
    const { exitCode, report } = await bake(['--image', 'crac-bake-test/busybox:app', '--tag', tag, '--push', '--push-retries', '0']);
    const { status } = await fetch(`http://${registry.address}/v2/team/app/manifests/1`);
    return { exitCode, code: report.error?.code, statusOfTag: status };
  } finally {
    await proxy.stop();
    await registry.stop();
  }
}
