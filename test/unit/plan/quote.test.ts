import { execFileSync } from 'node:child_process';
import test from 'ava';
import { quote } from '../../../src/plan/quote.ts';

const words = [
  'plain',
  'a=b:c/d@e,f+g%h-i.j',
  '',
  'two words',
  "it's",
  '$HOME `x` \\',
  '"',
  'a\nb',
  '~',
  '*',
  '{{json .}}',
  'ä',
  ';',
  '#no',
  '!x',
];

for (const word of words) {
  test(`a shell reads ${JSON.stringify(word)} back as it was`, (t) => {
    t.is(execFileSync('/bin/sh', ['-c', `printf %s ${quote(word)}`], { encoding: 'utf8' }), word);
  });
}

test('what needs no quotes has none', (t) => {
  t.deepEqual(['--name', '127.0.0.1::8080', 'a/b:1'].map(quote), ['--name', '127.0.0.1::8080', 'a/b:1']);
});
