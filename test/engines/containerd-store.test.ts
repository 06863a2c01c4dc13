// The Docker Engine with containerd's image store, as it comes since version 29: ids of images are digests of manifests there, and layers compressed.

import test from 'ava';
import { bakeWell } from '../docker/support/cli.ts';
import { helperImages, LEAST, requestWithin } from '../docker/support/engine.ts';
import { type SmallEngine, startSmallEngine } from '../docker/support/small-engine.ts';

const APP = 'crac-bake-test/plain-http:nonroot';
const TAG = 'crac-bake-it/containerd-store:app';

let engine: SmallEngine;

test.before(async () => {
  engine = await startSmallEngine(4000, { config: { features: { 'containerd-snapshotter': true } } });
  await engine.load(APP, ...(await helperImages()));
});

test.after.always(() => engine?.stop());

test('bakes and restores', async (t) => {
  t.regex(await engine.docker('info', '--format', '{{.DriverStatus}}'), /io\.containerd\.snapshotter/);
  // Its network is not reached from here: the log tells.
  const report = await bakeWell(['--image', APP, '--tag', TAG, '--ready', 'log:^listening', '--warmup-command', 'true'], {
    env: { DOCKER_HOST: engine.host },
  });
  t.is((await engine.docker('image', 'inspect', '--format', '{{.Id}}', TAG)).trim(), report.image?.id ?? '');
  const flags = [...LEAST, '--env', 'CRAC_INIT_RESTORE=require', '--env', 'CRAC_INIT_LOG=1'];
  const id = await engine.docker('run', '--detach', ...flags, TAG);
  const answer = await engine.docker('exec', id, ...requestWithin('/info'));
  const { pid } = JSON.parse(answer.slice(answer.indexOf('{'))) as { pid: number };
  t.is(pid, report.checkpoint?.pid ?? 0);
  const left = await engine.docker('ps', '--all', '--format', '{{.ID}}');
  t.is(left.split('\n').length, 1, 'nothing is left of the bake');
  await engine.docker('rm', '--force', id);
});
