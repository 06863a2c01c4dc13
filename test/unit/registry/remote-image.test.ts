import test from 'ava';
import { parseRemoteImage } from '../../../src/registry/remote-image.ts';

const CONFIG = { User: '1000', ExposedPorts: { '9090/tcp': {}, '8080/tcp': {}, '53/udp': {} }, Labels: { a: 'b' } };
const ONE = { created: '2026-01-01T00:00:00Z', architecture: 'amd64', os: 'linux', config: CONFIG };

test('one image', (t) => {
  t.deepEqual(parseRemoteImage(JSON.stringify({ digest: 'sha256:1', image: ONE }), 'amd64'), {
    digest: 'sha256:1',
    architecture: 'amd64',
    user: '1000',
    ports: [8080, 9090],
    labels: { a: 'b' },
  });
});

test('of several platforms the engine’s own', (t) => {
  const image = { 'linux/amd64': ONE, 'linux/arm64': { ...ONE, architecture: 'arm64', config: { Labels: null } } };
  const json = JSON.stringify({ digest: 'sha256:2', image });
  t.like(parseRemoteImage(json, 'arm64'), { architecture: 'arm64', user: '', ports: [], labels: {} });
  t.is(parseRemoteImage(json, 's390x'), undefined);
});

test('an image without a configuration', (t) => {
  t.like(parseRemoteImage(JSON.stringify({ digest: 'd', image: { architecture: 'amd64' } }), 'amd64'), { user: '', labels: {} });
});
