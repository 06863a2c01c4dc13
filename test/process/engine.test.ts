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
