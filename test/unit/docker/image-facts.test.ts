import { readFileSync } from 'node:fs';
import test from 'ava';
import { parseImageFacts } from '../../../src/docker/image-facts.ts';

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What docker 26 printed for an image. */
const inspected = (name: string) => readFileSync(new URL(`../../fixtures/docker/image-${name}.json`, import.meta.url), 'utf8');

test('a Spring image with a user of its own', (t) => {
  t.like(parseImageFacts(inspected('spring-nonroot')), {
    id: 'sha256:914ff07535b57f873b43eb2b3d3cd0fcb26d56d6b6c4840268fd86de1e359049',
    os: 'linux',
    architecture: 'amd64',
    sizeBytes: 404_081_228,
    repoDigests: [],
    entrypoint: ['java', '-Xms32m', '-Xmx256m', '-jar', '/app/app.jar'],
    command: [],
    user: '1000:1000',
    environment: [PATH],
    ports: [8080],
    volumes: [],
    healthCheck: '',
  });
});

test('Redis: entrypoint and command with an empty word, a volume, root', (t) => {
  t.like(parseImageFacts(inspected('redis')), {
    entrypoint: ['entrypoint.sh'],
    command: ['redis-server', '--save', '', '--appendonly', 'no', '--protected-mode', 'no'],
    user: '',
    ports: [6379],
    volumes: ['/data'],
  });
});

test('variables of the image are there as lines', (t) => {
  t.deepEqual(parseImageFacts(inspected('volumes')).environment, [PATH, 'APP_LOG_FILE=/data/app.log']);
});

test('an image without a shell', (t) => {
  t.deepEqual(parseImageFacts(inspected('busybox')).entrypoint, ['/busybox', 'httpd', '-f', '-p', '8080', '-h', '/www']);
});

/** The JSON of an image whose configuration holds this. */
const withConfig = (config: object, more: object = {}) =>
  JSON.stringify([{ Id: 'sha256:1', Os: 'linux', Architecture: 'amd64', ...more, Config: config }]);

test('an image that says nothing has empty facts', (t) => {
  t.deepEqual(parseImageFacts(withConfig({})), {
    id: 'sha256:1',
    os: 'linux',
    architecture: 'amd64',
    sizeBytes: 0,
    repoDigests: [],
    entrypoint: [],
    command: [],
    user: '',
    environment: [],
    ports: [],
    volumes: [],
    healthCheck: '',
    healthCommand: [],
    labels: {},
  });
});

test('ports are TCP ones in the order of their numbers', (t) => {
  const ExposedPorts = { '8443/tcp': {}, '53/udp': {}, '8080/tcp': {}, '9/sctp': {}, '80': {} };
  t.deepEqual(parseImageFacts(withConfig({ ExposedPorts })).ports, [80, 8080, 8443]);
});

const checks: readonly [given: string[] | null, expected: string][] = [
  [['CMD-SHELL', 'curl -f http://localhost:8080/health || exit 1'], 'curl -f http://localhost:8080/health || exit 1'],
  [['CMD', 'wget', '-q', 'http://localhost/'], 'wget -q http://localhost/'],
  [['NONE'], ''],
  [[], ''],
  [null, ''],
];

for (const [Test, expected] of checks) {
  test(`the health check ${JSON.stringify(Test)} is ${JSON.stringify(expected)}`, (t) => {
    t.is(parseImageFacts(withConfig({ Healthcheck: { Test } })).healthCheck, expected);
  });
}

test('labels, digests and volumes', (t) => {
  const facts = parseImageFacts(
    withConfig({ Labels: { a: '' }, Volumes: { '/b': {}, '/a': {} } }, { RepoDigests: ['app@sha256:ab'], Size: 7 }),
  );
  t.like(facts, { labels: { a: '' }, volumes: ['/a', '/b'], repoDigests: ['app@sha256:ab'], sizeBytes: 7 });
});

test('what is no answer of docker is refused', (t) => {
  for (const text of ['[]', '{}', 'nonsense', '[{"Id":1}]']) t.throws(() => parseImageFacts(text));
});

const healthChecks: readonly [title: string, config: object, command: readonly string[]][] = [
  ['words', { Healthcheck: { Test: ['CMD', 'curl', '-f', 'http://x/'] } }, ['curl', '-f', 'http://x/']],
  ['a text for the shell', { Healthcheck: { Test: ['CMD-SHELL', 'test -e /up || exit 1'] } }, ['/bin/sh', '-c', 'test -e /up || exit 1']],
  ['a text for another shell', { Shell: ['/bin/ash', '-ec'], Healthcheck: { Test: ['CMD-SHELL', 'true'] } }, ['/bin/ash', '-ec', 'true']],
  ['none', { Healthcheck: { Test: ['NONE'] } }, []],
];

for (const [title, config, command] of healthChecks) {
  test(`the health check’s program: ${title}`, (t) => {
    t.deepEqual(parseImageFacts(withConfig(config)).healthCommand, [...command]);
  });
}
