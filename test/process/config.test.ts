import test from 'ava';
import { cli, ENGINE, INFO, type Rule } from './cli.ts';

const DOCKERFILE = 'FROM a\nEXPOSE 80\nENTRYPOINT ["x"]\n';

test('config shows values and sources, and no secrets', async (t) => {
  const files = { 'crac-bake.yml': 'tags: [shop:crac]\nenv:\n  PASSWORD: hunter2\nready-timeout: 10s\n' };
  const { exitCode, stdout, stderr } = await cli(['config', '--ready', 'tcp:80'], { files, env: { CRAC_BAKE_WARMUP_COUNT: '7' } });
  t.like({ exitCode, stderr }, { exitCode: 0, stderr: '' });
  t.regex(stdout, /^Config file: crac-bake\.yml\n/);
  t.regex(stdout, /^tags +shop:crac +crac-bake\.yml:1:7$/m);
  t.regex(stdout, /^env +PASSWORD=… +crac-bake\.yml:3:3$/m);
  t.regex(stdout, /^ready-timeout +10s +crac-bake\.yml:4:16$/m);
  t.regex(stdout, /^ready +tcp:80 +--ready$/m);
  t.regex(stdout, /^warmup-count +7 +CRAC_BAKE_WARMUP_COUNT$/m);
  t.regex(stdout, /^clock +near-zero +default$/m);
  t.false(stdout.includes('hunter2'));
});

test('config as JSON is one document', async (t) => {
  const { exitCode, stdout } = await cli(['config', '--json', '--no-config'], { files: { 'crac-bake.yml': 'nonsense: 1' } });
  t.is(exitCode, 0);
  const { file, options } = JSON.parse(stdout) as { file: string | null; options: { name: string; value: unknown; source: string }[] };
  t.is(file, null);
  t.deepEqual(
    options.find(({ name }) => name === 'warmup-count'),
    { name: 'warmup-count', value: 200, source: 'default', where: '' } as never,
  );
});

test('a bake takes the options of the file, and says where a wrong one stands', async (t) => {
  const good = await cli(['bake', '--dry-run'], {
    files: { Dockerfile: DOCKERFILE, 'crac-bake.yml': 'tags: [shop:crac]\nmemory: 512m\nservices: c.yml\n' },
  });
  t.is(good.exitCode, 0, good.stderr);
  t.regex(good.stdout, /\$ docker compose --project-name crac-bake-00000000 --file c\.yml up --detach/);
  t.regex(good.stdout, /\$ docker create .* --network crac-bake-00000000_default --memory 512m /);
  t.regex(good.stdout, /\$ docker tag crac-bake-run\/00000000:restore shop:crac/);
  for (const args of [['bake'], ['bake', '--dry-run']]) {
    const bad = await cli(args, { files: { Dockerfile: DOCKERFILE, 'crac-bake.yml': 'tags: [shop:crac]\nready: ftp:1\n' } });
    t.is(bad.exitCode, 2);
    t.regex(bad.stderr, /^Error: crac-bake\.yml:2:8: ready takes http:PORT/m);
  }
});

const unreadable: readonly [title: string, text: string, message: RegExp][] = [
  ['a near miss', 'tag: a\n', /crac-bake\.yml:1:1: there is no option tag\. Is tags meant\? \[config-invalid, step options\]/],
  ['a tab', 'env:\n\tA: b\n', /crac-bake\.yml:2:\d: YAML is indented by blanks/],
  ['a key twice', 'port: 1\nport: 2\n', /crac-bake\.yml:2:1: this key is there already/],
];

for (const [title, text, message] of unreadable) {
  test(`exit code 2 and the place for a config file with ${title}`, async (t) => {
    for (const command of ['bake', 'config']) {
      const { exitCode, stdout, stderr } = await cli([command], { files: { 'crac-bake.yml': text } });
      t.like({ exitCode, stdout }, { exitCode: 2, stdout: '' });
      t.regex(stderr, message);
      t.notRegex(stderr, /\n\s+at /);
    }
    const { stdout } = await cli(['bake', '--json'], { files: { 'crac-bake.yml': text } });
    t.like(JSON.parse(stdout), { version: 1, outcome: 'usage', exitCode: 2, error: { code: 'config-invalid' } });
  });
}

