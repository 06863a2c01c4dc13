// What a CPU baseline costs a JVM: the same loops with its options and without, several rounds in turn.
//   npm run cpu-cost -- [JAVA] [ROUNDS]

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Baseline, holdTo } from '../../src/cpu/baselines.ts';
import { median } from '../median.mjs';

const LOOPS = fileURLToPath(new URL('Loops.java', import.meta.url));
const BASELINES = ['native', 'x86-64-v3', 'generic'] as const satisfies readonly Baseline[];

const java = process.argv[2] ?? 'java';
const rounds = Number(process.argv[3] ?? 3);

/** Only the options that this JVM has, as crac-init does it. */
function knownOptions(baseline: Baseline): string[] {
  const unlock = ['-XX:+UnlockDiagnosticVMOptions', '-XX:+UnlockExperimentalVMOptions'];
  const list = execFileSync(java, [...unlock, '-XX:+PrintFlagsFinal', '-version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const known = new Set([...list.matchAll(/^ *\S+ (\w+) +:?=/gm)].map(([, name]) => name));
  return (holdTo(baseline)?.jvm ?? []).filter((option) => known.has(/^-XX:[+-]?(\w+)/.exec(option)?.[1] ?? ''));
}

function measure(baseline: Baseline): Map<string, number> {
  const glibc = holdTo(baseline)?.glibc;
  const env = { ...process.env, ...(glibc === undefined ? {} : { GLIBC_TUNABLES: `glibc.cpu.hwcaps=${glibc}`, LD_BIND_NOW: '1' }) };
  const output = execFileSync(java, [...knownOptions(baseline), '-XX:-UsePerfData', LOOPS], { encoding: 'utf8', env });
  return new Map([...output.matchAll(/^(\S+) ([\d.]+)$/gm)].map(([, name = '', rate]) => [name, Number(rate)]));
}

const rates = new Map<string, Map<Baseline, number[]>>();
for (let round = 0; round < rounds; round += 1) {
  for (const baseline of BASELINES) {
    process.stderr.write(`round ${round + 1} of ${rounds}, ${baseline}\n`);
    for (const [name, rate] of measure(baseline)) {
      const of = rates.get(name) ?? new Map<Baseline, number[]>();
      of.set(baseline, [...(of.get(baseline) ?? []), rate]);
      rates.set(name, of);
    }
  }
}
process.stdout.write(`| loop | ${BASELINES.join(' | ')} |\n|${' --- |'.repeat(BASELINES.length + 1)}\n`);
for (const [name, of] of rates) {
  const native = median(of.get('native') ?? []);
  const cells = BASELINES.map((baseline) => (median(of.get(baseline) ?? []) / native).toFixed(2));
  process.stdout.write(`| ${name} | ${cells.join(' | ')} |\n`);
}
