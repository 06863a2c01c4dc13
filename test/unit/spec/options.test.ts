import test from 'ava';
import { environmentName, OPTIONS, type OptionEntry, type OptionName } from '../../../src/spec/options.ts';
import { parseOptions } from '../../../src/spec/values.ts';

const entries = Object.entries(OPTIONS as Record<string, OptionEntry>);

test('names are lower case with dashes, and each has its own environment variable', (t) => {
  for (const [name] of entries) t.regex(name, /^[a-z]+(-[a-z]+)*$/);
  const variables = entries.map(([name]) => environmentName(name as OptionName));
  t.is(new Set(variables).size, variables.length);
  t.is(environmentName('ready-timeout'), 'CRAC_BAKE_READY_TIMEOUT');
  t.is(environmentName('json'), 'CRAC_BAKE_JSON');
});

test('short flags are unique', (t) => {
  const shorts = entries.flatMap(([, entry]) => entry.short ?? []);
  t.is(new Set(shorts).size, shorts.length);
});

test('choices belong to choices, and their default is one of them', (t) => {
  for (const [name, entry] of entries) {
    t.is(entry.choices !== undefined, entry.type === 'choice', name);
    if (entry.choices !== undefined && entry.default !== undefined) t.true(entry.choices.includes(entry.default), name);
  }
});

test('each help is a line that continues the flag, and each value has a placeholder', (t) => {
  for (const [name, { help, type, placeholder }] of entries) {
    t.false(help.includes('\n'), name);
    t.notRegex(help, /\.$/, name);
    t.is(placeholder !== undefined, type !== 'boolean' && type !== 'choice', name);
  }
});

test('every default is a value of its option', (t) => {
  t.notThrows(() => parseOptions({}));
});
