import test from 'ava';
import { DockerError, isLost } from '../../../src/docker/cli.ts';

const result = (stderr: string, more: object = {}) => ({ exitCode: 1, stdout: new Uint8Array(), stderr, timedOut: false, ...more });

for (const line of [
  'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
  'error during connect: Post "http://%2Fvar%2Frun%2Fdocker.sock/v1.45/containers/create": EOF',
  'unexpected EOF',
  'write unix @->/var/run/docker.sock: write: broken pipe',
  'read tcp 10.0.0.2:51022->10.0.0.9:2376: read: connection reset by peer',
  'error waiting for container: unexpected EOF',
  'ERROR: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF',
]) {
  test(`no engine answered: ${line.slice(0, 40)}`, (t) => t.true(isLost(result(`a line before\n${line}\n`))));
}

test('what an engine says, and what a program in a build says, is an answer', (t) => {
  t.false(isLost(result('Error response from daemon: No such image: x')));
  t.false(isLost(result('gzip: unexpected EOF\nERROR: process "/bin/sh -c tar x" did not complete successfully: exit code: 1')));
  t.false(isLost(result('unexpected EOF', { exitCode: 0 })));
  t.false(isLost(result('')));
});

test('a command that did not end in time was not answered', (t) => {
  t.true(isLost(result('', { timedOut: true })));
});

test('an error shows what the engine said, not where help is found', (t) => {
  const said = "docker: Error response from daemon: quota exceeded.\n\nRun 'docker run --help' for more information\n";
  t.is(new DockerError(['run'], result(said)).message, 'docker run failed: docker: Error response from daemon: quota exceeded.');
});
