// What stands around the app at its bake: services, environment, secrets, networks, mounts, limits; and other ways to say that it is ready and to warm it up.
// The apps check at their start that they find what was given, and end where they do not.

import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { bake, bakeWell, crac } from './support/cli.ts';
import { docker, runRestored, untilAnswers } from './support/engine.ts';
import { leavingNothing } from './support/host-state.ts';

const TAG = 'crac-bake-it/surroundings:crac';

test.afterEach.always(async () => {
  await docker('rmi', '--force', TAG);
});

/** Bakes in a folder with these files, leaves nothing behind but the tag, and gives the report to `look`. */
async function inFolder<T>(files: Readonly<Record<string, string>>, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'surroundings-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A Dockerfile whose app runs these shell commands first; the first that fails ends it. */
function tinyThatChecks(...checks: readonly string[]): string {
  return `FROM crac-bake-test/tiny:app\nENTRYPOINT ${JSON.stringify(['sh', '-ec', [...checks, 'exec perl /server.pl'].join('\n')])}\n`;
}

async function restores(t: ExecutionContext, path = '/') {
  const container = await runRestored(TAG);
  try {
    const body = await untilAnswers(container, path);
    t.regex(await container.logs(), /^crac-init: restored pid \d+/m);
    return body;
  } finally {
    await container.remove();
  }
}

/** A check of a value that does not hold the value, for checks are shown. */
function is(what: string, value: string): string {
  return `test "$(printf %s "${what}" | sha256sum)" = "${createHash('sha256').update(value).digest('hex')}  -"`;
}

const REDIS = 'crac-bake-test/redis:app';

const COMPOSE = `
services:
  cache:
    image: ${REDIS}
    volumes: [data:/data]
    healthcheck: {test: [CMD, redis-cli, ping], interval: 1s, retries: 20}
  migration:
    image: crac-bake-test/tiny:app
    entrypoint: [perl, -e, "exit 0"]
    depends_on:
      cache: {condition: service_healthy}
volumes:
  data:
`;

const PING = `perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new("cache:6379") or die "no cache: $@\\n"; print $s "PING\\r\\n"; exit(<$s> !~ /PONG/)'`;

test.serial('an app finds its services at its start, and nothing of them is left', async (t) => {
  const files = {
    Dockerfile: tinyThatChecks(PING),
    'compose.yml': COMPOSE,
    'crac-bake.yml': `context: .\ntags: [${TAG}]\nservices: compose.yml\n`,
  };
  await inFolder(files, async (folder) => {
    const report = await leavingNothing(t, () => bakeWell([], { cwd: folder }), { results: [TAG] });
    t.is(report.steps.find(({ step }) => step === 'services')?.detail, 'cache, migration up');
    t.deepEqual(report.warnings, []);
  });
  t.regex(await restores(t), /^hello \d+/);
});

test.serial('a connection to a service that is open at the dump is named by the service', async (t) => {
  await inFolder({ 'compose.yml': COMPOSE }, async (folder) => {
    const options = ['--image', 'crac-bake-test/plain-http:app', '--tag', TAG, '--services', 'compose.yml'];
    const report = await bakeWell([...options, '--warmup-request', '/connect?to=cache:6379', '--warmup-count', '1'], { cwd: folder });
    t.true(
      report.warnings.some((line) => /^A connection to .*:6379 \(service cache\) was open at the checkpoint/.test(line)),
      report.warnings.join('\n'),
    );
  });
});

const bad: readonly [title: string, compose: string, more: string[], expected: object, message: RegExp, log: RegExp][] = [
  [
    'a service that never is healthy (long)',
    `services:\n  db:\n    image: ${REDIS}\n    healthcheck: {test: [CMD, "false"], interval: 1s, retries: 100}\n`,
    ['--service-timeout', '4s'],
    { code: 'service-not-healthy', step: 'services' },
    /^The service db was not healthy after 4 s: starting$/,
    /Ready to accept connections/,
  ],
  [
    'a service that another one waits for in vain (long)',
    `services:\n  db:\n    image: ${REDIS}\n    healthcheck: {test: [CMD, "false"], interval: 1s, retries: 2}\n  web:\n    image: ${REDIS}\n    depends_on: {db: {condition: service_healthy}}\n`,
    [],
    { code: 'service-not-healthy', step: 'services' },
    /^The service db did not become healthy: unhealthy$/,
    /Ready to accept connections/,
  ],
  [
    'a service that ends',
    'services:\n  db:\n    image: crac-bake-test/tiny:app\n    entrypoint: [sh, -c, "echo out of luck; exit 3"]\n',
    [],
    { code: 'service-not-healthy', step: 'services' },
    /^The service db ended with exit code 3$/,
    /^out of luck$/m,
  ],
  [
    'a Compose file that is none',
    'services: [\n',
    [],
    { code: 'services-failed', step: 'services' },
    /^The services of compose\.yml could not be started$/,
    /yaml/,
  ],
  [
    'a Compose file that is not there',
    '',
    ['--services', 'no.yml'],
    { code: 'services-failed', step: 'services' },
    /^The services of no\.yml/,
    /no\.yml/,
  ],
];

for (const [title, compose, more, expected, message, log] of bad) {
  test.serial(`bad input: ${title}`, async (t) => {
    await inFolder({ 'compose.yml': compose }, async (folder) => {
      const args = ['--image', 'crac-bake-test/tiny:app', '--tag', TAG, '--services', 'compose.yml', ...more];
      const { exitCode, report, stderr } = await leavingNothing(t, () => bake(args, { cwd: folder }));
      t.is(exitCode, 11, stderr);
      t.like(report.error, expected);
      t.regex(report.error?.message ?? '', message);
      t.regex(report.error?.log.join('\n') ?? '', log);
    });
  });
}

test.serial('an interruption while a service is awaited leaves nothing', async (t) => {
  const compose = `services:\n  db:\n    image: ${REDIS}\n    healthcheck: {test: [CMD, "false"], interval: 1s, retries: 100}\n`;
  await inFolder({ 'compose.yml': compose }, async (folder) => {
    let sent = false;
    const onLine = (line: string) => {
      if (sent || !/db: starting/.test(line)) return undefined;
      sent = true;
      return 'SIGINT' as const;
    };
    const args = ['--image', 'crac-bake-test/tiny:app', '--tag', TAG, '--services', 'compose.yml'];
    const { exitCode } = await leavingNothing(t, () => bake(args, { cwd: folder, onLine }));
    t.is(exitCode, 130);
  });
});

test.serial('environment, secrets, names, mounts and limits reach the app, and no value of them an argument', async (t) => {
  const volume = 'crac-bake-it-surroundings';
  const config = [
    'context: app',
    `tags: [${TAG}]`,
    'env-files: [bake.env]',
    'env: {APP_FROM_CONFIG: hunter3}',
    'secrets: ["id=token,src=token.txt", "id=other,env=OTHER_TOKEN"]',
    'add-hosts: ["db.internal:10.9.8.7"]',
    `mounts: ["type=bind,src=config,dst=/config,readonly", "type=volume,src=${volume},dst=/cache", "type=tmpfs,dst=/scratch"]`,
    'memory: 96m',
    'cpus: 0.5',
  ];
  const checks = [
    is('$APP_STAMP', 'hunter2'),
    is('$APP_FROM_CONFIG', 'hunter3'),
    'test "$(cat /config/app.conf)" = mounted',
    'getent hosts db.internal | grep -q "^10.9.8.7 "',
    'test "$(stat -f -c %T /scratch)" = tmpfs',
    'touch /cache/used',
    'test "$(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null)" = 100663296',
  ];
  const secret = is('$(cat /run/secrets/token /run/secrets/other)', 'hunter4hunter5');
  const secrets = `RUN --mount=type=secret,id=token --mount=type=secret,id=other ${secret}\n`;
  const files = {
    'app/Dockerfile': tinyThatChecks(...checks).replace('ENTRYPOINT', `${secrets}ENTRYPOINT`),
    'bake.env': '# for the bake\nAPP_STAMP=hunter2\n',
    'token.txt': 'hunter4',
    'config/app.conf': 'mounted',
    'crac-bake.yml': config.join('\n'),
  };
  await inFolder(files, async (folder) => {
    const env = { OTHER_TOKEN: 'hunter5' };
    const { exitCode, report, stderr } = await leavingNothing(t, () => bake(['--verbose'], { cwd: folder, env }), { results: [TAG] });
    t.is(exitCode, 0, stderr);
    for (const value of ['hunter2', 'hunter3', 'hunter4', 'hunter5']) t.false(stderr.includes(value), value);
    const proof = stderr.split('\n').find((line) => line.startsWith('$ docker run --detach ')) ?? '';
    t.regex(
      proof,
      /--add-host db\.internal:10\.9\.8\.7 --mount type=bind,src=\/\S+\/config,dst=\/config,readonly .* --memory 96m --cpus 0\.5 /,
    );
    t.is(report.warnings.filter((line) => line.startsWith('What the app reads from the mount')).length, 3);
    t.regex(report.runWith?.docker ?? '', / --memory 96m --cpus 0\.5 /);
  });
  const found = await docker('run', '--rm', '--entrypoint', 'ls', TAG, '-A', '/config', '/cache');
  t.notRegex(found, /app\.conf|used/);
});

test.serial('on a network that exists the app finds its neighbours by name', async (t) => {
  const network = 'crac-bake-it-network';
  await docker('network', 'create', network);
  const neighbour = await docker(
    'run',
    '--detach',
    '--network',
    network,
    '--name',
    'crac-bake-it-cache',
    '--network-alias',
    'cache',
    REDIS,
  );
  try {
    await inFolder({ Dockerfile: tinyThatChecks(`for i in 1 2 3 4 5 6 7 8 9; do ${PING} && break; sleep 0.3; done`) }, async (folder) => {
      await leavingNothing(t, () => bakeWell([folder, '--tag', TAG, '--network', network]), { results: [TAG] });
    });
    t.regex(await restores(t), /^hello \d+/);
  } finally {
    await docker('rm', '--force', '--volumes', neighbour);
    await docker('network', 'rm', network);
  }
});

test.serial('a network that does not exist is told before anything is built', async (t) => {
  const { exitCode, report } = await leavingNothing(t, () =>
    bake(['--image', 'crac-bake-test/tiny:app', '--tag', TAG, '--network', 'crac-bake-it-no-network']),
  );
  t.is(exitCode, 2);
  t.like(report.error, { code: 'network-not-found', message: 'The engine has no network crac-bake-it-no-network' });
});

test.serial('a network that publishes no ports is told', async (t) => {
  const network = 'crac-bake-it-internal';
  await docker('network', 'create', '--internal', network);
  try {
    const { exitCode, report } = await leavingNothing(t, () =>
      bake(['--image', 'crac-bake-test/tiny:app', '--tag', TAG, '--network', network]),
    );
    t.is(exitCode, 11);
    t.like(report.error, { code: 'start-failed', message: 'The engine published none of the container’s ports' });
    t.regex(report.error?.remedy ?? '', /internal/);
  } finally {
    await docker('network', 'rm', network);
  }
});

test.serial('on the host’s network the app is asked on its own port', async (t) => {
  const options = [
    '--image',
    'crac-bake-test/tiny:app',
    '--tag',
    TAG,
    '--network',
    'host',
    '--env',
    'APP_PORT=18199',
    '--ready',
    'http:18199/',
  ];
  const report = await leavingNothing(t, () => bakeWell(options), { results: [TAG] });
  t.is(report.firstResponse?.request, 'http:18199/');
});

test.serial('without a network a program in the container says that it is ready', async (t) => {
  const ready = `exec:perl -MIO::Socket::INET -e "exit !IO::Socket::INET->new('127.0.0.1:8080')"`;
  const report = await leavingNothing(
    t,
    () => bakeWell(['--image', 'crac-bake-test/tiny:nonroot', '--tag', TAG, '--network', 'none', '--ready', ready]),
    {
      results: [TAG],
    },
  );
  t.is(report.firstResponse?.request, 'exec:perl');
  t.truthy(report.firstResponse?.restoredMs);
  t.regex(await restores(t), /^hello \d+/);
});

test.serial('the image’s own health check says that it is ready', async (t) => {
  const check = ['CMD', 'perl', '-MIO::Socket::INET', '-e', 'exit !IO::Socket::INET->new("127.0.0.1:8080")'];
  const dockerfile = `FROM crac-bake-test/tiny:app\nHEALTHCHECK --interval=1h CMD ${JSON.stringify(check.slice(1))}\n`;
  await inFolder({ Dockerfile: dockerfile }, async (folder) => {
    const report = await bakeWell([folder, '--tag', TAG, '--ready', 'health']);
    t.is(report.firstResponse?.request, 'health');
  });
  t.regex(await docker('image', 'inspect', '--format', '{{json .Config.Healthcheck}}', TAG), /"Interval":3600000000000/);
});

test.serial('a health check that fails is told with what it said', async (t) => {
  await inFolder({ Dockerfile: 'FROM crac-bake-test/tiny:app\nHEALTHCHECK CMD echo still cold; exit 1\n' }, async (folder) => {
    const { exitCode, report } = await bake([folder, '--tag', TAG, '--ready', 'health', '--ready-timeout', '1s']);
    t.is(exitCode, 12);
    t.regex(report.error?.details ?? '', /^health: \/bin\/sh ended with 1: still cold/);
  });
});

test.serial('requests of an .http file warm the app up until the latency has settled', async (t) => {
  const requests =
    '@base = http://localhost:8080\n\n### Greeting\nGET {{base}}/\nX-Test: 1\n\n### Facts\n# @name facts\nGET {{unknown}}/info\n\n> {%\n  client.test("ok", function () {});\n%}\n';
  await inFolder({ 'app.http': requests }, async (folder) => {
    const options = ['--image', 'crac-bake-test/plain-http:app', '--tag', TAG, '--warmup-http-file', 'app.http', '--warmup-count', '50'];
    const report = await bakeWell([...options, '--warmup-until-settled', '--warmup-max-count', '1000'], { cwd: folder });
    const { warmUp } = report;
    if (warmUp === null || !('sent' in warmUp)) return t.fail('no requests were sent');
    t.true(warmUp.sent >= 100 && warmUp.sent <= 2000, `${warmUp.sent}`);
    t.true(warmUp.stoppedBy === 'settled' || warmUp.stoppedBy === 'count');
    t.is(warmUp.failed, 0);
  });
});

test.serial('two bakes with the same tag at once both end proved, and neither takes the other’s app', async (t) => {
  const run = async (stamp: string) => ({
    stamp,
    report: await bakeWell(['--image', 'crac-bake-test/tiny:app', '--tag', TAG, '--env', `APP_STAMP=${stamp}`]),
  });
  const images = async () => (await docker('images', '--no-trunc', '--quiet', '--filter', 'dangling=true')).split('\n');
  const before = await images();
  const both = await leavingNothing(
    t,
    async () => {
      const reports = await Promise.all([run('one'), run('two')]);
      // The tag is moved from the first one's image to the second one's, as docker always does it.
      const lost = reports.map(({ report }) => report.image?.id ?? '');
      const dangling = (await images()).filter((id) => lost.includes(id) && !before.includes(id));
      if (dangling.length > 0) await docker('rmi', '--force', ...dangling);
      return reports;
    },
    { results: [TAG] },
  );
  const tagged = await docker('image', 'inspect', '--format', '{{.Id}}', TAG);
  const winner = both.find(({ report }) => report.image?.id === tagged);
  if (winner === undefined) return t.fail(`${tagged} is neither of the two`);
  t.true(both.every(({ report }) => report.outcome === 'baked' && report.firstResponse?.restoredMs !== null));
  t.is((JSON.parse(await restores(t, '/info')) as { stamp: string }).stamp, winner.stamp);
});

test.serial('the plan of a bake with services shows their commands and starts none', async (t) => {
  await inFolder({ 'compose.yml': COMPOSE }, async (folder) => {
    const args = ['bake', '--dry-run', '--image', 'crac-bake-test/tiny:app', '--tag', TAG, '--services', 'compose.yml'];
    const { exitCode, stdout } = await leavingNothing(t, () => crac(args, { cwd: folder }));
    t.is(exitCode, 0);
    t.regex(stdout, /^Start the services: compose\.yml/m);
  });
});
