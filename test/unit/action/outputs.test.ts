import test from 'ava';
import { outputsOf } from '../../../action/outputs.ts';
import { BAKED, FAILED } from './sample.ts';

test('outputs of a bake', (t) => {
  t.deepEqual(outputsOf(BAKED, '/tmp/report.json'), {
    image: 'shop:1.0-crac',
    'image-id': 'sha256:2222222222222222',
    digest: '',
    outcome: 'baked',
    engine: 'criu',
    'cold-ms': '4220',
    'restored-ms': '402',
    'checkpoint-bytes': '134000000',
    report: '/tmp/report.json',
    'restore-flags': '--cap-drop ALL --cap-add CHECKPOINT_RESTORE --cap-add SETPCAP --security-opt seccomp=/package/seccomp.json',
  });
});

test('outputs of a failure: its outcome and the report, nothing that is not there', (t) => {
  const { outcome, report, engine, ...rest } = outputsOf(FAILED, '/r');
  t.deepEqual([outcome, report, engine], ['readiness', '/r', 'criu']);
  t.deepEqual([...new Set(Object.values(rest))], ['']);
});

test('no time where there was none to wait for', (t) => {
  const report = { ...BAKED, firstResponse: { request: 'tcp:1', coldMs: null, restoredMs: 7.5 } };
  t.like(outputsOf(report, ''), { 'cold-ms': '', 'restored-ms': '8' });
});
