// A registry on loopback for tests: Debian's binary as a process, on a free port, its storage in a temporary folder.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { aptDownload } from './apt.mjs';
import { SetupError } from './errors.mjs';
import { hasApt } from './host.mjs';
import { run, tryRun } from './run.mjs';

const START_DEADLINE_MS = 15_000;
const PACKAGE = 'docker-registry';

/** Returns `{address, stop}`; `stop()` also removes what was pushed. The address is one that needs no TLS setting. */
export async function startRegistry({ log = () => undefined } = {}) {
  const program = await registryProgram({ log });
  const folder = await mkdtemp(join(tmpdir(), 'crac-bake-registry-'));
  const config = join(folder, 'config.json');
  // JSON is YAML. Port 0 lets the kernel choose, so that nobody can take the port in between.
  await writeFile(
    config,
    JSON.stringify({
      version: 0.1,
      log: { level: 'info', formatter: 'json' },
      storage: { filesystem: { rootdirectory: join(folder, 'storage') }, delete: { enabled: true } },
      http: { addr: '127.0.0.1:0' },
    }),
  );
  const child = spawn(program, ['serve', config], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, OTEL_TRACES_EXPORTER: 'none' },
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const stop = async () => {
    process.off('exit', killWithUs);
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const address = await listeningAddress(child);
    log(`registry at ${address}`);
    return { address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function listeningAddress(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why) => reject(new SetupError(`the registry ${why}: ${output.trim().split('\n').slice(-5).join('\n')}`));
    const timer = setTimeout(() => fail('does not listen'), START_DEADLINE_MS);
    const read = (data) => {
      output += data;
      const match = /listening on (127\.0\.0\.1:\d+)/.exec(output);
      if (match) {
        clearTimeout(timer);
        resolve(match[1]);
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', (error) => fail(`cannot be started (${error.message})`));
    child.once('close', (code) => {
      clearTimeout(timer);
      fail(`ended with exit code ${code}`);
    });
  });
}

/** The package is only unpacked: installed, it would start a service of its own. */
async function registryProgram({ log }) {
  const { code, stdout } = await tryRun('which', [PACKAGE]);
  if (code === 0) return stdout.trim();
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'crac-bake');
  const program = join(cache, PACKAGE, 'usr', 'bin', PACKAGE);
  if (!existsSync(program)) {
    if (!hasApt()) throw new SetupError(`a registry for the tests is needed: please put ${PACKAGE} (a Debian package) on the PATH`);
    log(`downloading ${PACKAGE}`);
    await unpackPackage(join(cache, PACKAGE));
  }
  return program;
}

async function unpackPackage(destination) {
  await mkdir(dirname(destination), { recursive: true });
  const folder = await mkdtemp(join(dirname(destination), 'download-'));
  try {
    const file = await aptDownload(PACKAGE, folder);
    await run('dpkg-deb', ['--extract', file, join(folder, 'root')]);
    await rm(destination, { recursive: true, force: true });
    await rename(join(folder, 'root'), destination);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
