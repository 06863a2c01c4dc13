import test from 'ava';
import { BakeError } from '../../../src/errors.ts';
import { FILE_OPTIONS, parseConfigFile } from '../../../src/spec/config-file.ts';
import { OPTIONS, type OptionEntry, type OptionName } from '../../../src/spec/options.ts';
import { parseOptions } from '../../../src/spec/values.ts';

const raw = (text: string) => Object.fromEntries([...parseConfigFile(text, 'f.yml')].map(([name, setting]) => [name, setting.raw]));

const understood: readonly [title: string, text: string, expected: object][] = [
  ['nothing', '', {}],
  ['comments alone', '# nothing\n', {}],
  ['an empty document', '---\n', {}],
  ['a text', 'image: shop:1.0\n', { image: 'shop:1.0' }],
  ['a text that looks like a number keeps its digits', 'target: 1.10\n', { target: '1.10' }],
  ['a number', 'port: 8080\n', { port: '8080' }],
  ['a switch', 'warmup-until-settled: true\n', { 'warmup-until-settled': true }],
  ['a time as text and as seconds', 'ready-timeout: 2m\nprove-timeout: 30\n', { 'ready-timeout': '2m', 'prove-timeout': '30' }],
  ['a percentage', 'warmup-max-failures: 5%\n', { 'warmup-max-failures': '5%' }],
  ['a list', 'tags:\n  - a:1\n  - b:1\n', { tags: { items: ['a:1', 'b:1'] } }],
  ['a list on one line', 'tags: [a:1]\n', { tags: { items: ['a:1'] } }],
  [
    'items of more than one line',
    'warmup-requests:\n  - |\n    POST /x {\n    "a": 1}\n',
    { 'warmup-requests': { items: ['POST /x {\n"a": 1}\n'] } },
  ],
  [
    'pairs, with texts, numbers, switches and an empty text',
    'env:\n  A: x\n  B: 1.10\n  C: true\n  D: ""\n  E: "a=b c"\n',
    { env: { items: ['A=x', 'B=1.10', 'C=true', 'D=', 'E=a=b c'] } },
  ],
  ['a name of env alone takes the caller’s value', 'env:\n  TOKEN:\n', { env: { items: ['TOKEN'] } }],
  [
    'Spring’s names',
    'env:\n  spring.datasource.hikari.maximum-pool-size: 3\n',
    { env: { items: ['spring.datasource.hikari.maximum-pool-size=3'] } },
  ],
  ['Windows line ends and a byte order mark', '\uFEFFport: 1\r\nimage: a\r\n', { port: '1', image: 'a' }],
];

for (const [title, text, expected] of understood) {
  test(`a config file is understood: ${title}`, (t) => {
    t.deepEqual(raw(text), expected);
  });
}

