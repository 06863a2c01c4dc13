// CPU baselines: what the frozen code may use of a processor, and how libc and the JVM are held to it.

/** What `--cpu` can say. `native` holds nothing back. */
export type Baseline = 'native' | 'generic' | 'x86-64-v3';

/** How the app is held to a baseline; the run request hands it to crac-init. */
export interface CpuHold {
  /** For glibc's tunable `glibc.cpu.hwcaps` (manual, "Hardware Capability Tunables"); names that a glibc does not know are ignored by it. */
  readonly glibc: string;
  /** Options of HotSpot. */
  readonly jvm: readonly string[];
  /** They are those that the image's JVM has. Without it crac-init asks the JVM, which costs the app's start some time. */
  readonly asked?: true;
}

/** The psABI's x86-64-v2 (x86-64 psABI, table 3.1) with what every processor that CRIU can restore on has: XSAVE, and with it AES and the like since Westmere. */
const GENERIC = [
  ...['cx8', 'cmov', 'mmx', 'fxsr', 'sse', 'sse2', 'pni', 'ssse3', 'sse4_1', 'sse4_2', 'cx16', 'lahf_lm', 'popcnt'],
  ...['xsave', 'aes', 'pclmulqdq', 'rdtscp'],
];

const FEATURES: Readonly<Record<Exclude<Baseline, 'native'>, ReadonlySet<string>>> = {
  generic: new Set(GENERIC),
  'x86-64-v3': new Set([...GENERIC, 'avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'abm', 'movbe']),
};

/** Features that a baseline lets code use, under the kernel's names. */
export function featuresOf(baseline: Exclude<Baseline, 'native'>): ReadonlySet<string> {
  return FEATURES[baseline];
}

const GLIBC_V3 = ['AVX512F', 'AVX512VL', 'AVX512BW', 'AVX512DQ', 'AVX512CD', 'XSAVEC', 'ERMS', 'FSRM', 'RTM'];
const GLIBC_GENERIC = [
  ...GLIBC_V3,
  'AVX2',
  'AVX',
  'XSAVE',
  'BMI1',
  'BMI2',
  'LZCNT',
  'MOVBE',
  'FMA',
  'FMA4',
  'F16C',
  'AVX_Fast_Unaligned_Load',
];

const without = (names: readonly string[]) => names.map((name) => `-${name}`).join(',');

/**
 * The JVM's options for each feature that one of the baselines lacks, under the kernel's name. A feature is held back when all of its options that a JVM
 * knows are set as here. `UseAVX` is not among them: HotSpot itself takes what it rules out off its list of features (vm_version_x86.cpp).
 * ADX is used by the stubs of BigInteger's arithmetic; without BMI2 they are other ones, without it (stubGenerator_x86_64.cpp, macroAssembler_x86.cpp).
 */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  sha_ni: ['-XX:-UseSHA'],
  sha512: ['-XX:-UseSHA'],
  adx: ['-XX:-UseMultiplyToLenIntrinsic', '-XX:-UseSquareToLenIntrinsic', '-XX:-UseMulAddIntrinsic'],
  avx_ifma: ['-XX:-UseIntPolyIntrinsics', '-XX:-UsePoly1305Intrinsics'],
  fma: ['-XX:-UseFMA'],
  bmi1: ['-XX:-UseBMI1Instructions', '-XX:-UseCountTrailingZerosInstruction'],
  bmi2: ['-XX:-UseBMI2Instructions'],
  abm: ['-XX:-UseCountLeadingZerosInstruction'],
};

/**
 * Features that C2 uses although their options are off: its shifts by a variable are SARX, SHLX and SHRX wherever the processor has BMI2 (x86_64.ad,
 * `VM_Version::supports_bmi2()`). The options are needed beside the forgetting, for what the JVM has generated before it.
 */
const COMPILED_REGARDLESS: ReadonlySet<string> = new Set(['bmi1', 'bmi2', 'abm']);

/** Features that the context agent makes HotSpot forget, as no option holds them back: HotSpot's name and the kernel's. */
const FORGOTTEN = { serialize: 'serialize', gfni: 'gfni', bmi1: 'bmi1', bmi2: 'bmi2', lzcnt: 'abm' } as const;

/** HotSpot's names of what it is made to forget for a baseline. */
export function forgottenFor(baseline: Baseline): string[] {
  if (baseline === 'native') return [];
  return Object.entries(FORGOTTEN).flatMap(([name, feature]) => (FEATURES[baseline].has(feature) ? [] : [name]));
}

/** Whether the options against a feature do without it only where HotSpot has forgotten it as well. */
export function isCompiledRegardless(feature: string): boolean {
  return COMPILED_REGARDLESS.has(feature);
}

/** How to hold the app to a baseline; undefined where nothing is held back. */
export function holdTo(baseline: Baseline): CpuHold | undefined {
  if (baseline === 'native') return undefined;
  const v3 = baseline === 'x86-64-v3';
  const options = Object.entries(OPTIONS).flatMap(([feature, each]) => (FEATURES[baseline].has(feature) ? [] : each));
  return {
    glibc: without(v3 ? GLIBC_V3 : GLIBC_GENERIC),
    // Some of them are diagnostic ones, which have to be unlocked before.
    jvm: ['-XX:+UnlockDiagnosticVMOptions', `-XX:UseAVX=${v3 ? 2 : 0}`, ...new Set(options)],
  };
}

/** The names of the options by which a JVM does without a feature, for judging a list of options that were set. */
export function optionsAgainst(feature: string): readonly string[] {
  return (OPTIONS[feature] ?? []).map((option) => option.replace('-XX:-', ''));
}

/** The hold for a JVM that has flags of these names, and has not to be asked again. */
export function heldByKnown(hold: CpuHold | undefined, flags: ReadonlySet<string>): CpuHold | undefined {
  if (hold === undefined) return undefined;
  const name = (option: string) => /^-XX:[+-]?(\w+)/.exec(option)?.[1] ?? '';
  return { ...hold, jvm: hold.jvm.filter((option) => flags.has(name(option))), asked: true };
}
