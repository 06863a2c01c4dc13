import test from 'ava';
import { type Baseline, featuresOf, heldByKnown, holdTo } from '../../../src/cpu/baselines.ts';
import { beyond, type JvmCpu, neededFeatures, usedByJvm } from '../../../src/cpu/needed.ts';

/** OpenJDK 21 on a Xeon of 2023, held to x86-64-v3: what VM.info listed, and the options that were set. */
const JDK21: JvmCpu = {
  listed: [
    ...[
      'cx8',
      'cmov',
      'fxsr',
      'mmx',
      '3dnowpref',
      'sse',
      'sse2',
      'sse3',
      'ssse3',
      'sse4.1',
      'sse4.2',
      'popcnt',
      'lzcnt',
      'tsc',
      'tscinvbit',
    ],
    ...['avx', 'avx2', 'aes', 'erms', 'clmul', 'bmi1', 'bmi2', 'adx', 'sha', 'fma', 'vzeroupper', 'clflush', 'clflushopt', 'clwb', 'hv'],
    ...['serialize', 'rdtscp', 'rdpid', 'fsrm', 'gfni', 'f16c', 'pku', 'ospke', 'cet_ibt', 'cet_ss'],
  ],
  hidden: ['serialize', 'gfni'],
  options: {
    UseAVX: '2',
    UseSHA: 'false',
    UseMultiplyToLenIntrinsic: 'false',
    UseSquareToLenIntrinsic: 'false',
    UseMulAddIntrinsic: 'false',
  },
};

const HOST = ['avx', 'avx2', 'avx512f', 'gfni', 'serialize', 'sha_ni', 'sse2', 'xsave'];

test('a JVM that was held to x86-64-v3 uses nothing beyond it', (t) => {
  t.deepEqual(beyond('x86-64-v3', usedByJvm(JDK21)), []);
});

const exceeding: readonly [what: string, jvm: JvmCpu, beyond: string[]][] = [
  ['that was not made to forget', { ...JDK21, hidden: [] }, ['serialize', 'gfni']],
  ['whose user wants an option back', { ...JDK21, options: { ...JDK21.options, UseSHA: 'true' } }, ['sha_ni']],
  ['with one of three options back', { ...JDK21, options: { ...JDK21.options, UseMulAddIntrinsic: 'true' } }, ['adx']],
  ['that does not know the options', { ...JDK21, options: {} }, ['adx', 'sha_ni']],
  [
    'whose user wants AVX-512',
    { ...JDK21, listed: [...JDK21.listed, 'avx512f', 'avx512_vaes', 'avx512_ifma'] },
    ['avx512f', 'vaes', 'avx512ifma'],
  ],
];

for (const [what, jvm, expected] of exceeding) {
  test(`a JVM ${what} exceeds the baseline`, (t) => {
    t.deepEqual(beyond('x86-64-v3', usedByJvm(jvm)), expected);
  });
}

/** The same one held to generic. */
const GENERIC21: JvmCpu = {
  listed: JDK21.listed.filter((name) => !['avx', 'avx2', 'f16c', 'vzeroupper'].includes(name)),
  hidden: ['serialize', 'gfni', 'bmi1', 'bmi2', 'lzcnt'],
  options: {
    ...JDK21.options,
    ...{ UseAVX: '0', UseFMA: 'false', UseBMI1Instructions: 'false', UseCountTrailingZerosInstruction: 'false' },
    ...{ UseBMI2Instructions: 'false', UseCountLeadingZerosInstruction: 'false' },
  },
};

test('a JVM that was held to generic uses nothing beyond it', (t) => {
  t.deepEqual(beyond('generic', usedByJvm(GENERIC21)), []);
});

test('options alone do not hold back BMI and LZCNT: C2 shifts by SARX and SHLX with -XX:-UseBMI2Instructions, too', (t) => {
  t.deepEqual(beyond('generic', usedByJvm({ ...GENERIC21, hidden: ['serialize', 'gfni'] })), ['abm', 'bmi1', 'bmi2']);
});

test('forgetting alone does not either: what was generated before it is there', (t) => {
  const options = { ...GENERIC21.options, UseBMI2Instructions: 'true' };
  t.deepEqual(beyond('generic', usedByJvm({ ...GENERIC21, options })), ['bmi2']);
});

const needs: readonly [what: string, baseline: Baseline, jvm: JvmCpu | undefined, named: boolean, expected: string[]][] = [
  ['native: all of the host', 'native', JDK21, true, HOST],
  ['no JVM: all of the host', 'x86-64-v3', undefined, false, HOST],
  ['no JVM, but the user named the baseline', 'x86-64-v3', undefined, true, ['avx', 'avx2', 'sse2', 'xsave']],
  ['no JVM, generic named', 'generic', undefined, true, ['sse2', 'xsave']],
  [
    'what libc may use of the baseline, and what the JVM uses beyond',
    'x86-64-v3',
    { listed: ['sse2', 'serialize'], hidden: [], options: {} },
    false,
    ['avx', 'avx2', 'serialize', 'sse2', 'xsave'],
  ],
];

for (const [what, baseline, jvm, named, expected] of needs) {
  test(`needed features: ${what}`, (t) => {
    t.deepEqual(neededFeatures(baseline, HOST, jvm, named), expected);
  });
}

test('generic is less than x86-64-v3', (t) => {
  const [generic, v3] = [featuresOf('generic'), featuresOf('x86-64-v3')];
  t.true([...generic].every((feature) => v3.has(feature)));
  t.deepEqual([...v3].filter((feature) => !generic.has(feature)).sort(), ['abm', 'avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'movbe']);
});

test('native holds nothing back', (t) => {
  t.is(holdTo('native'), undefined);
});

test('what holds libc and the JVM to x86-64-v3', (t) => {
  t.deepEqual(holdTo('x86-64-v3'), {
    glibc: '-AVX512F,-AVX512VL,-AVX512BW,-AVX512DQ,-AVX512CD,-XSAVEC,-ERMS,-FSRM,-RTM',
    jvm: [
      '-XX:+UnlockDiagnosticVMOptions',
      '-XX:UseAVX=2',
      '-XX:-UseSHA',
      '-XX:-UseMultiplyToLenIntrinsic',
      '-XX:-UseSquareToLenIntrinsic',
      '-XX:-UseMulAddIntrinsic',
      '-XX:-UseIntPolyIntrinsics',
      '-XX:-UsePoly1305Intrinsics',
    ],
  });
});

test('what holds the JVM to generic goes beyond what holds it to x86-64-v3', (t) => {
  const generic = holdTo('generic')?.jvm ?? [];
  for (const option of [
    '-XX:UseAVX=0',
    '-XX:-UseFMA',
    '-XX:-UseBMI1Instructions',
    '-XX:-UseBMI2Instructions',
    '-XX:-UseCountLeadingZerosInstruction',
  ])
    t.true(generic.includes(option), option);
  for (const option of holdTo('x86-64-v3')?.jvm ?? []) if (!option.includes('UseAVX')) t.true(generic.includes(option), option);
});

test('of a JVM that was asked only the options that it has are set, and crac-init asks no more', (t) => {
  const hold = heldByKnown(holdTo('x86-64-v3'), new Set(['UnlockDiagnosticVMOptions', 'UseAVX', 'UseSHA']));
  t.deepEqual([...(hold?.jvm ?? [])], ['-XX:+UnlockDiagnosticVMOptions', '-XX:UseAVX=2', '-XX:-UseSHA']);
  t.true(hold?.asked);
  t.is(heldByKnown(undefined, new Set()), undefined);
});
