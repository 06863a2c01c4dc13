import test from 'ava';
import { CATALOGUE } from '../../../src/diagnose/catalogue.ts';
import { collect } from '../../../src/diagnose/lines.ts';
import { literalOf, mayMatch } from '../../../src/diagnose/literal.ts';
import { ALL_SAMPLES } from './fixtures.ts';
import { WORDINGS } from './wordings.ts';

const LITERALS: readonly (readonly [RegExp, string])[] = [
  [/Dumping FAILED/, 'Dumping FAILED'],
  [/Can't fork for (?<pid>\d+): File exists/i, "Can't fork for "],
  [/a|b/, ''],
  [/(?:a|b) failed/, ' failed'],
  [/colou?r is wrong/, 'r is wrong'],
  [/x*yes/, 'yes'],
  [/ab+cd/, 'ab'],
  [/ab{2}cde/, 'cde'],
  [/ab{0,3}cde/, 'cde'],
  [/\bexec format error/, 'exec format error'],
  [/page\.img: [^)]+ lost/, 'page.img: '],
  [/\(code (\d+)\) of/, '(code '],
  [/[\]a]xyz/, 'xyz'],
  [/(?<a>(?:b|[)]) c) tail/, ' tail'],
  [/\d+/, ''],
  [/^Killed$/, 'Killed'],
];

test('the longest text that every match holds', (t) => {
  for (const [pattern, literal] of LITERALS) t.is(literalOf(pattern.source), literal, String(pattern));
});

const patterns = CATALOGUE.flatMap(({ match }) => match.map((each) => (each instanceof RegExp ? each : each.line)));

test('no line that a pattern of the catalogue matches is passed over', (t) => {
  let matched = 0;
  for (const log of [...ALL_SAMPLES.map(({ log: its }) => its), ...WORDINGS.map(([, its]) => its)]) {
    for (const { text } of collect(log).lines) {
      for (const pattern of patterns) {
        if (!pattern.test(text)) continue;
        matched += 1;
        t.true(mayMatch(pattern, text.toLowerCase()), `${pattern} passes over ${text}`);
      }
    }
  }
  t.true(matched > 300);
});

test('most patterns have such a text', (t) => {
  t.true(patterns.filter((pattern) => literalOf(pattern.source).length >= 4).length > patterns.length * 0.7);
});
