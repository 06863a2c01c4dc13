// The app, or the privileges of its container, stand in the way.

import type { Effect } from './support/proxy.ts';
import { type EngineScenario, fails } from './support/scenario.ts';

/** A Perl program in place of the app's entrypoint. */
export interface AppScenario extends EngineScenario {
  readonly program?: string;
}

interface HostConfig {
  readonly CapAdd?: readonly string[];
}

/** Changes what a container is created with. */
const created = (name: 'bake' | 'proof', more: (host: HostConfig) => object) => () => {
  const effect: Effect = {
    body: (given) => ({ ...given, HostConfig: { ...(given.HostConfig as object), ...more(given.HostConfig as HostConfig) } }),
  };
  return [{ at: new RegExp(`^POST /containers/create\\?name=crac-bake-\\w+-${name}$`), effect, lasts: 'once' as const }];
};

const without = (capability: string) => (host: HostConfig) => ({
  CapAdd: (host.CapAdd ?? []).filter((each) => !each.endsWith(capability)),
});

const HEALTHY = () => [];
const LISTENS = '$| = 1; print "listening\\n"; sleep 1 while 1';
const MEMORY = 64 * 1024 * 1024;

export const APP_SCENARIOS: readonly AppScenario[] = [
  {
    row: 11,
    title: 'the kernel kills the app for its memory',
    quick: true,
    ...fails('app-exited'),
    failure: 'oom-137',
    tells: /Raise the limit of 64 MiB|limit 64 MiB/,
    program: '$m = "x" x 3e8; sleep 1 while 1',
    faults: created('bake', () => ({ Memory: MEMORY, MemorySwap: MEMORY })),
  },
  {
    row: 11,
    title: 'the proof has less memory than the app had',
    ...fails('restore-failed'),
    failure: 'memory',
    tells: /the memory limit is 67 MB, the checkpoint has \d+ MB in memory/,
    program: `$m = "x" x 1.5e8; ${LISTENS}`,
    faults: created('proof', () => ({ Memory: MEMORY, MemorySwap: MEMORY })),
  },
  {
    row: 16,
    title: 'the app holds a socket of a kind that CRIU does not know',
    ...fails('criu-failed'),
    program: `socket(S, 40, 1, 0) or die "no vsock: $!"; ${LISTENS}`,
    faults: HEALTHY,
  },
  {
    row: 17,
    title: 'the app holds a large file that is deleted',
    ...fails('criu-failed'),
    program: `open F, ">", "/large"; print F "x" x 2e7; unlink "/large"; ${LISTENS}`,
    faults: HEALTHY,
  },
  {
    row: 20,
    title: 'the bake’s container has no CHECKPOINT_RESTORE',
    quick: true,
    ...fails('missing-capability'),
    failure: 'docker-caps-not-held',
    tells: /lacks the capability CHECKPOINT_RESTORE/,
    faults: created('bake', without('CHECKPOINT_RESTORE')),
  },
  {
    row: 20,
    title: 'the proof has no CHECKPOINT_RESTORE',
    ...fails('restore-failed'),
    faults: created('proof', without('CHECKPOINT_RESTORE')),
  },
  {
    row: 20,
    title: 'the proof has the default seccomp profile',
    ...fails('restore-failed'),
    faults: created('proof', () => ({ SecurityOpt: [] })),
  },
  {
    row: 22,
    title: 'the engine’s host has a kernel that is too old',
    quick: true,
    ...fails('host-unfit'),
    tells: /Linux 5\.9 or later is needed/,
    faults: () => [
      { at: /^GET \/info/, effect: { answer: (given) => ({ ...given, KernelVersion: '5.4.0-216-generic' }) }, lasts: 'always' },
    ],
  },
];
