// The development dependencies of the repository.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { run } from './run.mjs';

const INSTALL_DEADLINE_MS = 600_000;

export async function ensureDependencies({ log, root = ROOT }) {
  const wanted = await changedAt(join(root, 'package-lock.json'));
  if (wanted === undefined) return log('no package-lock.json: no dependencies to install');
  // npm writes this file at the end of an installation: an interrupted one does not count.
  const installed = await changedAt(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined || installed < wanted) {
    log('installing development dependencies (npm ci)');
    await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, timeoutMs: INSTALL_DEADLINE_MS });
  }
  log('development dependencies are there');
}

async function changedAt(file) {
  return (await stat(file).catch(() => undefined))?.mtimeMs;
}
