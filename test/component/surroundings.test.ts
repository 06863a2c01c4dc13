import test from 'ava';
import { bakeOnce, dumpAnswers, type Given } from './bench.ts';
import type { Service } from './fake-engine.ts';

const DB: Service = { name: 'db', healthyAfterMs: 5000 };

const withServices = (services: readonly Service[], options: Given['options'] = {}): Given => ({
  script: { services },
  options: { services: 'compose.yml', ...options },
});

test('services are up and healthy before the app starts, the app is in their network at bake and proof, and nothing of them is left', async (t) => {
  const { report, engine } = await bakeOnce(withServices([DB, { name: 'cache' }, { name: 'migrations', exitCode: 0 }]));
  t.is(report.outcome, 'baked', JSON.stringify(report.error));
  const services = report.steps.find(({ step }) => step === 'services');
  t.is(services?.detail, 'cache, db, migrations up');
  t.true((services?.elapsedMs ?? 0) >= 5000);
  const steps = report.steps.map(({ step }) => step);
  t.true(steps.indexOf('services') < steps.indexOf('start'));
  for (const verb of ['create --name crac-bake-01234567-bake', 'run --detach --name crac-bake-01234567-proof']) {
    t.regex(engine.argvs.find((argv) => argv.startsWith(verb)) ?? '', / --network crac-bake-01234567_default /);
  }
  t.deepEqual(engine.left, { containers: [], images: ['app:crac'] });
  t.is(engine.networks.size, 0);
});

test('a connection to a service that is open at the checkpoint is named by the service', async (t) => {
  const answers = dumpAnswers();
  const connections = { event: 'connections', established: [{ local: '172.20.0.3:40000', remote: '172.20.0.2:5432' }], listening: [] };
  const dump = answers.map((line) => (line.includes('"connections"') ? JSON.stringify(connections) : line));
  const { report } = await bakeOnce({ ...withServices([DB]), script: { services: [DB], dump } });
  t.is(report.outcome, 'baked', JSON.stringify(report.error));
  t.true(report.warnings.some((line) => line.startsWith('A connection to 172.20.0.2:5432 (service db) was open')));
});

interface Expected {
  readonly exitCode: number;
  readonly code: string;
  readonly step: string;
  readonly message: RegExp;
  readonly log?: readonly string[];
}

const failures: readonly [title: string, given: Given, expected: Expected][] = [
  [
    'no compose',
    { options: { services: 'compose.yml' } },
    { exitCode: 3, code: 'no-compose', step: 'services', message: /^There is no docker compose for the services$/ },
  ],
  [
    'a service that never is healthy',
    withServices([{ name: 'db', healthyAfterMs: 1e9, log: ['waiting for a disk'] }], { 'service-timeout': '10s' }),
    {
      exitCode: 11,
      code: 'service-not-healthy',
      step: 'services',
      message: /^The service db was not healthy after 10 s: starting$/,
      log: ['waiting for a disk'],
    },
  ],
  [
    'a service that ends',
    withServices([DB, { name: 'cache', exitCode: 3, log: ['no such option'] }]),
    {
      exitCode: 11,
      code: 'service-not-healthy',
      step: 'services',
      message: /^The service cache ended with exit code 3$/,
      log: ['no such option'],
    },
  ],
  [
    'a compose file that is none',
    {
      ...withServices([]),
      script: {
        services: [],
        fail: (argv) =>
          argv.includes('create') && argv[0] === 'compose'
            ? { exitCode: 15, stderr: 'yaml: line 1: did not find expected key' }
            : undefined,
      },
    },
    {
      exitCode: 11,
      code: 'services-failed',
      step: 'services',
      message: /^The services of compose\.yml could not be started$/,
      log: ['yaml: line 1: did not find expected key'],
    },
  ],
  [
    'a network that is not there',
    { options: { network: 'missing' } },
    { exitCode: 2, code: 'network-not-found', step: 'options', message: /^The engine has no network missing$/ },
  ],
];

for (const [title, given, { message, log, ...expected }] of failures) {
  test(`the bake fails and leaves nothing behind: ${title}`, async (t) => {
    const { report, engine } = await bakeOnce(given);
    const { error, exitCode } = report;
    t.like({ exitCode, code: error?.code, step: error?.step }, expected);
    t.regex(error?.message ?? '', message);
    t.deepEqual(error?.log ?? [], [...(log ?? [])]);
    t.deepEqual(engine.left, { containers: [], images: [] });
    t.is(engine.networks.size, 0);
  });
}

test('an interruption while a service is awaited leaves nothing behind', async (t) => {
  const { report, engine } = await bakeOnce({ ...withServices([{ name: 'db', healthyAfterMs: 1e9 }]), interruptAtMs: 20_000 });
  t.is(report.outcome, 'interrupted');
  t.deepEqual(engine.left, { containers: [], images: [] });
  t.is(engine.networks.size, 0);
});

test('on the host’s network the ports are asked as they are', async (t) => {
  const { report, engine } = await bakeOnce({ options: { network: 'host', 'ready-timeout': '1s' } });
  t.is(report.error?.code, 'not-ready');
  t.false(engine.argvs.some((argv) => argv.includes('--publish')));
});

test('an image’s volume that is mounted over does not get into the image, and is warned of', async (t) => {
  const script = { config: { Volumes: { '/data': {}, '/logs': {} } } };
  const { report, engine } = await bakeOnce({ script, options: { mounts: 'type=bind,src=/secret,dst=/data' } });
  t.is(report.outcome, 'baked', JSON.stringify(report.error));
  t.true(engine.argvs.some((argv) => argv === 'cp crac-bake-01234567-bake:/logs/. -'));
  t.false(engine.argvs.some((argv) => argv.includes('bake:/data')));
  t.deepEqual(report.warnings, ['What the app reads from the mount /data is not in the restore image; a restore needs the same there.']);
});

test('a volume that a mount made for the run is removed with it, without services too', async (t) => {
  const { report, engine } = await bakeOnce({ options: { mounts: 'type=volume,src=cache,dst=/cache' } });
  t.is(report.outcome, 'baked', JSON.stringify(report.error));
  t.true(engine.argvs.some((argv) => argv.includes('src=cache,dst=/cache,volume-label=')));
  t.is(engine.volumes.size, 0);
});

test('a warm-up that did not settle within its bound says so', async (t) => {
  const status = () => 200;
  const { report } = await bakeOnce({
    script: { app: { readyAfterMs: 100, status } },
    options: { 'warmup-until-settled': true, 'warmup-count': '5', 'warmup-max-count': '5' },
  });
  t.is(report.steps.find(({ step }) => step === 'warm-up')?.detail, '5 requests, 0 failed, latency not settled within --warmup-max-count');
});

test('limits are in the lines that are printed', async (t) => {
  const { report } = await bakeOnce({ options: { memory: '512m', cpus: '1.5' } });
  t.regex(report.runWith?.docker ?? '', / --memory 512m --cpus 1\.5 -p /);
  t.regex(report.runWith?.compose ?? '', /mem_limit: 512m\n {4}cpus: 1\.5/);
  t.regex(report.runWith?.kubernetes ?? '', /resources: \{limits: \{memory: 512Mi, cpu: "1\.5"\}\}/);
});
