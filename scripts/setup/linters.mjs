// Tools for workflows, in a folder of this project's below the user's cache: actionlint and act (Go), zizmor (Python).
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runMain, SetupError } from './errors.mjs';
import { progressLog } from './progress.mjs';
import { commandExists, tryRun } from './run.mjs';

const TOOLS = {
  actionlint: 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12',
  act: 'github.com/nektos/act@v0.2.89',
  zizmor: 'zizmor==1.32.0',
};

const INSTALL_DEADLINE_MS = 600_000;

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'crac-bake', 'tools');

/** Paths of actionlint and zizmor. */
export async function ensureLinters({ log = progressLog() } = {}) {
  return { actionlint: await goTool('actionlint', log), zizmor: await pythonTool('zizmor', log) };
}

/** Path of act, which runs workflows on this machine. */
export function ensureAct({ log = progressLog() } = {}) {
  return goTool('act', log);
}

/** Each version in a folder of its own, moved there when it is whole. */
async function once(name, log, program, install) {
  const folder = join(cache, `${name}-${TOOLS[name].split(/@|==/).at(-1)}`);
  if (existsSync(join(folder, program))) return join(folder, program);
  log(`installing ${name} (${TOOLS[name]})`);
  await mkdir(cache, { recursive: true });
  await install(folder);
  return join(folder, program);
}

function goTool(name, log) {
  return once(name, log, name, async (folder) => {
    if (!(await commandExists('go'))) throw new SetupError(`${name} is needed, and Go to install it: https://go.dev/doc/install`);
    const temporary = await mkdtemp(join(cache, 'install-'));
    try {
      const result = await tryRun('go', ['install', TOOLS[name]], { env: { GOBIN: temporary }, timeoutMs: INSTALL_DEADLINE_MS });
      if (result.code !== 0) throw cannot(name, result);
      await rm(folder, { recursive: true, force: true });
      await rename(temporary, folder);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  });
}

function pythonTool(name, log) {
  return once(name, log, join('bin', name), async (folder) => {
    // A virtual environment knows its own path and cannot be moved; one without the program is made anew.
    await rm(folder, { recursive: true, force: true });
    const made = await tryRun('python3', ['-m', 'venv', folder], { timeoutMs: INSTALL_DEADLINE_MS });
    if (made.code !== 0) throw cannot(`${name}, and python3 with its module venv to install it`, made);
    const result = await tryRun(join(folder, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', TOOLS[name]], {
      timeoutMs: INSTALL_DEADLINE_MS,
    });
    if (result.code !== 0) throw cannot(name, result);
  });
}

function cannot(what, { stderr, timedOut }) {
  return new SetupError(
    `${what} is needed and could not be installed: ${timedOut ? 'no end in time' : stderr.trim().split('\n').slice(-3).join('\n')}`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => process.stdout.write(`${JSON.stringify({ ...(await ensureLinters()), act: await ensureAct() }, null, 2)}\n`));
}
