// docs/reliability.md is current, and what it says of other tests is true.

import { readFileSync } from 'node:fs';
import test from 'ava';
import { renderReliability } from '../../scripts/docs/reliability.ts';
import { COVERED } from '../faults/covered.ts';
import { ROWS } from '../faults/rows.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('docs/reliability.md is what the tables of the faults say, and every fault is in it', (t) => {
  const page = read('docs/reliability.md');
  t.is(page, renderReliability());
  for (const title of Object.values(ROWS)) t.true(page.includes(`| ${title} `), title);
});

test('the tests that cover other faults are there', (t) => {
  for (const { file, test: title } of COVERED) t.true(read(file).includes(title), `${file}: ${title}`);
});
