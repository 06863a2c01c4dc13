import test from 'ava';
import { hasSettled, sliceLatencies } from '../../../src/warmup/latency.ts';

const repeat = (values: readonly number[], times: number) => values.flatMap((value) => Array<number>(times).fill(value));

test('answers are put into ten slices of equal size', (t) => {
  const slices = sliceLatencies(repeat([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 20));
  t.deepEqual(
    slices.map((slice) => [slice.count, slice.p50Ms, slice.p95Ms]),
    [10, 9, 8, 7, 6, 5, 4, 3, 2, 1].map((ms) => [20, ms, ms]),
  );
});

test('counts of slices differ by one at most and lose nothing', (t) => {
  for (const answers of [10, 11, 19, 25, 999]) {
    const counts = sliceLatencies(repeat([1], answers)).map((slice) => slice.count);
    t.is(counts.length, 10);
    t.is(
      counts.reduce((sum, count) => sum + count, 0),
      answers,
    );
    t.true(Math.max(...counts) - Math.min(...counts) <= 1);
  }
});

test('fewer answers make fewer slices', (t) => {
  t.deepEqual(sliceLatencies([]), []);
  t.deepEqual(sliceLatencies([3, 1]), [
    { count: 1, p50Ms: 3, p95Ms: 3 },
    { count: 1, p50Ms: 1, p95Ms: 1 },
  ]);
});

test('percentiles are of the nearest rank', (t) => {
  const oneToHundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  const [slice] = sliceLatencies(Array.from({ length: 10 }, () => oneToHundred).flat());
  t.deepEqual(slice, { count: 100, p50Ms: 50, p95Ms: 95 });
});

const runs: readonly [title: string, medians: readonly number[], settled: boolean][] = [
  ['still becoming faster', [100, 90, 80, 70, 60, 50, 40, 30, 20, 10], false],
  ['even', [100, 50, 20, 10, 10, 10, 10, 10, 10, 10], true],
  ['even within 20 %', [100, 50, 20, 10, 10, 10, 10, 12, 10, 11], true],
  ['a bit more than 20 %', [100, 50, 20, 10, 10, 10, 10, 12.1, 10, 11], false],
  ['slower again at the end', [10, 10, 10, 10, 10, 10, 10, 10, 10, 20], false],
  ['fractions of a millisecond', [5, 1, 0.5, 0.4, 0.3, 0.3, 0.3, 0.3, 0.6, 0.4], true],
  ['too few answers', [10, 10, 10, 10, 10, 10, 10, 10, 10], false],
  ['no answers', [], false],
];

for (const [title, medians, settled] of runs) {
  test(`${title}: ${settled ? '' : 'not '}settled`, (t) => {
    t.is(hasSettled(sliceLatencies(medians)), settled);
  });
}
