import test from 'ava';
import { failing, together, within } from '../../../src/bake/steps.ts';
import { DockerError } from '../../../src/docker/cli.ts';
import { BakeError } from '../../../src/errors.ts';
import type { BakeEvent } from '../../../src/ports.ts';

const NEVER = new AbortController().signal;

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

test('independent work runs side by side and gives both results', async (t) => {
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} begins`);
    await new Promise(setImmediate);
    order.push(`${name} ends`);
    return name;
  };
  t.deepEqual(await together(NEVER, work('a'), work('b')), ['a', 'b']);
  t.deepEqual(order, ['a begins', 'b begins', 'a ends', 'b ends']);
});

test('the first failure aborts the other, which is awaited, and is the one that is thrown', async (t) => {
  let ended = false;
  const error = new Error('a failed');
  const other = async (signal: AbortSignal) => {
    await aborted(signal).catch(() => {});
    await new Promise(setImmediate);
    ended = true;
    throw new Error('b was cut off');
  };
  t.is(await t.throwsAsync(together(NEVER, () => Promise.reject(error), other)), error);
  t.true(ended);
});

test('an abort from outside reaches both', async (t) => {
  const controller = new AbortController();
  const reached: string[] = [];
  const work = (name: string) => (signal: AbortSignal) => {
    reached.push(name);
    return aborted(signal);
  };
  const both = together(controller.signal, work('a'), work('b'));
  controller.abort(new Error('interrupted'));
  await t.throwsAsync(both, { message: 'interrupted' });
  t.deepEqual(reached, ['a', 'b']);
});

const dockerError = (stderr: string) => new DockerError(['commit'], { exitCode: 1, stdout: new Uint8Array(), stderr, timedOut: false });

test('a failed docker command becomes the step’s failure, with what docker said', async (t) => {
  const work = failing('assembly-failed', 'assemble', 'Not put together', () => Promise.reject(dockerError('a\nb')));
  t.like(await t.throwsAsync(work, { instanceOf: BakeError }), {
    code: 'assembly-failed',
    step: 'assemble',
    message: 'Not put together',
    details: 'docker commit failed: b',
    log: ['a', 'b'],
  });
});

test('a full disk has a name of its own in every step', async (t) => {
  const work = failing('assembly-failed', 'assemble', 'x', () => Promise.reject(dockerError('write /a: No space left on device')));
  t.like(await t.throwsAsync(work, { instanceOf: BakeError }), { code: 'no-space', step: 'assemble' });
});

test('other errors go through unchanged', async (t) => {
  const error = new TypeError('x');
  t.is(await t.throwsAsync(failing('bug', 'dump', 'y', () => Promise.reject(error))), error);
});

test('of work beside which other steps run, commands and output name their step', (t) => {
  const events: BakeEvent[] = [];
  const emit = within('build', (event) => events.push(event));
  emit({ kind: 'command', argv: ['docker', 'info'] });
  emit({ kind: 'output', line: 'x' });
  emit({ kind: 'warning', message: 'y' });
  t.deepEqual(events, [
    { kind: 'command', argv: ['docker', 'info'], step: 'build' },
    { kind: 'output', line: 'x', step: 'build' },
    { kind: 'warning', message: 'y' },
  ]);
});
