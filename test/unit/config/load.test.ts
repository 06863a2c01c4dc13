import test from 'ava';
import { loadOptions, loadSettings, shownValue } from '../../../src/config/load.ts';
import type { RawValues } from '../../../src/config/settings.ts';
import { BakeError } from '../../../src/errors.ts';
import { memoryFiles } from './memory-files.ts';

interface Given {
  readonly flags?: RawValues;
  readonly environment?: Readonly<Record<string, string>>;
  readonly noConfig?: boolean;
  readonly cwd?: string;
}

function sources(
  content: Readonly<Record<string, string | null>>,
  { flags = {}, environment = {}, noConfig = false, cwd = '/repo/app' }: Given = {},
) {
  return { flags, environment, noConfig, cwd, files: memoryFiles(content) };
}

const REPO = { '/repo/.git/HEAD': '', '/repo/app/Dockerfile': '' };

test('a flag wins over the environment, that over the file, that over the default, and each keeps its source', async (t) => {
  const files = { ...REPO, '/repo/app/crac-bake.yml': 'file: a\ntarget: b\nready-timeout: 3s\nport: 1\n' };
  const given = { flags: { file: 'f' }, environment: { CRAC_BAKE_FILE: 'e', CRAC_BAKE_TARGET: 'e', CRAC_BAKE_PORT: '' } };
  const { options, settings } = await loadSettings(sources(files, given));
  t.like(options, { file: 'f', target: 'e', 'ready-timeout': 3000, port: 1, 'warmup-count': 200 });
  const shown = (['file', 'target', 'ready-timeout', 'port', 'warmup-count'] as const).map((name) => [
    settings[name].source,
    settings[name].where,
  ]);
  t.deepEqual(shown, [
    ['flag', '--file'],
    ['environment', 'CRAC_BAKE_TARGET'],
    ['file', 'crac-bake.yml:3:16'],
    ['file', 'crac-bake.yml:4:7'],
    ['default', ''],
  ]);
});

const found: readonly [title: string, content: Record<string, string>, given: Given, image: string | undefined][] = [
  ['in the folder', { ...REPO, '/repo/app/crac-bake.yml': 'image: here' }, {}, 'here'],
  ['above it', { ...REPO, '/repo/crac-bake.yml': 'image: root' }, {}, 'root'],
  ['the nearest', { ...REPO, '/repo/crac-bake.yml': 'image: root', '/repo/app/crac-bake.yaml': 'image: near' }, {}, 'near'],
  ['not above the git root', { ...REPO, '/crac-bake.yml': 'image: outside' }, {}, undefined],
  [
    'a worktree’s .git is a file',
    { '/repo/.git': 'gitdir: x', '/crac-bake.yml': 'image: outside', '/repo/crac-bake.yml': 'image: root' },
    {},
    'root',
  ],
  ['without git only in the folder itself', { '/repo/crac-bake.yml': 'image: above', '/repo/app/x': '' }, {}, undefined],
  ['without git in the folder itself', { '/repo/app/crac-bake.yml': 'image: here' }, {}, 'here'],
  [
    'in the build context',
    { ...REPO, '/repo/b/crac-bake.yml': 'image: b', '/repo/app/crac-bake.yml': 'image: a' },
    { flags: { context: '../b' } },
    'b',
  ],
  [
    'by name',
    { ...REPO, '/repo/ci/x.yml': 'image: ci', '/repo/app/crac-bake.yml': 'image: a' },
    { flags: { config: '../ci/x.yml' } },
    'ci',
  ],
  ['by the environment', { ...REPO, '/repo/app/x.yml': 'image: x' }, { environment: { CRAC_BAKE_CONFIG: 'x.yml' } }, 'x'],
  ['not where it is forbidden', { ...REPO, '/repo/app/crac-bake.yml': 'image: a' }, { noConfig: true }, undefined],
  [
    'from here for a context elsewhere',
    { ...REPO, '/repo/app/crac-bake.yml': 'image: a' },
    { flags: { context: 'https://x.org/a.git' } },
    'a',
  ],
];

for (const [title, content, given, image] of found) {
  test(`the config file is found ${title}`, async (t) => {
    t.is((await loadSettings(sources(content, given))).options.image, image);
  });
}

test('paths in the file are relative to it', async (t) => {
  const text = [
    'context: .',
    'file: docker/Dockerfile',
    'services: ./compose.yml',
    'env-files: [dev.env, /etc/x.env]',
    'secrets: ["id=a,src=token", "id=b,env=B"]',
    'mounts: ["type=bind,src=./data,dst=/data", "type=volume,src=cache,dst=/cache", "type=tmpfs,dst=/t"]',
  ].join('\n');
  const { options } = await loadSettings(sources({ ...REPO, '/repo/crac-bake.yml': text }));
  t.like(options, { context: '..', file: '../docker/Dockerfile', services: '../compose.yml', 'env-files': ['../dev.env', '/etc/x.env'] });
  t.deepEqual(options.secrets, ['id=a,src=/repo/token', 'id=b,env=B']);
  t.deepEqual(options.mounts, ['type=bind,src=/repo/data,dst=/data', 'type=volume,src=cache,dst=/cache', 'type=tmpfs,dst=/t']);
});

test('paths of flags stay, but those in fields, which docker wants whole', async (t) => {
  const flags = { file: './D', secrets: ['id=a,src=token'], mounts: 'type=bind,source=d,dst=/d' };
  const { options } = await loadSettings(sources(REPO, { flags }));
  t.like(options, { file: './D', secrets: ['id=a,src=/repo/app/token'], mounts: ['type=bind,source=/repo/app/d,dst=/d'] });
});

