import test from 'ava';
import { asInputs, INPUTS, readInputs } from '../../../action/inputs.ts';
import { parseOptions } from '../../../src/spec/values.ts';

const given = (values: Record<string, string>) => readInputs((name) => values[name] ?? '');

test('what is not given, or empty, is absent', (t) => {
  t.deepEqual(given({}), {});
  t.deepEqual(given({ image: '', tags: ' \n ' }), {});
  t.deepEqual(parseOptions(given({})), parseOptions({}));
});

test('lists and pairs are one a line', (t) => {
  const options = parseOptions(
    given({ tags: 'a:1\n  b:2\n\n', env: 'A=1\nB=x=y z\n', 'warmup-requests': 'GET /a\nPOST /b {"c": 1}', 'ready-timeout': '90s' }),
  );
  t.deepEqual(options.tags, ['a:1', 'b:2']);
  t.deepEqual(options.env, { A: '1', B: 'x=y z' });
  t.deepEqual(options['warmup-requests'], ['GET /a', 'POST /b {"c": 1}']);
  t.is(options['ready-timeout'], 90_000);
});

test('options of the command line alone are not asked for', (t) => {
  const asked: string[] = [];
  readInputs((name) => {
    asked.push(name);
    return 'true';
  });
  t.deepEqual(asked, INPUTS as string[]);
  for (const name of ['json', 'verbose', 'dry-run']) t.false(asked.includes(name));
});

for (const [text, expected] of [
  ['--ready-timeout takes a time', '`ready-timeout` takes a time'],
  ['Give --tag NAME:TAG.', 'Give `tags` NAME:TAG.'],
  ['--app-capability SETUID', '`app-capabilities` SETUID'],
  ['lower --warmup-concurrency, or', 'lower `warmup-concurrency`, or'],
  ['Run it again with --verbose', 'Run it again with --verbose'],
  ['docker run --cap-add X a--port b', 'docker run --cap-add X a--port b'],
] as const) {
  test(`in messages flags are inputs: ${text}`, (t) => {
    t.is(asInputs(text), expected);
  });
}
