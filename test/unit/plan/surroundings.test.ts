import test from 'ava';
import { criuEngine } from '../../../src/engines/criu.ts';
import { BakeError } from '../../../src/errors.ts';
import { isProject, runNames } from '../../../src/plan/names.ts';
import { buildArguments, checkOptions, makePlan, type PlannedImage, proofArguments } from '../../../src/plan/plan.ts';
import { isMounted, planSurroundings } from '../../../src/plan/surroundings.ts';
import type { OptionName } from '../../../src/spec/options.ts';
import { parseOptions, type RawValue } from '../../../src/spec/values.ts';

type Given = Partial<Record<OptionName, RawValue>>;

const names = runNames('0123456789abcdef');

const flags: readonly [title: string, given: Given, flags: readonly string[]][] = [
  ['nothing', {}, []],
  ['a network', { network: 'shop_default' }, ['--network', 'shop_default']],
  ['the network of the services', { services: 'compose.yml' }, ['--network', 'crac-bake-01234567_default']],
  [
    'names of hosts',
    { 'add-hosts': ['db:10.0.0.1', 'host.docker.internal:host-gateway'] },
    ['--add-host', 'db:10.0.0.1', '--add-host', 'host.docker.internal:host-gateway'],
  ],
  ['a bind mount', { mounts: 'type=bind,src=/etc/app,dst=/config,readonly' }, ['--mount', 'type=bind,src=/etc/app,dst=/config,readonly']],
  [
    'a volume, with the run’s label in case it is made',
    { mounts: 'src=cache,target=/cache' },
    ['--mount', 'src=cache,target=/cache,volume-label=io.github.crac-bake.run=0123456789abcdef'],
  ],
  ['a tmpfs', { mounts: 'type=tmpfs,destination=/t' }, ['--mount', 'type=tmpfs,destination=/t']],
  ['limits', { memory: '512m', cpus: '1.5' }, ['--memory', '512m', '--cpus', '1.5']],
];

const IMAGE: PlannedImage = {
  entrypoint: ['java'],
  command: [],
  user: '',
  environment: [],
  ports: [8080],
  volumes: [],
  healthCheck: '',
  healthCommand: [],
};

for (const [title, given, expected] of flags) {
  test(`the surroundings’ flags: ${title}`, (t) => {
    t.deepEqual(planSurroundings(parseOptions(given), names).flags, [...expected]);
  });

  test(`bake and proof have the same surroundings: ${title}`, (t) => {
    const plan = makePlan(parseOptions(given), criuEngine, IMAGE, 'app', names);
    for (const argv of [plan.create, proofArguments(plan, { capabilities: [], seccomp: 'unconfined' })])
      t.true(argv.join('\0').includes(expected.join('\0')));
  });
}

const refused: readonly [title: string, given: Given, message: RegExp][] = [
  ['a network beside services', { network: 'a', services: 'b.yml' }, /^--network cannot be had beside --services/],
  ['another container’s network', { network: 'container:db' }, /^--network takes a network's name, host or none, not "container:db"$/],
  ['a size that is none', { memory: 'much' }, /^--memory takes a size such as 512m or 2g, not "much"$/],
  ['no processors', { cpus: '0' }, /^--cpus takes a number/],
  ['a host without an address', { 'add-hosts': 'db' }, /^--add-hosts takes HOST:IP, not "db"$/],
  ['a mount of another type', { mounts: 'type=npipe,dst=/x' }, /^--mounts knows the types bind, volume and tmpfs, not "npipe"$/],
  ['a mount without a target', { mounts: 'type=bind,src=/x' }, /^--mounts takes type=/],
  ['a mount in the short form', { mounts: '/a:/b' }, /^--mounts takes type=/],
  ['a bind mount of nothing', { mounts: 'type=bind,dst=/x' }, /^--mounts takes a bind mount with src=PATH/],
  ['a secret in place of its place', { secrets: 'hunter2' }, /^--secrets takes id=NAME,src=FILE or id=NAME,env=VARIABLE for each secret$/],
  ['a secret without a source', { secrets: 'id=a' }, /^--secrets takes/],
  ['a secret with two sources', { secrets: 'id=a,src=f,env=E' }, /^--secrets takes/],
  ['a probe of a port without a network', { network: 'none', ready: 'tcp:1' }, /^--network none leaves no port to ask$/],
  [
    'requests without a network',
    { network: 'none', ready: 'log:up', 'warmup-requests': '/' },
    /^--network none leaves no port to send the warm-up to$/,
  ],
];

for (const [title, given, message] of refused) {
  test(`refused before anything is built: ${title}`, (t) => {
    const error = t.throws(() => checkOptions(parseOptions(given), criuEngine, names), { instanceOf: BakeError });
    t.is(error?.code, 'usage');
    t.regex(error?.message ?? '', message);
    t.notRegex(error?.message ?? '', /hunter2/);
  });
}

test('on the host’s network and without one, no port is published', (t) => {
  for (const given of [{ network: 'host' }, { network: 'none', ready: 'log:up' }]) {
    const plan = makePlan(parseOptions(given), criuEngine, IMAGE, 'app', names);
    t.deepEqual(plan.publishedPorts, []);
    t.false(plan.create.includes('--publish'));
  }
  t.notThrows(() => checkOptions(parseOptions({ network: 'none' }), criuEngine, names));
  t.throws(() => makePlan(parseOptions({ network: 'none' }), criuEngine, IMAGE, 'app', names), { message: /leaves no port to ask/ });
});

test('a build gets the places of its secrets', (t) => {
  const argv = buildArguments(parseOptions({ secrets: ['id=npm,src=/home/me/.npmrc', 'id=token,env=TOKEN'] }), names, 'id');
  t.true(argv.join(' ').includes('--secret id=npm,src=/home/me/.npmrc --secret id=token,env=TOKEN'));
});

test('what is under a mount', (t) => {
  const surroundings = { mountedPaths: ['/data', '/'] };
  t.true(isMounted('/data', { mountedPaths: ['/data'] }));
  t.true(isMounted('/data/db', { mountedPaths: ['/data'] }));
  t.false(isMounted('/database', { mountedPaths: ['/data'] }));
  t.true(isMounted('/x', surroundings));
});

test('a run’s compose project is known by its name', (t) => {
  t.true(isProject('crac-bake-01234567'));
  t.true(isProject('crac-bake-01234567', '01234567-89ab-cdef'));
  t.false(isProject('crac-bake-11234567', '01234567-89ab-cdef'));
  t.false(isProject('crac-bake-demo'));
  t.false(isProject('crac-bake-012345678'));
});

test('requests of the lines come before those of files', (t) => {
  const fromFile = { method: 'GET', path: '/file', headers: {} };
  const plan = makePlan({ ...parseOptions({ 'warmup-requests': '/line' }), httpRequests: [fromFile] }, criuEngine, IMAGE, 'app', names);
  t.deepEqual(plan.warmUp, { kind: 'requests', requests: [{ method: 'GET', path: '/line', headers: {} }, fromFile] });
  t.like(makePlan({ ...parseOptions({}), httpRequests: [] }, criuEngine, IMAGE, 'app', names).warmUp, { kind: 'probe' });
});
