import test from 'ava';
import { criuEngine } from '../../../src/engines/criu.ts';
import { BakeError } from '../../../src/errors.ts';
import { runNames } from '../../../src/plan/names.ts';
import {
  buildArguments,
  buildEnvironment,
  commitArguments,
  dumpArguments,
  makePlan,
  type PlannedImage,
  proofArguments,
} from '../../../src/plan/plan.ts';
import type { OptionName } from '../../../src/spec/options.ts';
import { parseOptions, type RawValue } from '../../../src/spec/values.ts';

type Given = Partial<Record<OptionName, RawValue>>;

const names = runNames('0123456789abcdef');

const IMAGE: PlannedImage = {
  entrypoint: ['java', '-jar', '/app.jar'],
  command: [],
  user: '',
  environment: [],
  ports: [8080],
  volumes: [],
  healthCheck: '',
  healthCommand: [],
};

function plan(given: Given = {}, image: Partial<PlannedImage> = {}) {
  return makePlan(parseOptions(given), criuEngine, { ...IMAGE, ...image }, 'app:1', names);
}

/** What an argv grants: the values of a flag. */
function valuesOf(argv: readonly string[], flag: string): string[] {
  return argv.flatMap((word, index) => (argv[index - 1] === flag ? [word] : []));
}

test('names hold the run’s id', (t) => {
  t.deepEqual(names, {
    run: '0123456789abcdef',
    bake: 'crac-bake-01234567-bake',
    helper: 'crac-bake-01234567-helper',
    isolated: 'crac-bake-01234567-isolated',
    facts: 'crac-bake-01234567-facts',
    proof: 'crac-bake-01234567-proof',
    appImage: 'crac-bake-run/01234567:app',
    committedImage: 'crac-bake-run/01234567:committed',
    restoreImage: 'crac-bake-run/01234567:restore',
    temporaryTag: 'crac-bake-run-01234567',
    project: 'crac-bake-01234567',
    check: { bake: 'crac-bake-01234567-check', proof: 'crac-bake-01234567-check-proof', image: 'crac-bake-run/01234567:check' },
  });
});

test('the bake container of a root image: all capabilities dropped but those of the bake, the port on loopback, crac-init as entrypoint', (t) => {
  t.deepEqual(plan().create, [
    ...['create', '--name', 'crac-bake-01234567-bake', '--label', 'io.github.crac-bake.run=0123456789abcdef'],
    ...['--cap-drop', 'ALL', '--cap-add', 'CHECKPOINT_RESTORE', '--cap-add', 'SETPCAP', '--cap-add', 'SYS_PTRACE'],
    ...['--cap-add', 'SYS_ADMIN', '--cap-add', 'SYS_TIME', '--security-opt', 'seccomp=unconfined'],
    ...['--publish', '127.0.0.1::8080', '--entrypoint', '/opt/crac-bake/crac-init', 'app:1', 'run'],
  ]);
});

const privileges: readonly [title: string, given: Given, image: Partial<PlannedImage>, capabilities: readonly string[], user: string[]][] =
  [
    ['root', {}, {}, ['CHECKPOINT_RESTORE', 'SETPCAP', 'SYS_PTRACE', 'SYS_ADMIN', 'SYS_TIME'], []],
    [
      'another user: its container starts as root and changes to it',
      {},
      { user: '1000:1000' },
      ['CHECKPOINT_RESTORE', 'SETPCAP', 'SYS_PTRACE', 'SYS_ADMIN', 'SYS_TIME', 'SETUID', 'SETGID'],
      ['0'],
    ],
    ['root by name', {}, { user: 'root' }, ['CHECKPOINT_RESTORE', 'SETPCAP', 'SYS_PTRACE', 'SYS_ADMIN', 'SYS_TIME'], []],
    ['the host’s clock: no rights over clocks', { clock: 'host' }, {}, ['CHECKPOINT_RESTORE', 'SETPCAP', 'SYS_PTRACE'], []],
    [
      'an entrypoint that changes the user',
      { 'app-capabilities': ['cap_setuid', 'SETGID'], clock: 'host' },
      {},
      ['CHECKPOINT_RESTORE', 'SETPCAP', 'SYS_PTRACE', 'SETUID', 'SETGID'],
      [],
    ],
    [
      'another capability of the app',
      { 'app-capabilities': 'NET_BIND_SERVICE', clock: 'host' },
      {},
      ['CHECKPOINT_RESTORE', 'SETPCAP', 'SYS_PTRACE', 'NET_BIND_SERVICE'],
      [],
    ],
  ];

