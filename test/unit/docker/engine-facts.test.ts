import { readFileSync } from 'node:fs';
import test from 'ava';
import { askEngine, engineIsNewEnough, parseEngineFacts } from '../../../src/docker/engine-facts.ts';
import { BakeError } from '../../../src/errors.ts';
import { worldWhere } from './fake-run.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/docker/${name}.json`, import.meta.url), 'utf8');
const INFO = fixture('info');

test('facts from what docker info printed', (t) => {
  t.deepEqual(parseEngineFacts(INFO), {
    id: '5a1c1f0e-0000-4000-8000-000000000001',
    version: '26.1.5+dfsg1',
    architecture: 'amd64',
    kernel: '6.12.0-amd64',
    operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
    dataFolder: '/var/lib/docker',
    storageDriver: 'overlay2',
    securityOptions: ['name=seccomp,profile=builtin'],
    cgroupVersion: '1',
    memoryBytes: 8_589_934_592,
  });
});

for (const [machine, architecture] of [
  ['x86_64', 'amd64'],
  ['aarch64', 'arm64'],
  ['s390x', 's390x'],
] as const) {
  test(`a machine that docker info calls ${machine} runs images for ${architecture}`, (t) => {
    t.is(parseEngineFacts(JSON.stringify({ ...JSON.parse(INFO), Architecture: machine })).architecture, architecture);
  });
}

test('an engine without security options has none', (t) => {
  t.deepEqual(parseEngineFacts(JSON.stringify({ ...JSON.parse(INFO), SecurityOptions: null })).securityOptions, []);
});

for (const [version, enough] of [
  ['20.10.10', true],
  ['20.10.9', false],
  ['20.10.24+dfsg1', true],
  ['20.9.99', false],
  ['19.03.15', false],
  ['23.0.0', true],
  ['26.1.5+dfsg1', true],
  ['28.0.0-rc.1', true],
  ['29', true],
  ['20', false],
  ['dev', false],
] as const) {
  test(`Docker ${version} is ${enough ? 'new enough' : 'too old'}`, (t) => {
    t.is(engineIsNewEnough(version), enough);
  });
}

const DOWN = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n';

const refusals: readonly [title: string, result: Parameters<typeof worldWhere>[0], expected: object][] = [
  ['there is no docker', () => ({ exitCode: 127 }), { code: 'no-engine', message: 'There is no docker command', exitCode: 3 }],
  [
    'no daemon answers',
    () => ({ exitCode: 1, stdout: fixture('info-no-daemon'), stderr: DOWN }),
    { code: 'no-engine', message: 'No Docker Engine answers', details: DOWN.trim() },
  ],
  [
    'no daemon answers and docker info ends with 0',
    () => ({ exitCode: 0, stdout: fixture('info-no-daemon'), stderr: DOWN }),
    { code: 'no-engine', details: DOWN.trim() },
  ],
  ['docker info hangs', () => ({ exitCode: 128, timedOut: true }), { code: 'no-engine', details: 'docker info timed out' }],
  [
    'the engine is old',
    () => ({ stdout: JSON.stringify({ ...JSON.parse(INFO), ServerVersion: '19.03.1' }) }),
    { code: 'old-engine', message: 'Docker Engine 19.03.1 is too old', details: '20.10.10 or later is needed.' },
  ],
];

for (const [title, result, expected] of refusals) {
  test(`a failure with its name where ${title}`, async (t) => {
    t.like(await t.throwsAsync(askEngine(worldWhere(result).world), { instanceOf: BakeError }), expected);
  });
}

test('an engine that answers is asked once, with a deadline', async (t) => {
  const { world, commands } = worldWhere(() => ({ stdout: INFO }));
  t.is((await askEngine(world)).version, '26.1.5+dfsg1');
  t.like(commands, { length: 1, 0: { file: 'docker', args: ['info', '--format', '{{json .}}'], timeoutMs: 15_000 } });
});

test('Podman’s socket is no Docker Engine', async (t) => {
  const info = JSON.stringify({ ...JSON.parse(INFO), ServerVersion: '5.4.2', DockerRootDir: '/var/lib/containers/storage' });
  const error = await t.throwsAsync(askEngine(worldWhere(() => ({ stdout: info })).world), { instanceOf: BakeError });
  t.like(error, { code: 'other-engine', exitCode: 3, message: 'Podman 5.4.2 answers in place of a Docker Engine' });
});
