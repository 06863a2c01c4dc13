// The static checks: types, lint and format, formatted and vetted Go, workflows, dist/ equal to what the sources build.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, isBundle } from './build.mjs';
import { checkProfile } from './seccomp.mjs';
import { runMain, SetupError } from './setup/errors.mjs';
import { ensureLinters } from './setup/linters.mjs';
import { ROOT } from './setup/paths.mjs';
import { run } from './setup/run.mjs';

const BUILT = ['licenses.txt', 'crac-init-amd64', 'crac-init-arm64', 'context.jar'];

/** All that has to be in dist/, and the bundles that are there and should not be. */
function builtNames(folder) {
  return new Set([...BUILT, ...[folder, join(ROOT, 'dist')].flatMap((each) => readdirSync(each).filter(isBundle))]);
}

async function checkDist() {
  const folder = mkdtempSync(join(tmpdir(), 'crac-bake-check-'));
  try {
    await build(folder);
    const stale = [...builtNames(folder)].filter((name) => !equal(join(folder, name), join(ROOT, 'dist', name)));
    if (stale.length > 0) throw new SetupError(`dist/ is stale: ${stale.join(', ')}. Run npm run build and commit it.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function equal(built, committed) {
  try {
    return readFileSync(built).equals(readFileSync(committed));
  } catch {
    return false;
  }
}

async function checkGo() {
  const cwd = join(ROOT, 'runtime', 'init');
  const { stdout } = await run('gofmt', ['-l', '.'], { cwd });
  if (stdout.trim() !== '') throw new SetupError(`gofmt would change: ${stdout.trim().split('\n').join(', ')}`);
  await run('go', ['vet', './...'], { cwd });
}

/** Workflows and action.yml; zizmor asks nothing of the network. */
async function checkWorkflows() {
  const { actionlint, zizmor } = await ensureLinters();
  const workflows = ['.github/workflows', 'test/e2e/workflows'].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((name) => join(folder, name)),
  );
  await run(actionlint, workflows, { cwd: ROOT });
  await run(
    zizmor,
    ['--quiet', '--offline', '--no-progress', '--config', '.github/zizmor.yml', 'action.yml', '.github/dependabot.yml', ...workflows],
    {
      cwd: ROOT,
    },
  );
}

const bin = (name) => join(ROOT, 'node_modules', '.bin', name);

await runMain(async () => {
  const checks = [
    ['types', () => run(bin('tsc'), ['--project', ROOT])],
    ['lint and format', () => run(bin('biome'), ['check', ROOT])],
    ['go', checkGo],
    ['workflows', checkWorkflows],
    ['seccomp profile', async () => checkProfile()],
    ['dist', checkDist],
  ];
  for (const [name, check] of checks) {
    const start = Date.now();
    await check();
    process.stderr.write(`check: ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)\n`);
  }
});
