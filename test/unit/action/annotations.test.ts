import test from 'ava';
import { annotationsOf } from '../../../action/annotations.ts';
import { BAKED, FAILED } from './sample.ts';

test('a bake without warnings says nothing', (t) => {
  t.deepEqual(annotationsOf(BAKED), []);
});

test('a failure is one error with its cause and remedy, in the words of inputs', (t) => {
  t.deepEqual(annotationsOf(FAILED), [
    {
      level: 'error',
      title: 'crac-bake: The app did not become ready in 120 s',
      message:
        'The last answer: connection refused\nWhat to do: Raise `ready-timeout`, or check `ready`: is it the right port, path or pattern?\n[not-ready, step ready]',
    },
  ]);
});

test('a failure that was forgiven is no error', (t) => {
  const report = { ...FAILED, outcome: 'plain' as const, exitCode: 0, warnings: ['Not baked'] };
  t.deepEqual(annotationsOf(report), [{ level: 'warning', title: 'crac-bake', message: 'Not baked' }]);
});

test('no more warnings than GitHub shows, the last says how many there are', (t) => {
  const warnings = Array.from({ length: 25 }, (_, index) => `w${index}`);
  const shown = annotationsOf({ ...BAKED, warnings });
  t.is(shown.length, 10);
  t.is(shown.at(-1)?.message, '16 more warnings are in the summary and in the report.');
  t.is(annotationsOf({ ...BAKED, warnings: warnings.slice(0, 10) }).length, 10);
});

test('long text is cut, control characters are gone', (t) => {
  const [shown] = annotationsOf({ ...BAKED, warnings: [`\x1b[31m${'x'.repeat(100_000)}`] });
  t.is(shown?.message.length, 4002);
  t.notRegex(shown?.message ?? '', /\x1b/);
});
