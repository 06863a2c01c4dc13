import test from 'ava';
import { type LogSink, stepLog } from '../../../action/log.ts';
import type { BakeEvent } from '../../../src/ports.ts';
import { commandIn, HOSTILE } from './runner-commands.ts';

interface Shown {
  readonly text: string;
  readonly lines?: readonly string[];
}

function log(redact = (text: string) => text) {
  const shown: Shown[] = [];
  let time = 0;
  const sink: LogSink = { line: (text) => shown.push({ text }), group: (text, lines) => shown.push({ text, lines: [...lines] }) };
  const emit = stepLog(sink, { now: () => time, redact });
  return {
    shown,
    emit: (...events: BakeEvent[]) => events.forEach(emit),
    pass: (ms: number) => {
      time += ms;
    },
  };
}

const start = (step: 'build' | 'check-host' | 'start'): BakeEvent => ({ kind: 'step-start', step, title: `Title ${step}` });
const end = (step: 'build' | 'check-host' | 'start', detail = 'done'): BakeEvent => ({ kind: 'step-end', step, elapsedMs: 1500, detail });

test('a step is a group, printed when it ends', (t) => {
  const { shown, emit } = log();
  emit(start('start'), { kind: 'command', argv: ['docker', 'start', 'a b'] }, { kind: 'output', line: 'out' });
  t.deepEqual(shown, [{ text: 'Title start …' }]);
  emit({ kind: 'progress', step: 'start', message: 'going' }, end('start'));
  t.deepEqual(shown[1], { text: '✓ Title start, 1.5 s: done', lines: ["$ docker start 'a b'", '  | out', 'going'] });
});

test('a step that said nothing is a line, one that failed is marked', (t) => {
  const { shown, emit } = log();
  emit(start('start'), end('start'), start('build'), end('build', 'failed'));
  t.deepEqual(
    shown.map(({ text }) => text),
    ['Title start …', '✓ Title start, 1.5 s: done', 'Title build …', '✗ Title build, 1.5 s: failed'],
  );
});

test('groups of steps side by side hold each its own lines', (t) => {
  const { shown, emit } = log();
  emit(start('build'), start('check-host'));
  emit({ kind: 'output', line: 'of build', step: 'build' }, { kind: 'output', line: 'of check', step: 'check-host' });
  emit({ kind: 'command', argv: ['docker', 'info'], step: 'check-host' }, end('check-host'));
  emit({ kind: 'output', line: 'later', step: 'build' }, end('build'));
  t.deepEqual(
    shown.flatMap(({ lines }) => (lines === undefined ? [] : [lines])),
    [
      ['  | of check', '$ docker info'],
      ['  | of build', '  | later'],
    ],
  );
});

test('a long step is heard of now and then, outside of groups', (t) => {
  const { shown, emit, pass } = log();
  emit(start('build'), { kind: 'output', line: 'one' });
  pass(11_000);
  emit({ kind: 'output', line: 'two' }, { kind: 'output', line: 'three' });
  t.deepEqual(shown, [{ text: 'Title build …' }, { text: '  Title build: | two' }]);
});

test('what comes outside of steps is not shown, warnings are', (t) => {
  const { shown, emit } = log();
  emit({ kind: 'command', argv: ['docker', 'ps'] }, { kind: 'output', line: 'x' }, { kind: 'warning', message: 'mind\n::error::this' });
  t.deepEqual(shown, [{ text: '! mind : :error::this' }]);
});

test('of a step that says very much the last lines are kept, and how many are not', (t) => {
  const { shown, emit } = log();
  emit(start('build'), ...Array.from({ length: 5010 }, (_, index): BakeEvent => ({ kind: 'output', line: String(index) })), end('build'));
  const lines = shown.at(-1)?.lines ?? [];
  t.deepEqual([lines.length, lines[0], lines[1], lines.at(-1)], [5001, '(10 earlier lines are left out)', '  | 10', '  | 5009']);
});

for (const line of HOSTILE) {
  test(`no line of a container is a workflow command: ${JSON.stringify(line)}`, (t) => {
    t.truthy(commandIn(line.replace(/^.*\r|\x1b\[\d+m/g, '').replace(/^::(?=::)/, '')), 'it would be one');
    const { shown, emit, pass } = log();
    emit(start('build'));
    pass(60_000);
    emit({ kind: 'output', line }, { kind: 'progress', step: 'build', message: line }, { kind: 'command', argv: ['docker', line] });
    pass(60_000);
    emit({ kind: 'progress', step: 'build', message: line }, { kind: 'warning', message: line }, end('build', line));
    for (const text of shown.flatMap((each) => [each.text, ...(each.lines ?? [])])) {
      t.is(commandIn(text), undefined, text);
      t.notRegex(text, /[\r\n\x1b]/);
    }
  });
}

test('values of the user are not shown, wherever they turn up', (t) => {
  const { shown, emit } = log((text) => text.replaceAll('hunter2', '***'));
  emit(start('start'), { kind: 'output', line: 'pw hunter2' }, { kind: 'command', argv: ['docker', 'hunter2'] });
  emit({ kind: 'progress', step: 'start', message: 'hunter2' }, { kind: 'warning', message: 'hunter2' }, end('start', 'java hunter2'));
  t.notRegex(JSON.stringify(shown), /hunter2/);
  t.regex(JSON.stringify(shown), /java \*\*\*/);
});
