import test from 'ava';
import { addSample, describeTally, isReady, NO_SAMPLES } from '../../../src/readiness/decide.ts';

const tallyOf = (samples: string) =>
  [...samples].reduce(
    (tally, letter) => addSample(tally, { ok: letter === '+', message: letter === '+' ? 'status 200' : `failure ${letter}` }),
    NO_SAMPLES,
  );

const decisions: readonly [samples: string, successes: number, ready: boolean][] = [
  ['', 1, false],
  ['+', 1, true],
  ['a', 1, false],
  ['aa+', 1, true],
  ['++', 3, false],
  ['+++', 3, true],
  ['++a+', 2, false],
  ['++a++', 2, true],
  ['+a+a+a', 2, false],
];

for (const [samples, successes, ready] of decisions) {
  test(`${samples || 'nothing'} is ${ready ? '' : 'not '}ready where ${successes} in a row are asked`, (t) => {
    const tally = tallyOf(samples);
    t.is(isReady(tally, successes), ready);
    t.is(tally.attempts, samples.length);
  });
}

const descriptions: readonly [samples: string, description: string][] = [
  ['', 'no check was made'],
  ['a', 'failure a'],
  ['aaa', 'failure a (3 times)'],
  ['aab', 'failure a (2 times), then failure b'],
  ['ab+', 'failure a, then failure b, then status 200'],
  ['abcdd', 'failure b, then failure c, then failure d (2 times)'],
  ['aba', 'failure a, then failure b, then failure a'],
];

for (const [samples, description] of descriptions) {
  test(`the message tells the last three outcomes of "${samples}"`, (t) => {
    t.is(describeTally(tallyOf(samples)), description);
  });
}