for (const [title, given, image, capabilities, user] of privileges) {
  test(`the bake container’s privileges for ${title}`, (t) => {
    const { create } = plan(given, image);
    t.deepEqual(valuesOf(create, '--cap-add'), [...capabilities]);
    t.deepEqual(valuesOf(create, '--cap-drop'), ['ALL']);
    t.deepEqual(valuesOf(create, '--user'), user);
    t.false(create.includes('--privileged'));
  });
}

test('a privileged bake says so and nothing else', (t) => {
  const { create } = plan({ privileges: 'privileged' });
  t.true(create.includes('--privileged'));
  t.deepEqual([...valuesOf(create, '--cap-add'), ...valuesOf(create, '--cap-drop')], []);
});

const ports: readonly [title: string, given: Given, image: Partial<PlannedImage>, request: number | undefined, published: number[]][] = [
  ['the exposed one', {}, {}, 8080, [8080]],
  ['--port', { port: '9000' }, {}, 9000, [9000]],
  ['probe and requests on two', { ready: 'http:8081/health', port: '8080' }, {}, 8080, [8081, 8080]],
  ['the probe’s for the requests, too', { ready: 'tcp:6379' }, { ports: [] }, 6379, [6379]],
  ['the exposed one for requests beside a log probe', { ready: 'log:up' }, {}, 8080, [8080]],
  ['none where nothing names one', { ready: 'log:up' }, { ports: [] }, undefined, []],
  ['the first of several exposed ones alone', {}, { ports: [80, 443] }, 80, [80]],
];

for (const [title, given, image, request, published] of ports) {
  test(`published ports: ${title}`, (t) => {
    const { requestPort, create } = plan(given, image);
    t.is(requestPort, request);
    t.deepEqual(
      valuesOf(create, '--publish'),
      published.map((port) => `127.0.0.1::${port}`),
    );
  });
}

test('the run request carries command, user, clock and capabilities, and nothing of it is in an argv', (t) => {
  const { runRequest, create, dump } = plan(
    { env: ['PASSWORD=hunter2'], clock: 'host', cpu: 'native', 'pid-floor': '1000', 'app-capabilities': 'cap_setuid,CAP_SETGID' },
    { command: ['--fast'], user: 'app' },
  );
  t.deepEqual(runRequest, {
    version: 1,
    command: ['java', '-jar', '/app.jar', '--fast'],
    environment: { PASSWORD: 'hunter2', JAVA_TOOL_OPTIONS: '-javaagent:/opt/crac-bake/context.jar -XX:-UsePerfData' },
    user: 'app',
    clock: 'host',
    pidFloor: 1000,
    capabilities: ['SETUID', 'SETGID'],
  });
  t.false(JSON.stringify([create, dump]).includes('hunter2'));
});

test('an app that is held to a CPU baseline: what crac-init is to do about it, and what the agent', (t) => {
  const { runRequest, baseline } = plan({});
  t.is(baseline, 'x86-64-v3');
  t.true(runRequest.cpu?.jvm.includes('-XX:UseAVX=2'));
  t.regex(runRequest.cpu?.glibc ?? '', /^-AVX512F,/);
  t.regex(runRequest.environment.JAVA_TOOL_OPTIONS ?? '', /context\.jar=hide=serialize\+gfni /);
});

test('on another architecture nothing is held back, and a baseline of amd64 is refused', (t) => {
  const { runRequest, baseline } = plan({}, { architecture: 'arm64' });
  t.is(baseline, 'native');
  t.is(runRequest.cpu, undefined);
  t.throws(() => plan({ cpu: 'generic' }, { architecture: 'arm64' }), { message: '--cpu generic is for amd64, the image for arm64' });
});

test('an image with neither entrypoint nor command is refused', (t) => {
  const error = t.throws(() => plan({}, { entrypoint: [] }), { instanceOf: BakeError });
  t.like(error, { code: 'no-entrypoint', message: 'app:1 has neither entrypoint nor command' });
});

const warmUps: readonly [title: string, given: Given, expected: object][] = [
  ['a request to the probe’s path', {}, { kind: 'probe', headers: {} }],
  [
    'the requests named',
    { 'warmup-requests': ['/a', 'POST /b {}'], 'warmup-headers': 'X-Key: 1' },
    {
      kind: 'requests',
      requests: [
        { method: 'GET', path: '/a', headers: { 'x-key': '1' } },
        { method: 'POST', path: '/b', headers: { 'x-key': '1', 'content-type': 'application/json' }, body: '{}' },
      ],
    },
  ],
  [
    'a command before requests',
    { 'warmup-command': "k6 run 'my load.js'", 'warmup-requests': '/a' },
    { kind: 'command', words: ['k6', 'run', 'my load.js'] },
  ],
];

