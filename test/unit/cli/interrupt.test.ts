import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import { onInterrupt } from '../../../src/cli/interrupt.ts';

const started = () => {
  const process = new EventEmitter();
  return { process, interruption: onInterrupt(process as NodeJS.Process) };
};

test('the first signal aborts, lets commands finish and gives the exit code', (t) => {
  const { process, interruption } = started();
  t.is(interruption.exitCode(), undefined);
  process.emit('SIGTERM');
  t.true(interruption.signal.aborted);
  t.false(interruption.letFinish.aborted);
  t.false(interruption.cleanUp.aborted);
  t.is(interruption.exitCode(), 143);
  interruption.stop();
});

test('a second signal ends commands at once and the clean-up soon; the exit code is that of the first', async (t) => {
  const { process, interruption } = started();
  process.emit('SIGINT');
  process.emit('SIGTERM');
  t.true(interruption.letFinish.aborted);
  t.false(interruption.cleanUp.aborted);
  process.emit('SIGTERM');
  await pause(1700);
  t.true(interruption.cleanUp.aborted);
  t.is(interruption.exitCode(), 130);
  interruption.stop();
});

test('stopped, it leaves signals to others', (t) => {
  const { process, interruption } = started();
  interruption.stop();
  t.is(process.listenerCount('SIGINT') + process.listenerCount('SIGTERM'), 0);
});

test('stopped after a signal, a second one does not end the process, which still writes what it has to say', (t) => {
  const { process, interruption } = started();
  process.emit('SIGINT');
  interruption.stop();
  t.true(process.emit('SIGTERM'), 'somebody listens');
  t.false(interruption.letFinish.aborted);
  t.is(interruption.exitCode(), 130);
});
