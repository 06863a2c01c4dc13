import test from 'ava';
import { progress, seconds } from '../../../src/cli/progress.ts';
import type { BakeEvent } from '../../../src/ports.ts';

/** Shows events, each 500 ms after the one before; returns what was written. */
function shown(events: readonly BakeEvent[], output: { isTTY?: boolean; columns?: number; verbose?: boolean } = {}): string {
  const written: string[] = [];
  let now = 0;
  const { emit, stop } = progress(
    { ...output, write: (text: string) => written.push(text) },
    { verbose: output.verbose === true, now: () => now },
  );
  for (const event of events) {
    emit(event);
    now += 500;
  }
  stop();
  return written.join('');
}

/** What a terminal shows in the end. */
function screen(text: string): string[] {
  return text.split('\n').map((line) => line.split('\x1b[2K').at(-1)?.replaceAll('\r', '') ?? '');
}

const START: BakeEvent = { kind: 'step-start', step: 'build', title: 'Get the app image' };
const END: BakeEvent = { kind: 'step-end', step: 'build', elapsedMs: 1234, detail: 'Dockerfile' };

test('in a pipeline each step is a line at its start and one at its end, without any control character', (t) => {
  const text = shown([START, END]);
  t.is(text, 'Get the app image …\n✓ Get the app image             1.2 s  Dockerfile\n');
});

test('a step that failed has another mark', (t) => {
  t.regex(shown([START, { ...END, detail: 'failed' }]), /^✗ Get the app image/m);
});

test('a step without a detail ends with its time', (t) => {
  t.regex(shown([START, { ...END, detail: '' }]), /1\.2 s\n$/);
});

test('in a pipeline a step’s output is shown every two seconds, its own progress always', (t) => {
  const output = Array.from({ length: 9 }, (_, index): BakeEvent => ({ kind: 'output', line: `line ${index}` }));
  const lines = shown([START, ...output, { kind: 'progress', step: 'build', message: 'pulling app' }])
    .trim()
    .split('\n');
  t.deepEqual(lines.slice(1), ['  Get the app image: line 3', '  Get the app image: line 7', '  Get the app image: pulling app']);
});

test('warnings are lines', (t) => {
  t.is(shown([{ kind: 'warning', message: 'careful' }]), '! careful\n');
});

test('commands and their output are shown with --verbose only, commands as one could paste them', (t) => {
  const events: BakeEvent[] = [START, { kind: 'command', argv: ['docker', 'run', 'a b'] }, { kind: 'output', line: '::error::x' }];
  t.is(shown(events, { verbose: true }), "Get the app image …\n$ docker run 'a b'\n  | : :error::x\n");
  t.is(shown(events.slice(0, 2)), 'Get the app image …\n');
});

test('a terminal shows one line that is rewritten, and keeps the line of each step that ended', (t) => {
  const text = shown([START, { kind: 'output', line: 'step 1/9' }, END], { isTTY: true });
  t.true(text.includes('Get the app image 500 ms: step 1/9'));
  t.deepEqual(screen(text), ['✓ Get the app image             1.2 s  Dockerfile', '']);
});

test('steps side by side share the line, cut to the terminal’s width', (t) => {
  const other: BakeEvent = { kind: 'step-start', step: 'check-host', title: 'Check the engine' };
  const wide = shown([START, other], { isTTY: true, columns: 200 });
  t.true(wide.includes('Get the app image 500 ms | Check the engine 0 ms'));
  const narrow = shown([START, other, { kind: 'output', line: 'x'.repeat(500) }], { isTTY: true, columns: 40 });
  for (const drawn of narrow.split('\r\x1b[2K')) t.true(drawn.length <= 39);
});

test('the live line is gone at the end, however it ended', (t) => {
  t.deepEqual(screen(shown([START], { isTTY: true })), ['']);
});

for (const [title, output] of [
  ['a terminal', { isTTY: true, columns: 100 }],
  ['a pipeline', {}],
  ['--verbose', { verbose: true, isTTY: true }],
] as const) {
  test(`what steers terminals is taken out of everything that comes from apps and tools: ${title}`, (t) => {
    const evil = 'a\x1b[2J\x1b]0;t\x07b\rc\x9b1md\x07';
    const text = shown(
      [
        START,
        { kind: 'output', line: evil },
        { kind: 'progress', step: 'build', message: `${evil}\n${evil}` },
        { kind: 'progress', step: 'warm-up', message: evil },
        { kind: 'warning', message: evil },
        { kind: 'command', argv: ['docker', evil] },
        { ...END, detail: evil },
      ],
      output,
    );
    t.notRegex(text.replaceAll('\r\x1b[2K', ''), /[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
  });
}

test('times are short', (t) => {
  t.deepEqual([0, 0.4, 999, 1000, 61_449].map(seconds), ['0 ms', '0 ms', '999 ms', '1.0 s', '61.4 s']);
});
