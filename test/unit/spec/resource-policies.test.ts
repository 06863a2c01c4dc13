import test from 'ava';
import { BakeError } from '../../../src/errors.ts';
import { parseConfigFile } from '../../../src/spec/config-file.ts';
import { parsePolicies, renderPolicies } from '../../../src/spec/resource-policies.ts';
import { parseOptions } from '../../../src/spec/values.ts';

const TEXT = [
  'type: file',
  'path: /var/log/**/*.log',
  'action: reopen',
  '---',
  'type: socket',
  'localPort: *',
  'warn: false',
  'action: close',
  '',
].join('\n');

test('policies of the config file are the JVM’s text in the end', (t) => {
  const yaml = [
    'resource-policies:',
    '  - type: FILE',
    '    path: /var/log/**/*.log',
    '    action: reopen',
    '  - { type: socket, action: Close, localPort: "*", warn: false }',
  ].join('\n');
  const raw = Object.fromEntries([...parseConfigFile(yaml, 'f.yml')].map(([name, { raw }]) => [name, raw]));
  t.is(renderPolicies(parseOptions(raw)['resource-policies']), TEXT);
});

test('a text in the JVM’s format is read with comments, empty lines and types in any case', (t) => {
  const text = '# first\n\ntype: File\naction: close\npath: /a b/{x,y}: z\n---\n---\ntype: pipe\naction: ignore\n---\n';
  t.deepEqual(parsePolicies(text), [
    { type: 'file', action: 'close', settings: { path: '/a b/{x,y}: z' } },
    { type: 'pipe', action: 'ignore', settings: {} },
  ]);
});

test('flags that are repeated are policies one after the other', (t) => {
  const values = parseOptions({ 'resource-policies': ['type: pipe\naction: close', 'type: filedescriptor\nvalue: 7\naction: ignore'] });
  t.deepEqual(
    values['resource-policies'].map(({ type }) => type),
    ['pipe', 'filedescriptor'],
  );
});

test('what is written is what is read, without empty lines, which JDK 17 refuses', (t) => {
  const policies = parsePolicies(TEXT);
  t.true(Array.isArray(policies));
  const written = renderPolicies(policies as never);
  t.deepEqual(parsePolicies(written), policies);
  t.notRegex(written, /^$|\n\n/);
  t.is(renderPolicies([]), '');
});

test('without policies there are none', (t) => {
  t.deepEqual(parseOptions({})['resource-policies'], []);
});

const inFile: readonly [title: string, yaml: string, message: RegExp][] = [
  ['no list', 'resource-policies: x\n', /^f\.yml:1:20: resource-policies takes a list of policies/],
  ['a text in the list', 'resource-policies:\n  - close\n', /^f\.yml:2:5: resource-policies takes maps with type and action, not "close"$/],
  ['nothing in the list', 'resource-policies:\n  -\n', /^f\.yml:\d:\d+: resource-policies takes maps/],
  ['no type', 'resource-policies:\n  - action: close\n', /^f\.yml:2:5: a policy has no type: file, pipe, socket, filedescriptor$/],
  ['no action', 'resource-policies:\n  - type: pipe\n', /^f\.yml:2:11: a policy for a pipe has no action: error, ignore, close$/],
  [
    'another type',
    'resource-policies:\n  - type: folder\n    action: close\n',
    /^f\.yml:2:11: a policy’s type is file, pipe, socket, filedescriptor, not "folder"$/,
  ],
  [
    'another action',
    'resource-policies:\n  - type: file\n    action: drop\n',
    /^f\.yml:3:13: the action for a file is error, ignore, close, reopen, not "drop"$/,
  ],
  [
    'an action that the type has not',
    'resource-policies:\n  - type: pipe\n    action: reopen\n',
    /^f\.yml:3:13: the action for a pipe is error, ignore, close, not "reopen"$/,
  ],
  [
    'a selector of another type',
    'resource-policies:\n  - type: file\n    action: close\n    localPort: 80\n',
    /^f\.yml:4:16: a policy for a file has no localPort\. It takes path, warn\.$/,
  ],
  [
    'a selector with a slip',
    'resource-policies:\n  - type: socket\n    action: close\n    localport: 80\n',
    /^f\.yml:4:16: .* Is localPort meant\?$/,
  ],
  [
    'a port that is none',
    'resource-policies:\n  - type: socket\n    action: close\n    localPort: http\n',
    /^f\.yml:4:16: localPort takes a port or \*, not "http"$/,
  ],
  [
    'a family that is none',
    'resource-policies:\n  - type: socket\n    action: close\n    family: ipx\n',
    /^f\.yml:4:13: family takes ip, ipv4, ipv6 or unix, not "ipx"$/,
  ],
  [
    'a descriptor without number',
    'resource-policies:\n  - type: filedescriptor\n    action: close\n',
    /^f\.yml:2:11: a policy for a filedescriptor needs value or regex$/,
  ],
  [
    'a value of two lines',
    'resource-policies:\n  - type: file\n    action: close\n    path: "a\\nb"\n',
    /^f\.yml:4:11: path takes a text of one line$/,
  ],
  [
    'a map as a value',
    'resource-policies:\n  - type: file\n    action: close\n    path: {a: b}\n',
    /^f\.yml:4:11: path takes a text, not a map$/,
  ],
];

for (const [title, yaml, message] of inFile) {
  test(`policies of a config file are refused with line and column: ${title}`, (t) => {
    const error = t.throws(() => parseConfigFile(yaml, 'f.yml'), { instanceOf: BakeError });
    t.is(error?.code, 'config-invalid');
    t.regex(error?.message ?? '', message);
  });
}

const inText: readonly [title: string, text: string, message: RegExp][] = [
  ['a line without a colon', 'type: pipe\nclose\n', /^--resource-policies, line 2: "close" is no line of the form key: value$/],
  ['a line without a value', 'type:\n', /^--resource-policies, line 1: "type:" is no line/],
  [
    'the second of two',
    'type: pipe\naction: close\n---\ntype: pipe\naction: reopen\n',
    /^--resource-policies, line 5: the action for a pipe/,
  ],
  ['a key that is there twice', 'type: file\naction: close\npath: a\npath: b\n', /^--resource-policies, line 4: path is there twice$/],
];

for (const [title, text, message] of inText) {
  test(`policies of a flag are refused with their line: ${title}`, (t) => {
    const error = t.throws(() => parseOptions({ 'resource-policies': text }), { instanceOf: BakeError });
    t.is(error?.code, 'usage');
    t.regex(error?.message ?? '', message);
  });
}
