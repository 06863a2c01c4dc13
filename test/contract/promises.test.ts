// docs/promises.md is current, and no id in it is unknown.

import { readFileSync } from 'node:fs';
import test from 'ava';
import { renderPromises } from '../../scripts/docs/promises.ts';
import { CATALOGUE } from '../../src/diagnose/catalogue.ts';
import { FALLBACKS } from '../promises/fallbacks.ts';

test('docs/promises.md is what the tables of the promises say', (t) => {
  t.is(readFileSync(new URL('../../docs/promises.md', import.meta.url), 'utf8'), renderPromises());
});

test('every id by which an image falls back is a known failure', (t) => {
  const unknown = FALLBACKS.filter(({ id }) => !CATALOGUE.some((entry) => entry.id === id)).map(({ id }) => id);
  t.deepEqual(unknown, []);
});
