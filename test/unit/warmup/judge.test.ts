import test from 'ava';
import type { WarmupCommandResult } from '../../../src/warmup/command.ts';
import { judge, judgeCommand, type Verdict } from '../../../src/warmup/judge.ts';
import type { WarmupResult } from '../../../src/warmup/run.ts';

const run: WarmupResult = {
  end: { kind: 'done' },
  planned: 800,
  sent: 800,
  failed: 0,
  failures: [],
  elapsedMs: 4321,
  latency: [],
  settled: true,
};

const shares: readonly [failed: number, sent: number, allowed: number, ok: boolean][] = [
  [0, 800, 0, true],
  [1, 800, 0, false],
  [8, 800, 0.01, true],
  [9, 800, 0.01, false],
  [29, 100, 0.29, true],
  [800, 800, 1, true],
  [0, 0, 0, true],
];

for (const [failed, sent, allowed, ok] of shares) {
  test(`${failed} of ${sent} failed, allowed ${allowed}: ${ok ? 'enough' : 'not enough'}`, (t) => {
    t.is(judge({ ...run, failed, sent }, allowed).ok, ok);
  });
}

test('too many failures are told by kind, the most frequent first', (t) => {
  const failures = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((path, index) => ({ what: `GET /${path}: status 500`, count: 20 - index }));
  const verdict = judge({ ...run, failed: 119, failures }, 0.05);
  t.deepEqual(verdict, {
    ok: false,
    code: 'warm-up-failed',
    message: '119 of 800 warm-up requests failed: 14.9 %, allowed are 5 %',
    details: [...failures.slice(0, 5).map(({ what, count }) => `${count} × ${what}`), 'and 2 other kinds of failure'].join('\n'),
  });
});

test('the container’s end and the deadline are failures whatever share may fail', (t) => {
  t.deepEqual(judge({ ...run, end: { kind: 'exited', exitCode: 137 }, sent: 12 }, 1), {
    ok: false,
    code: 'app-exited-in-warm-up',
    message: 'The app ended with exit code 137 after 12 of 800 warm-up requests',
    details: '',
  });
  t.deepEqual(judge({ ...run, end: { kind: 'timeout' }, sent: 12 }, 1), {
    ok: false,
    code: 'warm-up-timeout',
    message: '12 of 800 warm-up requests came to an end in 4.3 s',
    details: '',
  });
});

const command = { program: 'k6', elapsedMs: 5000, lastLines: ['a', 'b'] };
const details = 'a\nb';
const commands: readonly [end: WarmupCommandResult['end'], verdict: Verdict][] = [
  [{ kind: 'done' }, { ok: true }],
  [
    { kind: 'failed', exitCode: 3 },
    { ok: false, code: 'warm-up-failed', message: 'k6 ended with exit code 3', details },
  ],
  [{ kind: 'missing' }, { ok: false, code: 'warm-up-failed', message: 'k6 could not be started: is it installed, and on PATH?', details }],
  [{ kind: 'timeout' }, { ok: false, code: 'warm-up-timeout', message: 'k6 did not end in 5.0 s', details }],
  [
    { kind: 'exited', exitCode: 1 },
    { ok: false, code: 'app-exited-in-warm-up', message: 'The app ended with exit code 1 while k6 ran', details },
  ],
];

for (const [end, verdict] of commands) {
  test(`the verdict on a command that is ${end.kind}`, (t) => {
    t.deepEqual(judgeCommand({ ...command, end }), verdict);
  });
}
