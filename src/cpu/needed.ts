// Which features of the bake's processor a checkpoint may need where it is restored.

import { type Baseline, featuresOf, isCompiledRegardless, optionsAgainst } from './baselines.ts';

/** What the context agent says of the JVM. */
export interface JvmCpu {
  /** Features that HotSpot found and did not rule out by itself, under its names. */
  readonly listed: readonly string[];
  /** Those of them that it was made to forget. */
  readonly hidden: readonly string[];
  /** Options that are not at their default: `UseSHA` → `false`. */
  readonly options: Readonly<Record<string, string>>;
}

/** HotSpot's names for features, where they are not the kernel's. */
const KERNEL_NAMES: Readonly<Record<string, string>> = {
  sse3: 'pni',
  'sse4.1': 'sse4_1',
  'sse4.2': 'sse4_2',
  lzcnt: 'abm',
  clmul: 'pclmulqdq',
  sha: 'sha_ni',
  avx512_vpclmulqdq: 'vpclmulqdq',
  avx512_vaes: 'vaes',
  avx512_vbmi: 'avx512vbmi',
  avx512_ifma: 'avx512ifma',
  avx10_1: 'avx10',
  apx_f: 'apx',
};

/**
 * Names on HotSpot's list that no processor misses: properties of a machine and not instructions (tsc, hv, ht, vzeroupper), string and prefetch
 * instructions that every x86-64 processor executes (erms, fsrm, 3dnowpref), instructions for persistent memory only (clwb and the like), and what HotSpot
 * lists without using it (sse4a, rdpid, pku, cet).
 */
const NO_MATTER = new Set([
  ...['tsc', 'tscinv', 'tscinvbit', 'hv', 'ht', 'hybrid', 'vzeroupper', 'erms', 'fsrm', '3dnowpref'],
  ...['clflush', 'clflushopt', 'clwb', 'sse4a', 'rdpid', 'pku', 'ospke', 'cet_ibt', 'cet_ss', 'rtm'],
]);

/** What JIT and runtime of a JVM may use, under the kernel's names. */
export function usedByJvm(jvm: JvmCpu): string[] {
  return jvm.listed
    .filter((name) => !NO_MATTER.has(name))
    .filter((name) => !isHeldBack(name, jvm))
    .map(kernelName);
}

const kernelName = (name: string) => KERNEL_NAMES[name] ?? name;

function isHeldBack(name: string, { hidden, options }: JvmCpu): boolean {
  const forgotten = hidden.includes(name);
  const against = optionsAgainst(kernelName(name)).filter((option) => option in options);
  const off = against.length > 0 && against.every((option) => options[option] === 'false');
  return isCompiledRegardless(kernelName(name)) ? forgotten && off : forgotten || off;
}

/**
 * Features that the checkpoint may need, in alphabetical order. `host`: all that the bake's processor has.
 * - held to a baseline: of the baseline what the host has, for libc may have chosen its functions by it, and what the JVM uses beyond.
 * - where the agent tells nothing of a JVM: all of the host, since the app's own code may ask the processor itself; but the baseline where the user named it.
 */
export function neededFeatures(baseline: Baseline, host: readonly string[], jvm: JvmCpu | undefined, named: boolean): string[] {
  if (baseline === 'native' || (jvm === undefined && !named)) return [...host].sort();
  const allowed = featuresOf(baseline);
  return [...new Set([...host.filter((feature) => allowed.has(feature)), ...(jvm === undefined ? [] : usedByJvm(jvm))])].sort();
}

/** Of the features that are needed, those that a processor of the baseline may lack. */
export function beyond(baseline: Baseline, needed: readonly string[]): string[] {
  if (baseline === 'native') return [];
  const allowed = featuresOf(baseline);
  return needed.filter((feature) => !allowed.has(feature));
}
