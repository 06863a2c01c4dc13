// inspect and seccomp as a user calls them, over an engine and a registry that answer as scripted.

import test from 'ava';
import { cli, ENGINE, type Rule } from './cli.ts';

const before = (...rules: Rule[]) => [...rules, ...ENGINE];

const RESTORE_IMAGE = JSON.stringify([
  {
    Id: 'sha256:1',
    Os: 'linux',
    Architecture: 'amd64',
    Size: 7,
    Config: {
      ExposedPorts: { '8080/tcp': {} },
      Labels: {
        'io.github.crac-bake.engine': 'criu',
        'io.github.crac-bake.run': '',
        'io.github.crac-bake.restore-capabilities': 'CHECKPOINT_RESTORE,SETPCAP',
        'io.github.crac-bake.restore-seccomp': 'profile',
        'org.opencontainers.image.base.name': 'app:1',
      },
    },
  },
]);

test('inspect shows a restore image’s labels and how to run it', async (t) => {
  const docker = before({ match: 'image inspect app:crac', stdout: RESTORE_IMAGE });
  const { exitCode, stdout, stderr } = await cli(['inspect', 'app:crac'], { docker });
  t.like({ exitCode, stderr }, { exitCode: 0, stderr: '' });
  t.regex(stdout, /^engine +criu$/m);
  t.regex(stdout, /^base\.name +app:1$/m);
  t.regex(
    stdout,
    /docker run --rm --cap-drop ALL --cap-add CHECKPOINT_RESTORE --cap-add SETPCAP --security-opt seccomp=crac-bake-seccomp\.json -p 8080:8080 app:crac/,
  );
  t.notRegex(stdout, /^run /m);
  const json = await cli(['inspect', 'app:crac', '--json'], { docker });
  t.like(JSON.parse(json.stdout), { image: 'app:crac', id: 'sha256:1', sizeBytes: 7 });
});

/** What `docker buildx imagetools inspect` prints of one image. */
const REMOTE = JSON.stringify({
  digest: 'sha256:2',
  image: { architecture: 'amd64', os: 'linux', config: JSON.parse(RESTORE_IMAGE)[0].Config },
});
const ASKS_REGISTRY = 'buildx imagetools inspect';

test('inspect shows an image of a registry without pulling it', async (t) => {
  const docker = before({ match: ASKS_REGISTRY, stdout: REMOTE });
  const { exitCode, stdout } = await cli(['inspect', 'r.example/app:crac', '--json'], { docker });
  t.is(exitCode, 0);
  t.like(JSON.parse(stdout), { where: 'registry', digest: 'sha256:2', id: null, root: true, ports: [8080] });
});

