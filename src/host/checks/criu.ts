// CRIU's version against the kernel and the processor.

import { atLeast, type Checks, fail, ok, versionOf } from '../judgement.ts';

export interface CriuFacts {
  readonly criu: string;
  readonly kernel: string;
  readonly cpu: { readonly model: string; readonly features: readonly string[] };
}

/** What newer kernels ask of CRIU, the latest change first. */
const KERNEL_CHANGES = [
  { kernel: [6, 13], criu: [4, 1], change: 'the vDSO’s pages are split (vvar_vclock)' },
  { kernel: [6, 11], criu: [4, 1], change: 'memory for random numbers can be dropped (MAP_DROPPABLE)' },
] as const;

/** The helper image's own rule: older ones cannot dump sockets on current kernels. */
const OLDEST_CRIU = [4, 2] as const;

/** Before 3.19 CRIU had one page for the processor's state; that of AMX is 11008 bytes (checkpoint-restore/criu#2835). */
const AMX_CRIU = [3, 19] as const;

const NEWER = 'Name a base image with a newer CRIU: crac-bake doctor --criu-base debian:testing-slim';

export const CRIU_CHECKS: Checks<CriuFacts> = {
  'CRIU and kernel': ({ criu, kernel }) => {
    const version = versionOf(criu);
    const broken = KERNEL_CHANGES.find((each) => atLeast(versionOf(kernel), each.kernel) && !atLeast(version, each.criu));
    if (broken !== undefined) {
      return fail(
        `CRIU ${criu} is too old for Linux ${kernel}: since ${broken.kernel.join('.')} ${broken.change}, CRIU ${broken.criu.join('.')} knows it`,
        NEWER,
        'criu-vdso-bounds',
      );
    }
    if (!atLeast(version, OLDEST_CRIU))
      return fail(`CRIU ${criu}, ${OLDEST_CRIU.join('.')} or later is needed`, NEWER, 'criu-socket-option');
    return ok(`CRIU ${criu} on Linux ${kernel}`);
  },

  CPU: ({ criu, cpu }) => {
    const amx = cpu.features.some((feature) => feature.startsWith('amx'));
    const model = cpu.model || 'unnamed';
    if (amx && !atLeast(versionOf(criu), AMX_CRIU))
      return fail(`${model} has AMX, whose state CRIU ${criu} cannot keep`, `${NEWER}, or bake on a machine without AMX.`, 'criu-fpu');
    return ok(`${model}${amx ? ', with AMX' : ''}`);
  },
};