for (const [title, given, expected] of warmUps) {
  test(`the warm-up is ${title}`, (t) => {
    t.deepEqual(plan(given).warmUp as object, expected);
  });
}

for (const [trigger, serving] of [
  ['auto', 'yes'],
  ['agent', 'yes'],
  ['none', 'yes'],
  ['on-refresh', 'no'],
  ['app', 'until-triggered'],
] as const) {
  test(`with the trigger ${trigger} the app serves before the checkpoint: ${serving}`, (t) => {
    t.is(plan({ trigger }).serving, serving);
  });
}

test('the dump: deadlines in ms and criu’s options one by one', (t) => {
  const options = parseOptions({ 'ready-timeout': '2m', 'hooks-timeout': '10s', 'checkpoint-timeout': '500ms' });
  t.deepEqual(dumpArguments('c', 'agent', ['--tcp-close', '--file-locks'], options), [
    ...['exec', '--user', '0', 'c', '/opt/crac-bake/crac-init', 'dump', '--trigger', 'agent', '--trigger-timeout', '120000'],
    ...['--hooks-timeout', '10000', '--dump-timeout', '500', '--criu-option', '--tcp-close', '--criu-option', '--file-locks'],
  ]);
});

const commits: readonly [user: string, change: readonly string[]][] = [
  ['', []],
  ['root', []],
  ['0:0', []],
  ['1000:1000', ['--change', 'USER 1000:1000']],
  ['app', ['--change', 'USER app']],
];

for (const [user, change] of commits) {
  test(`the commit for USER "${user}" ${change.length === 0 ? 'leaves the user alone' : 'sets the user again'}`, (t) => {
    t.deepEqual(commitArguments(names, user, 'LABEL "a"="b"', 'target:1'), [
      ...['commit', '--change', 'ENTRYPOINT ["/opt/crac-bake/crac-init","restore"]', '--change', 'CMD []', ...change],
      ...['--change', 'LABEL "a"="b"', 'crac-bake-01234567-bake', 'target:1'],
    ]);
  });
}

test('the proof runs with exactly the restore’s capabilities and with the fallback off', (t) => {
  t.deepEqual(proofArguments(plan(), ['CHECKPOINT_RESTORE', 'SETPCAP']), [
    ...['run', '--detach', '--name', 'crac-bake-01234567-proof', '--label', 'io.github.crac-bake.run=0123456789abcdef'],
    ...['--cap-drop', 'ALL', '--cap-add', 'CHECKPOINT_RESTORE', '--cap-add', 'SETPCAP', '--security-opt', 'seccomp=unconfined'],
    ...['--publish', '127.0.0.1::8080', '--env', 'CRAC_INIT_RESTORE=require', '--env', 'CRAC_INIT_LOG=1', 'crac-bake-run/01234567:restore'],
  ]);
});

test('docker build: every option in its place, the context last', (t) => {
  const options = parseOptions({ context: 'app', file: 'app/Prod', target: 'run', platform: 'linux/amd64', 'build-args': ['A=1', 'B='] });
  t.deepEqual(buildArguments(options, names, '/tmp/id'), [
    ...['build', '--file', 'app/Prod', '--target', 'run', '--platform', 'linux/amd64', '--build-arg', 'A', '--build-arg', 'B'],
    ...['--progress', 'plain', '--tag', 'crac-bake-run/01234567:app', '--iidfile', '/tmp/id', 'app'],
  ]);
  t.deepEqual(buildArguments(parseOptions({}), names, 'i'), [
    ...['build', '--progress', 'plain', '--tag', 'crac-bake-run/01234567:app', '--iidfile', 'i', '.'],
  ]);
});

test('values of build arguments are in the environment of docker build and not in its argv', (t) => {
  const options = parseOptions({ 'build-args': ['TOKEN=hunter2', 'EMPTY='] });
  t.false(buildArguments(options, names, 'i').join(' ').includes('hunter2'));
  t.deepEqual(buildEnvironment(options), { TOKEN: 'hunter2', EMPTY: '', DOCKER_BUILDKIT: '1' });
});

test('a build argument that would steer docker itself stays in the argv', (t) => {
  const options = parseOptions({ 'build-args': ['PATH=/x', 'DOCKER_HOST=tcp://x', 'DOCKER_BUILDKIT=0', 'HOMEPAGE=y'] });
  t.deepEqual(valuesOf(buildArguments(options, names, 'i'), '--build-arg'), [
    'PATH=/x',
    'DOCKER_HOST=tcp://x',
    'DOCKER_BUILDKIT=0',
    'HOMEPAGE',
  ]);
  t.deepEqual(buildEnvironment(options), { HOMEPAGE: 'y', DOCKER_BUILDKIT: '1' });
});