const refusals: readonly [what: string, answer: object, args: string[], exitCode: number, expected: RegExp][] = [
  [
    'neither here nor there',
    { exitCode: 1, stderr: 'ERROR: r/x:1: not found\n' },
    [],
    2,
    /nor in its registry for this login \[image-not-found/,
  ],
  ['private, without a login', { exitCode: 1, stderr: 'ERROR: failed to authorize: 401 Unauthorized\n' }, [], 2, /image-not-found/],
  [
    'in a registry that is not there',
    { exitCode: 1, stderr: 'ERROR: dial tcp: connection refused\n' },
    [],
    3,
    /its registry does not answer \[registry-unreachable[\s\S]*dial tcp: connection refused\n[\s\S]*docker login/,
  ],
  ['and docker has no buildx', { exitCode: 1, stderr: "docker: 'buildx' is not a docker command.\n" }, [], 2, /plugin buildx/],
  [
    'for other platforms',
    { stdout: JSON.stringify({ digest: 'd', image: { 'linux/arm64': { architecture: 'arm64' } } }) },
    [],
    2,
    /no image for linux\/amd64/,
  ],
  [
    'and none of ours',
    { stdout: JSON.stringify({ digest: 'd', image: { architecture: 'amd64' } }) },
    [],
    2,
    /is not a restore image \[usage/,
  ],
  ['to be checked, in a registry', { stdout: REMOTE }, ['--check'], 2, /need it on the engine[\s\S]*docker pull r\/x:1/],
];

for (const [what, answer, args, exitCode, expected] of refusals) {
  test(`inspect of an image that is ${what}`, async (t) => {
    const run = await cli(['inspect', 'r/x:1', ...args], { docker: before({ match: ASKS_REGISTRY, ...answer }) });
    t.is(run.exitCode, exitCode);
    t.regex(run.stderr, expected);
  });
}

test('inspect of an image of the engine that is none of ours', async (t) => {
  const plain = JSON.stringify([{ Id: 'sha256:1', Os: 'linux', Architecture: 'amd64', Config: {} }]);
  const other = await cli(['inspect', 'redis', '--json'], { docker: before({ match: 'image inspect redis', stdout: plain }) });
  t.is(other.exitCode, 2);
  t.like(JSON.parse(other.stdout), { outcome: 'usage', error: { message: 'redis is not a restore image' } });
});

const answers: readonly [what: string, flag: string, answer: object, exitCode: number, expected: RegExp][] = [
  ['restores here', '--check', { stdout: '{"ok":true,"refusals":[],"gateMs":1.2}' }, 0, /^It restores on this host/],
  [
    'would not restore here, for two reasons',
    '--check',
    { exitCode: 3, stdout: '{"ok":false,"refusals":[{"id":"cpu","cause":"no avx2"},{"id":"memory","cause":"too little"}],"gateMs":1.2}' },
    3,
    /^It would not restore on this host, but start normally:\n {2}cpu: no avx2\n {2}memory: too little$/m,
  ],
  ['is whole', '--verify', {}, 0, /^Every file of the checkpoint/],
  [
    'is damaged',
    '--verify',
    { exitCode: 1, stderr: 'crac-init: pages-1.img of the checkpoint is not what was dumped\n' },
    3,
    /^The checkpoint is damaged:\n {2}pages-1\.img of/,
  ],
];

for (const [what, flag, answer, exitCode, expected] of answers) {
  test(`inspect ${flag} of an image that ${what}`, async (t) => {
    const docker = before(
      { match: 'image inspect app:crac', stdout: RESTORE_IMAGE },
      { match: 'run --name', ...answer },
      { match: 'rm --force' },
    );
    const run = await cli(['inspect', 'app:crac', flag], { docker });
    t.is(run.exitCode, exitCode, run.stderr);
    t.regex(run.stdout, expected);
  });
}

test('inspect --check of an image whose crac-init is older, and of one that does not start', async (t) => {
  for (const [stderr, exitCode, expected] of [
    ['usage: crac-init run | dump\n', 2, /knew no --check/],
    ['docker: Error response from daemon: no such runtime.\n', 3, /no such runtime/],
  ] as const) {
    const docker = before(
      { match: 'image inspect app:crac', stdout: RESTORE_IMAGE },
      { match: 'run --name', exitCode: 2, stderr },
      { match: 'rm --force' },
    );
    const run = await cli(['inspect', 'app:crac', '--check'], { docker });
    t.is(run.exitCode, exitCode);
    t.regex(run.stderr, expected);
  }
});

test('inspect --deploy says where the profile comes from, and what Kubernetes needs', async (t) => {
  const docker = before({ match: 'image inspect app:crac', stdout: RESTORE_IMAGE });
  const { stdout } = await cli(['inspect', 'app:crac', '--deploy'], { docker });
  t.regex(stdout, /npx crac-bake seccomp > crac-bake-seccomp\.json/);
  t.regex(stdout, /security_opt: \["seccomp=crac-bake-seccomp\.json"\]/);
  t.regex(stdout, /localhostProfile: crac-bake-seccomp\.json/);
});

test('a flag of inspect that is misspelt', async (t) => {
  const { exitCode, stderr } = await cli(['inspect', 'app:crac', '--chekc']);
  t.is(exitCode, 2);
  t.regex(stderr, /unknown option '--chekc'\n\(Did you mean --check\?\)\n[\s\S]*crac-bake inspect --help/);
});

test('the seccomp profile is printed: as it is, and for Kubernetes', async (t) => {
  const docker = await cli(['seccomp'], { docker: 'none' });
  t.true(JSON.parse(docker.stdout).syscalls.some((rule: { includes?: object }) => rule.includes !== undefined));
  const kubernetes = await cli(['seccomp', '--for', 'kubernetes', '--capability', 'cap_sys_chroot'], { docker: 'none' });
  const names = (JSON.parse(kubernetes.stdout).syscalls as { names: string[] }[]).flatMap((rule) => rule.names);
  t.true(names.includes('chroot') && !names.includes('mount'));
  t.is((await cli(['seccomp', '--for', 'k8s'])).exitCode, 2);
});
