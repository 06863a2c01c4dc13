// The doctor over facts of hosts that are not this one: what is found, and each of its own checks made to say no.

import test from 'ava';
import { CATALOGUE } from '../../src/diagnose/catalogue.ts';
import { examine } from '../../src/doctor/examine.ts';
import type { Judgement } from '../../src/host/judgement.ts';
import type { HostFacts } from '../../src/runtime/host-facts.ts';
import { HOST } from '../unit/host/facts.ts';
import { dumpFails, fakeWorld, RUN } from './bench.ts';
import { INFO, type Script } from './fake-engine.ts';

const AMX = { model: 'Intel(R) Xeon(R) Platinum 8488C', features: ['avx512f', 'amx_bf16', 'amx_tile', 'amx_int8'] };
const IDS = new Set(CATALOGUE.map(({ id }) => id));

interface Host {
  readonly info?: object;
  readonly facts?: Partial<HostFacts>;
  readonly script?: Partial<Script>;
}

async function judge({ info = {}, facts = {}, script = {} }: Host): Promise<readonly Judgement[]> {
  const fail: Script['fail'] = (argv) => {
    if (argv[0] === 'info') return script.fail?.(argv) ?? { exitCode: 0, stdout: JSON.stringify({ ...INFO, ...info }) };
    if (argv[0] === 'start' && argv.includes('--attach')) return { exitCode: 0, stdout: JSON.stringify({ ...HOST, ...facts }) };
    return script.fail?.(argv);
  };
  const { world, installation } = fakeWorld({ script: { ...script, fail } });
  return examine(world, 'debian:testing-slim', installation, { platform: 'linux', dockerHost: undefined }, RUN);
}

const failing = (verb: string, stderr: string) => ({
  fail: (argv: readonly string[]) => (argv[0] === verb ? { exitCode: 1, stderr } : undefined),
});

const SICK: readonly (readonly [title: string, host: Host, what: string, found: RegExp, remedy: RegExp, failure?: string])[] = [
  [
    'a CPU with AMX and CRIU 3.17.1',
    { facts: { cpu: AMX }, script: { criuVersion: '3.17.1' } },
    'CPU',
    /^Intel\(R\) Xeon\(R\) Platinum 8488C has AMX, whose state CRIU 3\.17\.1 cannot keep$/,
    /crac-bake doctor --criu-base debian:testing-slim/,
    'criu-fpu',
  ],
  [
    'Linux 6.18 and CRIU 4.0',
    { facts: { kernel: '6.18.0' }, script: { criuVersion: '4.0' } },
    'CRIU and kernel',
    /CRIU 4\.0 is too old for Linux 6\.18\.0/,
    /crac-bake doctor --criu-base/,
    'criu-vdso-bounds',
  ],
  [
    'Linux 5.4',
    { info: { KernelVersion: '5.4.0-216-generic' } },
    'kernel',
    /^Linux 5\.4\.0-216-generic$/,
    /Linux 5\.9 or later.*docker context use/,
    'kernel-too-old',
  ],
  [
    'no engine',
    { script: failing('info', 'Cannot connect to the Docker daemon at unix:///run/docker.sock. Is the docker daemon running?') },
    'engine',
    /No Docker Engine answers/,
    /Start it/,
    'docker-unreachable',
  ],
  ['Podman', { info: { DockerRootDir: '/var/lib/containers/storage' } }, 'engine', /Podman .* answers/, /docker context ls/],
  ['an old engine', { info: { ServerVersion: '20.10.5' } }, 'engine', /20\.10\.5 is too old/, /20\.10\.10/],
  [
    'a helper image that cannot be built',
    { script: { hasHelper: false, ...failing('build', 'E: Unable to locate package criu') } },
    'helper image',
    /could not be built from debian:testing-slim/,
    /\S/,
    'build-apt',
  ],
  [
    'an engine that holds a capability back',
    {
      script: failing(
        'create',
        'Error response from daemon: invalid CapAdd: capability not supported by your kernel or not available in the current environment: "CAP_CHECKPOINT_RESTORE"',
      ),
    },
    'capabilities',
    /CHECKPOINT_RESTORE/,
    /--privileged/,
    'docker-caps-not-held',
  ],
  [
    'a tiny process that cannot be dumped, for a reason that is known',
    { script: { tinyDump: dumpFails('criu-failed', { logTail: 'Error (criu/vdso.c:1): vdso: Not all dynamic entries are present\n' }) } },
    'tiny checkpoint',
    /vDSO/,
    /\S/,
    'criu-vdso-elf',
  ],
  [
    'a tiny process that cannot be restored, and nobody knows why',
    { script: { tinyRestored: { exitsAfterMs: 20, exitCode: 80, log: ['odd'] } } },
    'tiny checkpoint',
    /The restored process did not come up/,
    /^See to what is marked above: cgroups, memory\.$/,
  ],
];

for (const [title, host, what, found, remedy, failure] of SICK) {
  test(`the doctor says no: ${title}`, async (t) => {
    const judgements = await judge(host);
    const no = judgements.filter(({ verdict }) => verdict === 'fail').find((each) => each.what === what);
    t.not(no, undefined, JSON.stringify(judgements.slice(-3), null, 1));
    t.regex(no?.found ?? '', found);
    t.regex(no?.remedy ?? '', remedy);
    t.is(no?.failure, failure);
    if (failure !== undefined) t.true(IDS.has(failure));
  });
}

test('on a usual host the doctor finds nothing to fail', async (t) => {
  const judgements = await judge({ facts: { kernel: '6.12.3' } });
  t.deepEqual(
    judgements.filter(({ verdict }) => verdict === 'fail'),
    [],
  );
  t.is(judgements.at(-1)?.what, 'tiny checkpoint');
});
