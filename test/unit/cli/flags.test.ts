import test from 'ava';
import { Command } from 'commander';
import { addOptions, flagValues, forbidsConfig, misspeltVariables } from '../../../src/cli/flags.ts';
import { environmentValues, rawOf, settle } from '../../../src/config/settings.ts';
import { OPTIONS, type OptionEntry, type OptionName } from '../../../src/spec/options.ts';
import { parseOptions } from '../../../src/spec/values.ts';

function raw(argv: readonly string[], environment: Record<string, string> = {}) {
  const command = addOptions(new Command('bake').exitOverride().configureOutput({ writeErr: () => {} }));
  command.parse([...argv], { from: 'user' });
  return rawOf(settle(flagValues(command), environmentValues(environment), undefined, '/work'));
}

const given: readonly [title: string, argv: string[], environment: Record<string, string>, expected: object][] = [
  ['nothing', [], {}, {}],
  ['a flag', ['--file', 'F'], {}, { file: 'F' }],
  ['a short flag', ['-f', 'F'], {}, { file: 'F' }],
  ['a flag with an equals sign', ['--file=F'], {}, { file: 'F' }],
  ['a switch', ['--json'], {}, { json: true }],
  ['the last of two', ['--file', 'F', '--file', 'G'], {}, { file: 'G' }],
  ['a list, repeated', ['--tag', 'a', '-t', 'b'], {}, { tags: ['a', 'b'] }],
  ['a list in the plural', ['--tags', 'a\nb'], {}, { tags: ['a\nb'] }],
  ['a list in both spellings', ['--tags', 'b', '--tag', 'a'], {}, { tags: ['b', 'a'] }],
  ['pairs', ['--env', 'A=1', '--env', 'B=2'], {}, { env: ['A=1', 'B=2'] }],
  ['an empty value', ['--file', ''], {}, { file: '' }],
  ['a variable', [], { CRAC_BAKE_FILE: 'F' }, { file: 'F' }],
  ['a variable for a switch', [], { CRAC_BAKE_JSON: 'true' }, { json: 'true' }],
  ['a variable for a list', [], { CRAC_BAKE_TAGS: 'a\nb' }, { tags: 'a\nb' }],
  ['an empty variable is none', [], { CRAC_BAKE_FILE: '' }, {}],
  ['a flag before its variable', ['--file', 'F'], { CRAC_BAKE_FILE: 'G' }, { file: 'F' }],
  ['a list flag in place of its variable', ['--tag', 'a'], { CRAC_BAKE_TAGS: 'b' }, { tags: ['a'] }],
];

for (const [title, argv, environment, expected] of given) {
  test(`raw values: ${title}`, (t) => {
    t.deepEqual(raw(argv, environment) as object, expected);
  });
}

for (const [name, entry] of Object.entries(OPTIONS as Record<string, OptionEntry>)) {
  test(`--${name} is a flag`, (t) => {
    const text =
      entry.choices?.[0] ??
      { integer: '99', percent: '3%', duration: '3s', pairs: 'A=1', policies: 'type: pipe\naction: close' }[entry.type as string] ??
      'x';
    const values = raw(entry.type === 'boolean' ? [`--${name}`] : [`--${name}`, text]);
    t.deepEqual(Object.keys(values), [name]);
    t.notThrows(() => parseOptions(values));
    t.notDeepEqual(parseOptions(values)[name as OptionName], undefined);
  });
}

test('an unknown flag is refused, with the one that is meant', (t) => {
  t.throws(() => raw(['--redy', 'x']), { message: /unknown option '--redy'/ });
  t.throws(() => raw(['--tag']), { message: /argument missing/ });
});

const variables: readonly [name: string, warning: string | undefined][] = [
  ['CRAC_BAKE_READY', undefined],
  ['CRAC_BAKE_NO_ENGINE_SETUP', undefined],
  ['CRAC_BAKE_DEBIAN_MIRROR', undefined],
  ['CRAC_BAKE_TEST_OFFSET', undefined],
  ['CRAC_BAKE_URL', undefined],
  ['PATH', undefined],
  ['CRAC_BAKE_REDY', 'CRAC_BAKE_REDY is set, but there is no such option. Is CRAC_BAKE_READY meant?'],
  ['CRAC_BAKE_TAG', 'CRAC_BAKE_TAG is set, but there is no such option. Is CRAC_BAKE_TAGS meant?'],
  ['CRAC_BAKE_WARMUP_REQUEST', 'CRAC_BAKE_WARMUP_REQUEST is set, but there is no such option. Is CRAC_BAKE_WARMUP_REQUESTS meant?'],
  ['CRAC_BAKE_SOMETHING_ELSE', 'CRAC_BAKE_SOMETHING_ELSE is set, but there is no such option.'],
];

for (const [name, warning] of variables) {
  test(`the variable ${name} is ${warning === undefined ? 'fine' : 'warned of'}`, (t) => {
    t.deepEqual(misspeltVariables({ [name]: 'secret' }), warning === undefined ? [] : [warning]);
  });
}

test('a switch can be unset, and so can the config file', (t) => {
  t.deepEqual(raw(['--no-warmup-until-settled'], { CRAC_BAKE_WARMUP_UNTIL_SETTLED: 'true' }) as object, { 'warmup-until-settled': false });
  const parse = (...argv: string[]) => addOptions(new Command('bake')).parse(argv, { from: 'user' });
  t.true(forbidsConfig(parse('--no-config')));
  t.deepEqual(flagValues(parse('--no-config')), {});
  t.false(forbidsConfig(parse('--config', 'a.yml')));
  t.false(forbidsConfig(parse()));
});
