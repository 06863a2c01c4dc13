// Makes a Debian image without a registry: mmdebstrap piped into docker import.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { aptDateSettings, aptInstall } from './apt.mjs';
import { SetupError } from './errors.mjs';
import { commandExists, run } from './run.mjs';

// What Debian's slim images leave out as well. The folders of the manual stay: packages put links to their commands there.
const LEFT_OUT = ['/usr/share/doc/*', '/usr/share/info/*', '/usr/share/locale/*', '/usr/share/man/*/*'];
const PATH = 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const POLICY = fileURLToPath(new URL('files/policy-rc.d', import.meta.url));

export async function prepareMaking({ log }) {
  if (!(await commandExists('mmdebstrap'))) await aptInstall(['mmdebstrap'], { log, purpose: 'making base images without a registry' });
}

/** Returns how many seconds it took. The image has its name only when all of it went well. */
export async function makeDebianImage({ name, suite, packages, configuration, mirror }) {
  const start = Date.now();
  const changes = [PATH, ...configuration].flatMap((change) => ['--change', change]);
  const maker = spawnPart('mmdebstrap', await mmdebstrapArguments({ suite, packages, mirror }));
  const importer = spawnPart('docker', ['import', ...changes, '-']);
  maker.child.stdout.pipe(importer.child.stdin);
  // An importer that ended early is told by its exit code, not by this side's EPIPE.
  importer.child.stdin.on('error', () => maker.child.kill());
  maker.child.stdin.end();
  const [made, imported] = await Promise.all([maker.ended, importer.ended]);
  const id = imported.stdout.trim();
  try {
    for (const part of [made, imported]) if (part.code !== 0) throw new SetupError(`cannot make ${name}: ${part.message}`);
    await run('docker', ['tag', id, name]);
  } catch (error) {
    if (id) await run('docker', ['image', 'rm', id]).catch(() => undefined);
    throw error;
  }
  return (Date.now() - start) / 1000;
}

async function mmdebstrapArguments({ suite, packages, mirror }) {
  return [
    '--variant=apt',
    '--components=main',
    ...(await aptDateSettings()).map((setting) => `--aptopt=${setting}`),
    // The image keeps this one, and mmdebstrap would remove it if it managed its own.
    '--skip=chroot/policy-rc.d',
    `--essential-hook=copy-in ${POLICY} /usr/sbin`,
    ...LEFT_OUT.map((path) => `--dpkgopt=path-exclude=${path}`),
    ...(packages.length > 0 ? [`--include=${packages.join(',')}`] : []),
    suite,
    '-',
    mirror,
  ];
}

function spawnPart(command, args) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  if (command === 'docker')
    child.stdout.on('data', (data) => {
      output.stdout += data;
    });
  child.stderr.on('data', (data) => {
    output.stderr += data;
  });
  const ended = new Promise((resolve) => {
    const done = (code, message) => resolve({ code, stdout: output.stdout, message: `${command} ${message}` });
    child.on('error', (error) => done(127, error.message));
    child.on('close', (code) => done(code ?? 1, `ended with exit code ${code}: ${telling(output.stderr)}`));
  });
  return { child, ended };
}

// mmdebstrap's own last line says only that something failed; the cause stands above it.
function telling(output) {
  const lines = output.trim().split('\n');
  const errors = lines.filter((line) => /\berror\b|^E: /i.test(line));
  return (errors.length > 0 ? errors : lines).slice(-8).join('\n');
}