test('init writes its files, once', async (t) => {
  const first = await cli(['init'], { files: { Dockerfile: DOCKERFILE } });
  t.like(first, { exitCode: 0, stderr: '' });
  t.regex(first.stdout, /^Wrote crac-bake\.yml\nWrote \.github\/workflows\/crac-bake\.yml\nNext: crac-bake bake\n$/m);
  const again = await cli(['init'], { files: { Dockerfile: DOCKERFILE, 'crac-bake.yml': '' } });
  t.like({ exitCode: again.exitCode, stdout: again.stdout }, { exitCode: 2, stdout: '' });
  t.regex(again.stderr, /There is already crac-bake\.yml[\s\S]*--force/);
  const forced = await cli(['init', '--force', '--json'], { files: { Dockerfile: DOCKERFILE, 'crac-bake.yml': '' } });
  t.deepEqual(JSON.parse(forced.stdout), { version: 1, files: ['crac-bake.yml', '.github/workflows/crac-bake.yml'] });
  t.is((await cli(['init'])).exitCode, 2);
});

test('a secret goes to docker by its place, and env files never show', async (t) => {
  const files = { Dockerfile: DOCKERFILE, 'a.env': 'PASSWORD=hunter2\n', token: 'hunter2' };
  const { exitCode, stdout } = await cli(['bake', '--dry-run', '--env-file', 'a.env', '--secret', 'id=t,src=token'], { files });
  t.is(exitCode, 0);
  t.regex(stdout, /--secret id=t,src=\/\S*\/work\/token /);
  t.false(stdout.includes('hunter2'));
});

test('a bake says which file its options are from', async (t) => {
  const files = { Dockerfile: DOCKERFILE, 'crac-bake.yml': 'tags: [shop:crac]\n' };
  t.is((await cli(['bake', '--dry-run'], { files })).stderr, 'Options of crac-bake.yml\n');
  t.is((await cli(['bake', '--dry-run', '--no-config'], { files })).stderr, '');
});

test('doctor takes the base of the helper image from the file', async (t) => {
  const files = { 'crac-bake.yml': 'criu-base: registry.example.org/debian:testing\n' };
  const { stdout, exitCode } = await cli(['doctor'], { files });
  t.is(exitCode, 3);
  t.regex(stdout, /registry\.example\.org\/debian:testing/);
});

test('clean removes what the services of killed runs left, and no other project', async (t) => {
  const label = 'com.docker.compose.project';
  const lines = (...names: string[]) => names.map((name, index) => `id-${index} ${name}\n`).join('');
  const docker: Rule[] = [
    { match: 'info', stdout: `${INFO}\n` },
    { match: `ps --all --no-trunc --filter label=${label}`, stdout: lines('crac-bake-0123abcd', 'crac-bake-demo', 'shop') },
    { match: `network ls --no-trunc --filter label=${label}`, stdout: lines('shop', 'crac-bake-0123abcd') },
    { match: `volume ls --filter label=${label}`, stdout: lines('crac-bake-0123abcd') },
    { match: 'images --filter reference=crac-bake-*', stdout: 'crac-bake-0123abcd-web:latest\ncrac-bake-demo/app:1\n' },
    { match: 'rm --force --volumes id-0' },
    { match: 'rmi --force crac-bake-0123abcd-web:latest' },
    { match: 'volume rm --force id-0' },
    { match: 'network rm id-1' },
    ...ENGINE,
  ];
  const { exitCode, stdout, stderr } = await cli(['clean'], { docker });
  t.like({ exitCode, stderr }, { exitCode: 0, stderr: '' });
  t.is(stdout, 'Removed 1 containers, 1 images, 1 volumes, 1 networks, 0 folders.\n');
});
