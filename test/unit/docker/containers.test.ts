import test from 'ava';
import { engineHost, lastLog, parsePorts, waitForExit } from '../../../src/docker/containers.ts';
import { worldWhere } from './fake-run.ts';

const hosts: readonly [dockerHost: string | undefined, host: string][] = [
  [undefined, '127.0.0.1'],
  ['', '127.0.0.1'],
  ['unix:///var/run/docker.sock', '127.0.0.1'],
  ['unix:///home/me:x/docker.sock', '127.0.0.1'],
  ['npipe:////./pipe/docker_engine', '127.0.0.1'],
  ['tcp://10.0.0.5:2375', '10.0.0.5'],
  ['tcp://docker:2376', 'docker'],
  ['tcp://engine.example', 'engine.example'],
  ['tcp://[::1]:2375', '::1'],
  ['ssh://me@engine.example:22', 'engine.example'],
  ['ssh://engine.example/path', 'engine.example'],
  ['https://engine.example:443', 'engine.example'],
];

for (const [dockerHost, host] of hosts) {
  test(`with DOCKER_HOST ${JSON.stringify(dockerHost)} published ports are reached at ${host}`, (t) => {
    t.is(engineHost(dockerHost), host);
  });
}

test('published ports by the container’s', (t) => {
  const json =
    '{"53/udp":null,"8080/tcp":[{"HostIp":"127.0.0.1","HostPort":"32768"}],"8081/tcp":[{"HostIp":"0.0.0.0","HostPort":"1"},{"HostIp":"::","HostPort":"2"}]}';
  t.deepEqual(
    [...parsePorts(json)],
    [
      [8080, 32_768],
      [8081, 1],
    ],
  );
  t.is(parsePorts('{}').size, 0);
});

test('the exit code of a container, and 125 where the engine cannot say', async (t) => {
  const signal = new AbortController().signal;
  t.is(await waitForExit(worldWhere(() => ({ stdout: '137\n' })).world, 'c', signal), 137);
  t.is(await waitForExit(worldWhere(() => ({ exitCode: 1, stderr: 'No such container: c' })).world, 'c', signal), 125);
});

test('the last lines of both streams, without empty ones, and never shown as docker’s own output', async (t) => {
  const { world, events } = worldWhere(() => ({ stdout: 'one\n\ntwo  \n', stderr: 'three\n' }));
  t.deepEqual(await lastLog(world, 'c', 2), ['two', 'three']);
  t.deepEqual(events, []);
});
