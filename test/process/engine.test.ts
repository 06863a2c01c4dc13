import test from 'ava';
import { cli, ENGINE, INFO, type Rule } from './cli.ts';

const DOWN = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n';

const before = (...rules: Rule[]) => [...rules, ...ENGINE];

for (const [title, args] of [
  ['bake', ['bake', '-t', 'app:1']],
  ['rehearse', ['rehearse']],
  ['inspect', ['inspect', 'app:1']],
  ['clean', ['clean']],
  ['doctor', ['doctor']],
  ['a plan of an image', ['bake', '--dry-run', '--image', 'app:1']],
] as const) {
  const stream = title === 'doctor' ? 'stdout' : 'stderr';

  test(`without a docker command ${title} ends with 3 and says what to install`, async (t) => {
    const result = await cli(args, { docker: 'none' });
    t.is(result.exitCode, 3);
    t.regex(result[stream], /There is no docker command/);
    t.regex(result[stream], /Install Docker: https:\/\/docs\.docker\.com/);
    t.notRegex(result.stderr, /clean-up failed|\n\s+at /);
  });

  test(`without a daemon ${title} ends with 3 and says what docker said`, async (t) => {
    const docker = before({ match: 'info', exitCode: 1, stderr: DOWN }, { match: 'image inspect', exitCode: 1, stderr: DOWN });
    const result = await cli(args, { docker });
    t.is(result.exitCode, 3);
    t.regex(result[stream], /No Docker Engine answers[\s\S]*Cannot connect to the Docker daemon/);
  });

  test(`without a daemon ${title} --json prints one document`, async (t) => {
    const docker = before({ match: 'info', exitCode: 1, stderr: DOWN }, { match: 'image inspect', exitCode: 1, stderr: DOWN });
    const { stdout, exitCode } = await cli([...args, '--json'], { docker });
    t.is(exitCode, 3);
    const document = JSON.parse(stdout);
    if (title === 'doctor') t.like(document.checks, [{ what: 'engine', verdict: 'fail' }]);
    else t.like(document, { outcome: 'host', exitCode: 3, error: { code: 'no-engine' } });
  });
}

test('a folder without a Dockerfile: exit code 10 and what to do', async (t) => {
  const { exitCode, stdout, stderr } = await cli(['bake', '-t', 'app:1']);
  t.like({ exitCode, stdout }, { exitCode: 10, stdout: '' });
  t.regex(
    stderr,
    /Error: There is no Dockerfile \[dockerfile-missing, step build\]\nWhat to do: Give the build folder and --file, or --image/,
  );
});

test('a failure with --json: the report on stdout, everything else on stderr', async (t) => {
  const { exitCode, stdout, stderr } = await cli(['bake', '-t', 'app:1', '--json']);
  t.is(exitCode, 10);
  t.like(JSON.parse(stdout), {
    version: 1,
    outcome: 'build',
    exitCode: 10,
    tags: [],
    error: { code: 'dockerfile-missing', step: 'build' },
  });
  t.regex(stderr, /✗ Get the app image/);
});

test('a build that fails: its last lines, harmless for a terminal', async (t) => {
  const docker = before(
    { match: 'build --progress plain --build-arg BASE', hangs: true },
    { match: 'build', exitCode: 1, stderr: '#7 \x1b[31mboom\x1b[0m\n::error::pwned\nERROR: failed to solve\n' },
  );
  const { exitCode, stderr } = await cli(['bake', '-t', 'app:1'], { docker, files: { Dockerfile: 'FROM a\n' } });
  t.is(exitCode, 10);
  t.regex(stderr, /Error: docker build failed \[build-failed, step build\][\s\S]*\| #7 boom\n[\s\S]*\| ERROR: failed to solve/);
  t.notRegex(stderr, /\x1b|^\s*::/m);
});

test('--verbose shows every docker command and what it wrote', async (t) => {
  const { stderr } = await cli(['bake', '-t', 'app:1', '--verbose'], { files: { Dockerfile: 'FROM a\n' } });
  t.regex(stderr, /^\$ docker info --format '\{\{json \.\}\}'$/m);
  t.regex(stderr, /^ {2}\| ERROR: failed to solve$/m);
});

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

test('clean removes what it finds by label, and says what it was', async (t) => {
  const docker = before(
    { match: 'ps', stdout: 'abc 01234567\ndef \n' },
    { match: 'images', stdout: 'crac-bake-run/01234567:app\n' },
    { match: 'rm --force --volumes abc' },
    { match: 'rmi --force crac-bake-run/01234567:app' },
  );
  const said = await cli(['clean'], { docker });
  t.like(said, { exitCode: 0, stderr: '' });
  t.regex(said.stdout, /^Removed 1 containers, 1 images, 0 volumes, 0 networks, \d+ folders\.\n$/);
  const { stdout } = await cli(['clean', '--json'], { docker });
  t.like(JSON.parse(stdout), { removed: { containers: 1, images: 1, volumes: 0, networks: 0 } });
});

for (const [name, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test.serial(`${name} during the build: exit code ${exitCode}, the build ended, the clean-up done`, async (t) => {
    const docker = before({ match: 'build', hangs: true });
    const files = { Dockerfile: 'FROM a\n' };
    const signal = { name, when: '$ docker build' };
    const result = await cli(['bake', '-t', 'app:1', '--json', '--verbose'], { docker, files, signal });
    t.is(result.exitCode, exitCode);
    t.like(JSON.parse(result.stdout), { outcome: 'interrupted', exitCode, tags: [], error: { code: 'interrupted' } });
    t.regex(result.stderr, /\$ docker ps --all[\s\S]*Error: Interrupted/);
  });

  test.serial(`${name} in a command without a report: exit code ${exitCode}, and no stack trace`, async (t) => {
    const docker = before({ match: 'info', delayMs: 700, stdout: INFO });
    const signal = { name, when: '$ docker info' };
    const result = await cli(['doctor', '--json', '--verbose'], { docker, signal });
    t.is(result.exitCode, exitCode);
    t.like(JSON.parse(result.stdout), { outcome: 'interrupted', exitCode });
    t.notRegex(result.stderr, /\n\s+at /);
  });
}

test('a reader that has gone is no stack trace', async (t) => {
  const files = { Dockerfile: 'FROM a\nENTRYPOINT ["x"]\n' };
  for (const args of [
    ['bake', '--help'],
    ['bake', '--dry-run', '--json'],
    ['doctor', '--json'],
  ]) {
    const { stderr, exitCode } = await cli(args, {
      files,
      closeStdout: true,
      ...(args[0] === 'doctor' ? { docker: 'none' as const } : {}),
    });
    t.is(stderr, '', args.join(' '));
    t.is(exitCode, args[0] === 'doctor' ? 3 : 0);
  }
});
