// The whole test run: set-up, checks, the runtime's own tests, unit tests, then real bakes on a real engine; with --all also long ones, all faults, workflows and other engines.
// Words as arguments choose the phases whose names hold one of them; the phase `vm`, a second host, runs only where it is named.
// Ends with the line `N passed, N failed`; exit code 0 only when nothing failed.

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runMain } from './setup/errors.mjs';
import { ensureAll } from './setup/index.mjs';
import { ensureAct } from './setup/linters.mjs';
import { ensureLong } from './setup/long.mjs';
import { ensureOtherEngines } from './setup/other-engines.mjs';
import { ROOT } from './setup/paths.mjs';
import { progressLog } from './setup/progress.mjs';
import { ensureVm } from './setup/vm.mjs';

const log = progressLog();
const SUREFIRE = join(ROOT, 'runtime', 'context', 'target', 'surefire-reports');
const env = { ...process.env, PATH: `${join(ROOT, 'node_modules', '.bin')}:${process.env.PATH}`, FORCE_COLOR: '0' };

/** Runs a phase with its output shown; returns its exit code and output. */
function phase(name, [command, ...args], { cwd = ROOT, more = {} }) {
  const start = Date.now();
  process.stdout.write(`\n== ${name}\n`);
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        process.stdout.write(chunk);
      });
    }
    child.on('error', (error) => resolve({ name, code: 127, output: error.message, seconds: 0 }));
    child.on('close', (code) => resolve({ name, code: code ?? 1, output, seconds: (Date.now() - start) / 1000 }));
  });
}

const sum = (text, pattern) => [...text.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);

/** AVA's closing lines; where something failed they do not say how many passed, so that the line of each is counted. */
const avaCounts = ({ output }) => ({
  passed: output.match(/^ *✔ /gm)?.length ?? 0,
  failed: sum(output, /^ *(\d+) (?:tests? failed|uncaught exceptions?|unhandled rejections?)/gm),
});
/** One line for each test and subtest of `go test -v`. */
const goCounts = ({ output }) => ({
  passed: sum(output.replace(/^ *--- PASS.*$/gm, '+1'), /^\+(1)$/gm),
  failed: sum(output.replace(/^ *--- FAIL.*$/gm, '+1'), /^\+(1)$/gm),
});
const noCounts = () => ({ passed: 0, failed: 0 });

/** Surefire's reports, for its console lines differ with its options. */
function surefireCounts() {
  const suites = readdirSync(SUREFIRE)
    .filter((name) => name.endsWith('.xml'))
    .map((name) => readFileSync(join(SUREFIRE, name), 'utf8').match(/<testsuite [^>]*>/)?.[0] ?? '');
  const count = (name) => suites.reduce((total, suite) => total + Number(suite.match(new RegExp(` ${name}="(\\d+)"`))?.[1] ?? 0), 0);
  const failed = count('failures') + count('errors');
  return { passed: count('tests') - failed - count('skipped'), failed: failed + count('skipped') };
}

const ava = (config, ...more) => ['ava', ...(config === undefined ? [] : ['--config', config]), ...more];

/**
 * The phases in their order. `in`: the runs that have it; one that is in none but `named` has to be asked for by its name.
 * `setUp` brings up what this phase alone needs, and returns variables for it.
 */
const PHASES = [
  { name: 'checks', in: ['usual', 'all'], command: ['node', 'scripts/check.mjs'], counts: noCounts },
  { name: 'crac-init', in: ['usual', 'all'], command: ['go', 'test', '-v', './...'], cwd: join(ROOT, 'runtime', 'init'), counts: goCounts },
  {
    name: 'context agent',
    in: ['usual', 'all'],
    command: ['mvn', '-q', '-B', '-ntp', 'verify'],
    cwd: join(ROOT, 'runtime', 'context'),
    setUp: () => rmSync(SUREFIRE, { recursive: true, force: true }),
    counts: surefireCounts,
  },
  { name: 'unit, contract, component, process', in: ['usual', 'all'], command: ava() },
  { name: 'real bakes', in: ['usual'], command: ava('ava.docker.config.js', '--match', '!*(long)') },
  { name: 'real bakes, all', in: ['all'], command: ava('ava.docker.config.js') },
  { name: 'CRaC JDK', in: ['usual'], command: ava('ava.crac.config.js', '--match', '!*(long)') },
  { name: 'CRaC JDK, all', in: ['all'], command: ava('ava.crac.config.js') },
  { name: 'faults, the quick part', in: ['usual'], command: ava('ava.faults.config.js', '--match', '*(quick)') },
  { name: 'long bakes', in: ['all'], command: ava('ava.long.config.js'), setUp: async () => void (await ensureLong({ log })) },
  { name: 'faults', in: ['all'], command: ava('ava.faults.config.js') },
  {
    name: 'workflows',
    in: ['all'],
    command: ava('ava.e2e.config.js'),
    setUp: async () => ({ CRAC_BAKE_TEST_ACT: await ensureAct() }),
  },
  {
    name: 'other engines',
    in: ['all'],
    command: ava('ava.engines.config.js'),
    setUp: async () => void (await ensureOtherEngines({ log })),
  },
  { name: 'vm', in: ['named'], command: ava('ava.vm.config.js'), setUp: async () => void (await ensureVm({ log })) },
];

/** The phases of a run: with `--all` those of everything, and of these the ones whose names hold one of the words. */
function phasesFor(words) {
  const run = words.includes('--all') ? 'all' : 'usual';
  const only = words.filter((word) => word !== '--all');
  if (only.length === 0) return PHASES.filter((each) => each.in.includes(run));
  return PHASES.filter((each) => (each.in.includes(run) || each.in.includes('named')) && only.some((word) => each.name.includes(word)));
}

await runMain(async () => {
  const { bases } = await ensureAll({ log });
  const lines = [];
  let passed = 0;
  let failed = 0;
  for (const { name, command, cwd, setUp, counts = avaCounts } of phasesFor(process.argv.slice(2))) {
    const variables = await setUp?.();
    const result = await phase(name, command, { cwd, more: { CRAC_BAKE_CRIU_BASE: bases.criu, ...variables } });
    const count = counts(result);
    // A phase that fails without a failed test (a crash, a check) counts as one.
    const failures = result.code !== 0 && count.failed === 0 ? 1 : count.failed;
    const empty = counts !== noCounts && count.passed === 0 && failures === 0;
    passed += count.passed + (counts === noCounts && result.code === 0 ? 1 : 0);
    failed += failures + (empty ? 1 : 0);
    lines.push(
      `${failures === 0 && !empty ? 'ok  ' : 'FAIL'} ${name}: ${count.passed} passed, ${failures} failed, ${result.seconds.toFixed(0)} s`,
    );
  }
  process.stdout.write(`\n${lines.join('\n')}\n\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 && lines.length > 0 ? 0 : 1;
});