const refused: readonly [title: string, text: string, message: RegExp][] = [
  ['a near miss', 'image: a\nredy: tcp:1\n', /^f\.yml:2:1: there is no option redy\. Is ready meant\?$/],
  ['the singular', 'tag: a\n', /^f\.yml:1:1: there is no option tag\. Is tags meant\?$/],
  ['camel case', 'readyTimeout: 3s\n', /^f\.yml:1:1: .* Is ready-timeout meant\?$/],
  ['underscores', 'ready_timeout: 3s\n', /Is ready-timeout meant\?$/],
  ['something else', 'favourite-colour: red\n', /^f\.yml:1:1: there is no option favourite-colour\.$/],
  [
    'nested options',
    'warmup:\n  count: 3\n',
    /^f\.yml:1:1: there is no option warmup\. Options are flat: write warmup-count: at the top level$/,
  ],
  [
    'an option that is indented too far',
    'env:\n  A: b\n  ready-timeout: 3s\n',
    /^f\.yml:3:3: ready-timeout is an option; it belongs to the top level, not under env$/,
  ],
  ['an option of one run', 'json: true\n', /^f\.yml:1:1: json is no key of a config file; give it as a flag: --json$/],
  ['a merge key', 'a: &a {b: 1}\n<<: *a\n', /^f\.yml:1:1: there is no option a\./],
  ['text for a switch', 'warmup-until-settled: yes\n', /^f\.yml:1:23: warmup-until-settled takes true or false, not "yes"$/],
  ['text for a number', 'port: "8080"\n', /^f\.yml:1:7: port takes a whole number, not "8080"$/],
  ['a list for a text', 'image: [a]\n', /^f\.yml:1:8: image takes a text, not a list$/],
  ['nothing for a text', 'image:\n', /^f\.yml:1:\d: image takes a text, not nothing$/],
  ['a text for a list', 'tags: a:1\n', /^f\.yml:1:7: tags takes a list: write "- a:1" on a line of its own$/],
  ['a text for a list of what may be secret', 'warmup-headers: "Authorization: hunter2"\n', /^f\.yml:1:17: warmup-headers takes a list$/],
  ['a map in a list', 'tags:\n  - a: 1\n', /^f\.yml:2:5: tags takes a list of texts, not a map$/],
  ['a list for pairs', 'env:\n  - A=1\n', /^f\.yml:2:3: env takes a map of NAME: VALUE$/],
  ['a map in pairs', 'labels:\n  a:\n    b: 1\n', /^f\.yml:3:5: labels takes texts, not a map$/],
  ['a label without a value', 'labels:\n  a:\n', /^f\.yml:2:3: labels has no value for a; an empty one is written ""$/],
  ['a variable’s name with a blank', 'env:\n  "A B": 1\n', /^f\.yml:2:3: env takes names without blanks/],
  ['a list as the file', '- a\n', /^f\.yml:1:1: the file has to be a map of options/],
  ['a text as the file', 'hello\n', /^f\.yml:1:1: the file has to be a map of options/],
  ['no YAML', 'tags: [a\nimage: b\n', /^f\.yml:2:\d+: /],
  ['a tab', 'env:\n\tA: 1\n', /^f\.yml:2:\d: YAML is indented by blanks; here is a tab$/],
  ['a key that is there twice', 'port: 1\nport: 2\n', /^f\.yml:2:1: this key is there already$/],
  ['two documents', 'port: 1\n---\nport: 2\n', /^f\.yml:\d:\d: the file has to be one document$/],
  ['a tag of YAML that is not known', 'image: !secret x\n', /^f\.yml:1:8: /],
  ['an alias', 'image: &a x\ntarget: *a\n', /^f\.yml:2:9: aliases are not supported$/],
  ['an alias that leads nowhere', 'image: *a\n', /^f\.yml:1:8: /],
  ['a key that is no text', '[a]: 1\n', /^f\.yml:1:1: a key has to be a text$/],
  ['a megabyte', `# ${'x'.repeat(1024 * 1024)}\n`, /^f\.yml is larger than 1 MB$/],
  ['nesting without end', `tags: ${'['.repeat(100_000)}`, /^f\.yml/],
];

for (const [title, text, message] of refused) {
  test(`a config file is refused: ${title}`, (t) => {
    const error = t.throws(() => raw(text), { instanceOf: BakeError });
    t.is(error?.code, 'config-invalid');
    t.is(error?.exitCode, 2);
    t.regex(error?.message ?? '', message);
  });
}

test('a billion laughs are not expanded', (t) => {
  const lines = ['a: &a ["x","x","x","x","x","x","x","x","x"]'];
  for (let letter = 'b'; letter < 'j'; letter = String.fromCharCode(letter.charCodeAt(0) + 1)) {
    const before = String.fromCharCode(letter.charCodeAt(0) - 1);
    lines.push(`${letter}: &${letter} [${Array(9).fill(`*${before}`).join(',')}]`);
  }
  const started = performance.now();
  t.throws(() => raw(lines.join('\n')), { message: /no option a/ });
  t.throws(() => raw(`tags: &a [x]\nlabels: *a\n`), { message: /2:9/ });
  t.true(performance.now() - started < 1000);
});

for (const name of FILE_OPTIONS) {
  test(`${name} can be given in the file`, (t) => {
    const entry: OptionEntry = OPTIONS[name];
    const scalar = entry.choices?.[0] ?? { integer: '99', percent: '3%', duration: '3s', boolean: 'true' }[entry.type as string] ?? 'x';
    const text = { list: '[x]', pairs: '{A: x}', policies: '[{type: pipe, action: close}]' }[entry.type as string] ?? scalar;
    const given = raw(`${name}: ${text}\n`) as Partial<Record<OptionName, string>>;
    t.deepEqual(Object.keys(given), [name]);
    t.notThrows(() => parseOptions(given));
  });
}

test('every key of the file has its place', (t) => {
  const file = parseConfigFile('# first\nport: 1\ntags:\n  - a\n', 'dir/f.yml');
  t.deepEqual(
    [...file].map(([name, { place }]) => [name, place]),
    [
      ['port', 'dir/f.yml:2:7'],
      ['tags', 'dir/f.yml:4:3'],
    ],
  );
});
