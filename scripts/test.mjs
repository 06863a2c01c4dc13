// The whole test run: set-up, checks, the runtime's own tests, unit tests, then real bakes on a real engine; with --all also faults and workflows.
// Words as arguments choose the phases whose names hold one of them; the phase `vm`, a second host, runs only where it is named.
// Ends with the line `N passed, N failed`; exit code 0 only when nothing failed.

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runMain } from './setup/errors.mjs';
import { ensureAll } from './setup/index.mjs';
import { ensureAct } from './setup/linters.mjs';
import { ensureLong } from './setup/long.mjs';
import { ROOT } from './setup/paths.mjs';
import { progressLog } from './setup/progress.mjs';
import { ensureVm } from './setup/vm.mjs';

const env = { ...process.env, PATH: `${join(ROOT, 'node_modules', '.bin')}:${process.env.PATH}`, FORCE_COLOR: '0' };

/** Runs a phase with its output shown; returns its exit code and output. */
function phase(name, command, args, { cwd = ROOT, more = {} } = {}) {
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
  const folder = join(ROOT, 'runtime', 'context', 'target', 'surefire-reports');
  const suites = readdirSync(folder)
    .filter((name) => name.endsWith('.xml'))
    .map((name) => readFileSync(join(folder, name), 'utf8').match(/<testsuite [^>]*>/)?.[0] ?? '');
  const count = (name) => suites.reduce((total, suite) => total + Number(suite.match(new RegExp(` ${name}="(\\d+)"`))?.[1] ?? 0), 0);
  const failed = count('failures') + count('errors');
  return { passed: count('tests') - failed - count('skipped'), failed: failed + count('skipped') };
}

await runMain(async () => {
  const withAll = process.argv.includes('--all');
  const only = process.argv.slice(2).filter((word) => word !== '--all');
  const wants = (name) => only.length === 0 || only.some((word) => name.includes(word));
  const more = (name) => withAll && wants(name);
  const all = await (more('long bakes') ? ensureLong : ensureAll)({ log: progressLog() });
  if (only.includes('vm')) await ensureVm({ log: progressLog() });
  const docker = { CRAC_BAKE_CRIU_BASE: all.bases.criu };
  rmSync(join(ROOT, 'runtime', 'context', 'target', 'surefire-reports'), { recursive: true, force: true });
  const phases = [
    ['checks', 'node', ['scripts/check.mjs'], {}, noCounts],
    ['crac-init', 'go', ['test', '-v', './...'], { cwd: join(ROOT, 'runtime', 'init') }, goCounts],
    ['context agent', 'mvn', ['-q', '-B', '-ntp', 'verify'], { cwd: join(ROOT, 'runtime', 'context') }, surefireCounts],
    ['unit, contract, component, process', 'ava', [], {}, avaCounts],
    ['real bakes', 'ava', ['--config', 'ava.docker.config.js'], { more: docker }, avaCounts],
    ['CRaC JDK', 'ava', ['--config', 'ava.crac.config.js'], { more: docker }, avaCounts],
    ...(more('long bakes') ? [['long bakes', 'ava', ['--config', 'ava.long.config.js'], { more: docker }, avaCounts]] : []),
    more('faults')
      ? ['faults', 'ava', ['--config', 'ava.faults.config.js'], { more: docker }, avaCounts]
      : ['faults, the quick part', 'ava', ['--config', 'ava.faults.config.js', '--match', '*(quick)'], { more: docker }, avaCounts],
    ...(more('workflows')
      ? [['workflows', 'ava', ['--config', 'ava.e2e.config.js'], { more: { ...docker, CRAC_BAKE_TEST_ACT: await ensureAct() } }, avaCounts]]
      : []),
    ...(only.includes('vm') ? [['vm', 'ava', ['--config', 'ava.vm.config.js'], { more: docker }, avaCounts]] : []),
  ];
  let passed = 0;
  let failed = 0;
  const lines = [];
  for (const [name, command, args, options, counts] of phases) {
    if (!wants(name)) continue;
    const result = await phase(name, command, args, options);
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
  process.exitCode = failed === 0 ? 0 : 1;
});
