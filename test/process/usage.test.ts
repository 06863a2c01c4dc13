import test from 'ava';
import { OPTIONS } from '../../src/spec/options.ts';
import { cli, ENGINE, nodes } from './cli.ts';

for (const { path, version } of nodes()) {
  test(`on Node ${version} help, version, a plan and a failure come out as they should`, async (t) => {
    const help = await cli(['--help'], { node: path });
    t.like(help, { exitCode: 0, stderr: '' });
    t.regex(help.stdout, /^Usage: crac-bake/);
    const own = await cli(['--version'], { node: path });
    t.like(own, { exitCode: 0, stderr: '' });
    t.regex(own.stdout, /^\d+\.\d+\.\d+\n$/);
    const files = { Dockerfile: 'FROM a\nEXPOSE 80\nENTRYPOINT ["x"]\n' };
    const plan = await cli(['bake', '--dry-run', '--tag', 'app:1'], { node: path, files });
    t.like(plan, { exitCode: 0, stderr: '' });
    t.regex(plan.stdout, /\$ docker create --name crac-bake-00000000-bake/);
    t.is((await cli(['bake', '--tag', 'app:1'], { node: path })).exitCode, 10);
  });
}

test('the help of bake names every option once, --no-config and --help', async (t) => {
  const { stdout, exitCode } = await cli(['bake', '--help']);
  t.is(exitCode, 0);
  const flags = [...stdout.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, name]) => name);
  t.is(flags.length, Object.keys(OPTIONS).length + 2);
  t.is(new Set(flags).size, flags.length);
});

test('without a command there is the help, on stderr, and exit code 2', async (t) => {
  const { exitCode, stdout, stderr } = await cli([]);
  t.like({ exitCode, stdout }, { exitCode: 2, stdout: '' });
  t.regex(stderr, /^Usage: crac-bake .*\n[\s\S]*bake [\s\S]*inspect [\s\S]*clean [\s\S]*doctor /);
});

const wrong: readonly [title: string, args: string[], stderr: RegExp][] = [
  ['an unknown command, with the one that is meant', ['bkae'], /unknown command 'bkae'[\s\S]*bake/],
  ['an unknown option, with the one that is meant', ['bake', '--redy', 'x'], /unknown option '--redy'[\s\S]*--ready/],
  ['an unknown option of another command', ['clean', '--jsno'], /unknown option '--jsno'/],
  ['an option without its value', ['bake', '--tag'], /'-t, --tag <NAME:TAG>' argument missing/],
  ['a second context', ['bake', 'a', 'b'], /too many arguments/],
  ['a context given in both ways', ['bake', 'a', '--context', 'b', '-t', 'x'], /The build context is given twice/],
  ['no image to inspect', ['inspect'], /missing required argument 'image'/],
  ['no tag', ['bake'], /There is no tag for the restore image[\s\S]*Give --tag NAME:TAG/],
  ['an invalid tag', ['bake', '--tag', 'App:1'], /"App:1" is not a valid tag \[invalid-tag, step options\]/],
  ['text that is empty', ['bake', '--file', ''], /--file takes a value, not ""/],
  ['no whole number', ['bake', '--warmup-count', 'many'], /--warmup-count takes a whole number of at least 0, not "many"/],
  ['a number that is too small', ['bake', '--warmup-concurrency', '0'], /--warmup-concurrency takes a whole number of at least 1/],
  ['no percentage', ['bake', '--warmup-max-failures', '200%'], /--warmup-max-failures takes a percentage/],
  ['no time', ['bake', '--ready-timeout', 'soon'], /--ready-timeout takes a time such as/],
  ['no pair', ['bake', '--build-arg', 'NAME'], /--build-args takes NAME=VALUE, not "NAME"/],
  ['the name of a variable that is not set', ['bake', '--env', 'NOT_SET'], /--env takes NAME=VALUE, or the name of a variable that is set/],
  ['none of the choices', ['bake', '--trigger', 'now'], /--trigger takes one of auto, agent, jcmd, on-refresh, app, none, not "now"/],
  ['no probe', ['bake', '-t', 'x', '--ready', 'ftp:1'], /--ready takes http:PORT\/PATH/],
  ['no status', ['bake', '-t', 'x', '--ready', 'http:1/', '--ready-status', 'ok'], /--ready-status takes/],
  ['no request', ['bake', '-t', 'x', '--warmup-request', 'x'], /--warmup-requests takes/],
  ['no header', ['bake', '-t', 'x', '--warmup-header', 'x'], /--warmup-headers takes/],
];

