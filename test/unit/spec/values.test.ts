import test from 'ava';
import { BakeError } from '../../../src/errors.ts';
import type { OptionName } from '../../../src/spec/options.ts';
import { parseOptions, type RawValue } from '../../../src/spec/values.ts';

test('what is not given takes the default of the table, in the units of the code', (t) => {
  t.like(parseOptions({}), {
    context: '.',
    file: undefined,
    'build-args': {},
    tags: [],
    'ready-successes': 1,
    'ready-timeout': 120_000,
    port: undefined,
    'warmup-count': 200,
    'warmup-max-failures': 0,
    trigger: 'auto',
    json: false,
  });
});

const values: readonly [name: OptionName, raw: RawValue, value: unknown][] = [
  ['context', ' app ', 'app'],
  ['context', ['a', 'b'], 'b'],
  ['warmup-count', '0', 0],
  ['ready-successes', '12', 12],
  ['ready-timeout', '500ms', 500],
  ['ready-timeout', '1.5s', 1500],
  ['ready-timeout', '2m', 120_000],
  ['ready-timeout', '1h', 3_600_000],
  ['ready-timeout', '7', 7000],
  ['warmup-max-failures', '5%', 0.05],
  ['warmup-max-failures', '2.5', 0.025],
  ['warmup-max-failures', '100%', 1],
  ['trigger', 'on-refresh', 'on-refresh'],
  ['json', true, true],
  ['json', 'true', true],
  ['json', 'YES', true],
  ['json', '0', false],
  ['tags', 'a:1', ['a:1']],
  ['tags', ['a:1', 'b:2'], ['a:1', 'b:2']],
  ['tags', 'a:1\n\n  b:2\r\n', ['a:1', 'b:2']],
  ['tags', '', []],
  ['labels', ['a=1', 'b=x=y', 'c='], { a: '1', b: 'x=y', c: '' }],
  ['env', ['A=1', 'B'], { A: '1', B: 'from the caller' }],
];

for (const [name, raw, value] of values) {
  test(`--${name} ${JSON.stringify(raw)} is ${JSON.stringify(value)}`, (t) => {
    t.deepEqual(parseOptions({ [name]: raw }, { B: 'from the caller' })[name], value as never);
  });
}

const refused: readonly [name: OptionName, raw: RawValue, message: string][] = [
  ['context', '', '--context takes a value, not ""'],
  ['context', '  ', '--context takes a value, not ""'],
  ['warmup-count', '-1', '--warmup-count takes a whole number of at least 0, not "-1"'],
  ['warmup-count', '1.5', '--warmup-count takes a whole number of at least 0, not "1.5"'],
  ['warmup-count', '1e3', '--warmup-count takes a whole number of at least 0, not "1e3"'],
  ['warmup-concurrency', '0', '--warmup-concurrency takes a whole number of at least 1, not "0"'],
  ['port', '65536', '--port takes a whole number from 1 to 65535, not "65536"'],
  ['port', '0', '--port takes a whole number from 1 to 65535, not "0"'],
  ['ready-timeout', 'soon', '--ready-timeout takes a time such as 500ms, 30s or 2m, not "soon"'],
  ['ready-timeout', '-1s', '--ready-timeout takes a time such as 500ms, 30s or 2m, not "-1s"'],
  ['warmup-max-failures', '101%', '--warmup-max-failures takes a percentage from 0% to 100%, not "101%"'],
  ['warmup-max-failures', 'few', '--warmup-max-failures takes a percentage from 0% to 100%, not "few"'],
  ['trigger', 'never', '--trigger takes one of auto, agent, jcmd, on-refresh, app, none, not "never"'],
  ['json', 'maybe', '--json takes true or false, not "maybe"'],
  ['labels', 'a', '--labels takes NAME=VALUE, not "a"'],
  ['labels', '=a', '--labels takes NAME=VALUE, not "=a"'],
  ['env', 'UNSET', '--env takes NAME=VALUE, or the name of a variable that is set, not "UNSET"'],
];

for (const [name, raw, message] of refused) {
  test(`--${name} ${JSON.stringify(raw)} is refused`, (t) => {
    const error = t.throws(() => parseOptions({ [name]: raw }), { instanceOf: BakeError, message });
    t.like(error, { code: 'usage', step: 'options', exitCode: 2 });
  });
}

test('only --env takes a value from the caller’s environment', (t) => {
  t.throws(() => parseOptions({ labels: ['B'] }, { B: '1' }), { message: '--labels takes NAME=VALUE, not "B"' });
});
