import test from 'ava';
import { refusedBy } from '../../../src/bake/refused.ts';
import { describeRefusal } from '../../../src/crac-jdk/refusal-text.ts';
import type { Refusal } from '../../../src/crac-jdk/refusals.ts';
import { recorded } from '../crac-jdk/transcripts.ts';

const answer = (name: string) => refusedBy(recorded(name, 'jcmd.stdout'));

test('one refusal is the headline, with its remedy', (t) => {
  const error = answer('checkpoint-file');
  t.is(error?.code, 'checkpoint-refused');
  t.is(error?.message, 'The file /etc/passwd is open');
  t.regex(error?.remedy ?? '', /path: \/etc\/passwd/);
});

test('several are told one by one, each with its remedy and who opened it', (t) => {
  const error = answer('checkpoint-file-stacktraces');
  t.is(error?.message, 'The JVM refused the checkpoint for 2 reasons');
  const [socket, file, ...more] = error?.details.split('\n') ?? [];
  t.regex(socket ?? '', /^A socket listens on port 8080, opened in Cases\.main\(Cases\.java:7\)\. Stop the server/);
  t.regex(file ?? '', /^The file \/etc\/passwd is open, opened in Cases\.main\(Cases\.java:7\)\. Close it/);
  t.deepEqual(more, []);
});

test('hooks alone are a failure of hooks', (t) => {
  const error = answer('checkpoint-hookfail');
  t.is(error?.code, 'hook-failed');
  t.is(error?.message, 'Cases$1 threw java.lang.IllegalStateException in beforeCheckpoint: cache not flushed (Cases.java:9)');
});

test('an answer without a refusal is none', (t) => {
  for (const name of ['checkpoint-ok', 'checkpoint-nopad', 'checkpoint-wrong-target']) t.is(answer(name), undefined, name);
});

const KINDS: readonly Refusal[] = [
  { kind: 'file', path: '/a' },
  { kind: 'socket', listening: true, localPort: 8080 },
  { kind: 'socket', listening: false, localPort: 4, remoteHost: 'db', remotePort: 5432 },
  { kind: 'socket', listening: false, fd: 42 },
  { kind: 'descriptor', fd: 5, type: 'fifo', path: 'pipe:[1]' },
  { kind: 'descriptor', fd: 5, type: '', path: '' },
  { kind: 'selector', text: 'x' },
  { kind: 'hook', class: 'A', at: '', exception: 'E', message: '' },
  { kind: 'not-configured' },
  { kind: 'native' },
  { kind: 'other', exception: 'E', message: 'm' },
];

test('every kind of refusal is a sentence without gaps', (t) => {
  for (const refusal of KINDS) {
    const { what, remedy } = describeRefusal(refusal);
    t.regex(what, /^\S.*\.$/);
    t.notRegex(`${what} ${remedy}`, /undefined| {2}| \.|\(\)/, JSON.stringify(refusal));
  }
});