for (const [title, args, message] of wrong) {
  test(`exit code 2, a message on stderr and nothing on stdout for ${title}`, async (t) => {
    const { exitCode, stdout, stderr } = await cli(args);
    t.like({ exitCode, stdout }, { exitCode: 2, stdout: '' });
    t.regex(stderr, message);
    t.notRegex(stderr, /\n\s+at /);
  });
}

test('a switch that a variable sets to nonsense', async (t) => {
  const { exitCode, stderr } = await cli(['bake'], { env: { CRAC_BAKE_DRY_RUN: 'maybe' } });
  t.is(exitCode, 2);
  t.regex(stderr, /--dry-run takes true or false, not "maybe"/);
});

for (const [title, args, env] of [
  ['an unknown option', ['bake', '--redy', '--json'], {}],
  ['an unknown command', ['bkae', '--json'], {}],
  ['a wrong value', ['bake', '--json', '--warmup-count', 'many'], {}],
  ['a wrong value, JSON by variable', ['bake', '--warmup-count', 'many'], { CRAC_BAKE_JSON: 'true' }],
  ['an invalid tag', ['bake', '--json', '--tag', 'App'], {}],
] as const) {
  test(`with --json one document on stdout tells of ${title}`, async (t) => {
    const { exitCode, stdout } = await cli(args, { env });
    t.is(exitCode, 2);
    t.like(JSON.parse(stdout), { version: 1, outcome: 'usage', exitCode: 2, error: { step: 'options' } });
  });
}

test('a push from a run that a stranger may have started is refused before anything is done, unless told', async (t) => {
  const env = { GITHUB_EVENT_NAME: 'pull_request_target' };
  const refused = await cli(['bake', '--json', '--tag', 'x', '--push'], { env });
  t.like(JSON.parse(refused.stdout), { exitCode: 2, error: { code: 'push-untrusted' } });
  const told = await cli(['bake', '--json', '--tag', 'x', '--push', '--push-untrusted'], { env });
  t.not((JSON.parse(told.stdout) as { error: { code: string } }).error.code, 'push-untrusted');
});

test('flags win over variables, and those of the wrong name are warned of', async (t) => {
  const files = { Dockerfile: 'FROM a\nENTRYPOINT ["x"]\n' };
  const env = { CRAC_BAKE_READY: 'tcp:1', CRAC_BAKE_PORT: '7', CRAC_BAKE_TAG: 'secret' };
  const { exitCode, stdout, stderr } = await cli(['bake', '--dry-run', '--ready', 'tcp:2'], { files, env });
  t.is(exitCode, 0);
  t.regex(stdout, /--publish 127\.0\.0\.1::2 --publish 127\.0\.0\.1::7/);
  t.is(stderr, '! CRAC_BAKE_TAG is set, but there is no such option. Is CRAC_BAKE_TAGS meant?\n');
});

test('a plan does not show the values of build arguments', async (t) => {
  const files = { Dockerfile: 'FROM a\nENTRYPOINT ["x"]\n' };
  const { stdout } = await cli(['bake', '--dry-run', '--build-arg', 'TOKEN=hunter2', '--env', 'A=hunter2'], { files });
  t.regex(stdout, /--build-arg TOKEN /);
  t.false(stdout.includes('hunter2'));
});

test('a plan as JSON is one document', async (t) => {
  const files = { Dockerfile: 'FROM a\nENTRYPOINT ["x"]\n' };
  const { exitCode, stdout, stderr } = await cli(['bake', '--dry-run', '--json', '-t', 'a:1'], { files, docker: ENGINE });
  t.like({ exitCode, stderr }, { exitCode: 0, stderr: '' });
  const { steps } = JSON.parse(stdout) as { steps: { step: string; commands: string[][] }[] };
  t.deepEqual(steps.at(-1)?.commands, [['docker', 'tag', 'crac-bake-run/00000000:restore', 'a:1']]);
});
