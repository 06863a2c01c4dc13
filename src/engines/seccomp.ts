// The restore's seccomp profile (seccomp/crac-bake.json, by scripts/seccomp.mjs) in the form that Kubernetes' runtimes take.

import type { Capability } from './engine.ts';

interface Condition {
  readonly caps?: readonly string[];
  readonly arches?: readonly string[];
}

interface Rule {
  readonly names: readonly string[];
  readonly action: string;
  readonly errnoRet?: number;
  readonly args?: readonly object[];
  readonly includes?: Condition & { readonly minKernel?: string };
  readonly excludes?: Condition;
}

/** A profile as the Docker Engine takes it: rules may depend on capabilities and architecture (github.com/moby/profiles, seccomp.go). */
export interface DockerProfile {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number;
  readonly syscalls: readonly Rule[];
}

/** A profile of the OCI runtime specification ("Seccomp"). */
export interface OciProfile {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number;
  readonly architectures: readonly string[];
  readonly syscalls: readonly Pick<Rule, 'names' | 'action' | 'errnoRet' | 'args'>[];
}

/** amd64 and arm64, each with the programs of its 32-bit kin. A filter for one architecture takes the others' names without harm. */
const ARCHITECTURES = ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32', 'SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'];
const ARCHES = new Set(['amd64', 'x86', 'x32', 'arm64', 'arm']);

/**
 * The profile of a container with these capabilities, without conditions: containerd reads a node's profile files as they are and would take every rule
 * of Docker's form for unconditional. Conditions on the kernel (4.8 at most) hold wherever a restore works.
 */
export function ociProfile({ defaultAction, defaultErrnoRet, syscalls }: DockerProfile, capabilities: readonly Capability[]): OciProfile {
  const held = new Set(capabilities.map((name) => `CAP_${name}`));
  const applies = ({ includes, excludes }: Rule) =>
    (includes?.caps ?? []).every((name) => held.has(name)) &&
    (includes?.arches === undefined || includes.arches.some((name) => ARCHES.has(name))) &&
    !(excludes?.caps ?? []).some((name) => held.has(name));
  return {
    defaultAction,
    ...(defaultErrnoRet === undefined ? {} : { defaultErrnoRet }),
    architectures: ARCHITECTURES,
    syscalls: syscalls.filter(applies).map(({ includes: _, excludes: __, ...rule }) => rule),
  };
}