test('a context of the file that is a URL stays one', async (t) => {
  const { options } = await loadSettings(sources({ ...REPO, '/repo/app/crac-bake.yml': 'context: https://x.org/a.git#main' }));
  t.is(options.context, 'https://x.org/a.git#main');
});

const refused: readonly [
  title: string,
  content: Record<string, string | null>,
  given: Given,
  code: string,
  message: RegExp,
  details?: RegExp,
][] = [
  ['a file that is not there', REPO, { flags: { config: 'no.yml' } }, 'config-invalid', /^no\.yml cannot be read$/, /ENOENT/],
  [
    'a folder in its place',
    { ...REPO, '/repo/app/crac-bake.yml': null },
    {},
    'config-invalid',
    /^crac-bake\.yml cannot be read$/,
    /EISDIR/,
  ],
  [
    'two files',
    { ...REPO, '/repo/app/crac-bake.yml': '', '/repo/app/crac-bake.yaml': '' },
    {},
    'config-invalid',
    /^There are both crac-bake\.yml and crac-bake\.yaml in \/repo\/app; keep one of them$/,
  ],
  [
    'a value that the option cannot take',
    { ...REPO, '/repo/app/crac-bake.yml': 'ready-timeout: soon\n' },
    {},
    'usage',
    /^crac-bake\.yml:1:16: ready-timeout takes a time .+, not "soon"$/,
  ],
  ['the same by a flag', { ...REPO }, { flags: { 'ready-timeout': 'soon' } }, 'usage', /^--ready-timeout takes a time/],
  [
    'an env file that is not there',
    { ...REPO, '/repo/crac-bake.yml': 'env-files: [x.env]' },
    {},
    'usage',
    /^\/repo\/crac-bake\.yml:1:12: env-files: \.\.\/x\.env cannot be read$/,
    /ENOENT/,
  ],
  [
    'an .http file that is not there',
    REPO,
    { flags: { 'warmup-http-files': 'x.http' } },
    'usage',
    /^--warmup-http-files: x\.http cannot be read$/,
  ],
  [
    'a header in the file',
    { ...REPO, '/repo/app/crac-bake.yml': 'warmup-headers: [x]' },
    {},
    'usage',
    /^crac-bake\.yml:1:17: warmup-headers takes/,
  ],
];

for (const [title, content, given, code, message, details] of refused) {
  test(`refused: ${title}`, async (t) => {
    const error = await t.throwsAsync(loadOptions(sources(content, given)), { instanceOf: BakeError });
    t.is(error?.code, code as 'usage');
    t.regex(error?.message ?? '', message);
    t.regex(error?.details ?? '', details ?? /^/);
  });
}

test('env files are read in order, env wins over them, and names alone take the caller’s value', async (t) => {
  const content = { ...REPO, '/repo/app/a.env': 'A=1\nB=1\nC=1\nTOKEN\nNOT_SET\n', '/repo/app/b.env': '# comment\n\nB=2\n  C=2\r\n' };
  const flags = { 'env-files': ['a.env', 'b.env'], env: ['C=3'] };
  const { options } = await loadOptions(sources(content, { flags, environment: { TOKEN: 't' } }));
  t.deepEqual(options.env, { A: '1', B: '2', C: '3', TOKEN: 't' });
});

test('values of env files are taken as they are', async (t) => {
  const content = { ...REPO, '/repo/app/a.env': '\uFEFFA="quoted" # no comment\nB= x \nC=a=b\nD=\n' };
  const { options } = await loadOptions(sources(content, { flags: { 'env-files': 'a.env' } }));
  t.deepEqual(options.env, { A: '"quoted" # no comment', B: ' x ', C: 'a=b', D: '' });
});

for (const text of ['=x', 'A B=secret', 'export A=secret']) {
  test(`a line of an env file that is refused, and not shown: ${text}`, async (t) => {
    const given = { flags: { 'env-files': 'a.env' } };
    const error = await t.throwsAsync(loadOptions(sources({ ...REPO, '/repo/app/a.env': `A=1\n${text}\n` }, given)));
    t.is(error?.message, 'a.env:2: a line is NAME=VALUE, with no blanks in the name');
  });
}

test('requests of .http files get the headers of all requests', async (t) => {
  const content = { ...REPO, '/repo/app/a.http': 'GET /a\n' };
  const flags = { 'warmup-http-files': 'a.http', 'warmup-headers': 'X-A: 1' };
  const { options } = await loadOptions(sources(content, { flags }));
  t.deepEqual(options.httpRequests, [{ method: 'GET', path: '/a', headers: { 'x-a': '1' } }]);
});

test('what may be secret is not shown', async (t) => {
  const flags = {
    env: ['PASSWORD=hunter2'],
    'build-args': ['TOKEN=hunter2'],
    'warmup-headers': ['Authorization: hunter2'],
    'warmup-command': 'k6 --token hunter2',
    labels: ['a=b'],
    'ready-timeout': '1500ms',
  };
  const { options } = await loadSettings(sources(REPO, { flags }));
  const shown = (['env', 'build-args', 'warmup-headers', 'warmup-command', 'labels', 'ready-timeout', 'image'] as const).map((name) =>
    shownValue(name, options),
  );
  t.deepEqual(shown, [{ PASSWORD: '…' }, { TOKEN: '…' }, ['Authorization: …'], 'k6 …', { a: 'b' }, '1.5s', null]);
});
