import test from 'ava';
import { DockerError, docker, lastLines, tryDocker } from '../../../src/docker/cli.ts';
import { worldWhere } from './fake-run.ts';

test('a command is shown with its arguments, and so is what it writes to stderr', async (t) => {
  const { world, events } = worldWhere(() => ({ stdout: 'out\n', stderr: 'step 1\nstep 2\n' }));
  t.is(await docker(world, ['build', '.']), 'out\n');
  t.deepEqual(events, [
    { kind: 'command', argv: ['docker', 'build', '.'] },
    { kind: 'output', line: 'step 1' },
    { kind: 'output', line: 'step 2' },
  ]);
});

test('a failure keeps the end of what docker said', async (t) => {
  const { world } = worldWhere(() => ({ exitCode: 1, stderr: 'a\n\nError response from daemon: no\n' }));
  const error = await t.throwsAsync(docker(world, ['create', 'x']), { instanceOf: DockerError });
  t.like(error, {
    message: 'docker create failed: Error response from daemon: no',
    exitCode: 1,
    lines: ['a', 'Error response from daemon: no'],
  });
});

test('a failure without a word names the exit code, one by the deadline says so', async (t) => {
  await t.throwsAsync(docker(worldWhere(() => ({ exitCode: 9 })).world, ['tag']), { message: 'docker tag failed: exit code 9' });
  await t.throwsAsync(docker(worldWhere(() => ({ timedOut: true })).world, ['tag']), { message: 'docker tag did not answer in time' });
});

test('any exit code is a result where the caller asks for it', async (t) => {
  t.is((await tryDocker(worldWhere(() => ({ exitCode: 3 })).world, ['rmi', 'x'])).exitCode, 3);
});

for (const [verb, interruptible] of [
  ['build', true],
  ['pull', true],
  ['wait', true],
  ['logs', true],
  ['exec', true],
  ['create', false],
  ['start', false],
  ['run', false],
  ['commit', false],
  ['cp', false],
  ['tag', false],
  ['rm', false],
] as const) {
  test(`an interruption ${interruptible ? 'ends' : 'waits for'} docker ${verb}`, async (t) => {
    const { world, commands } = worldWhere(() => ({}));
    await tryDocker(world, [verb]);
    t.is(commands[0]?.signal !== undefined, interruptible);
  });
}

test('after an interruption nothing is started, and what was running gives no result', async (t) => {
  const controller = new AbortController();
  const { world, commands } = worldWhere(() => {
    controller.abort(new Error('interrupted'));
    return {};
  }, controller.signal);
  await t.throwsAsync(tryDocker(world, ['create']), { message: 'interrupted' });
  await t.throwsAsync(tryDocker(world, ['create']), { message: 'interrupted' });
  t.is(commands.length, 1);
});

test('every command has a deadline unless it sets its own', async (t) => {
  const { world, commands } = worldWhere(() => ({}));
  await tryDocker(world, ['create']);
  await tryDocker(world, ['wait'], { timeoutMs: 0 });
  t.deepEqual(
    commands.map((command) => command.timeoutMs),
    [120_000, 0],
  );
});

test('last lines leave empty ones out', (t) => {
  t.deepEqual(lastLines('a\n\nb \r\nc\n\n', 2), ['b', 'c']);
  t.deepEqual(lastLines('', 2), []);
});
