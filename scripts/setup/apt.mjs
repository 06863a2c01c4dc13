// Packages of Debian and Ubuntu.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError } from './errors.mjs';
import { hasApt, isRoot } from './host.mjs';
import { run, tryRun } from './run.mjs';

// Another apt may be at work (unattended upgrades, a second set-up): wait for it instead of failing.
const WAIT_FOR_LOCK = '-oDPkg::Lock::Timeout=300';
const ENVIRONMENT = { DEBIAN_FRONTEND: 'noninteractive' };
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

let listsUpdated = false;
let queue = Promise.resolve();

/**
 * Installs packages (names, or paths of .deb files); `purpose` is for the message where that is not possible.
 * One call at a time: only one apt can hold the lists' lock.
 */
export async function aptInstall(packages, options) {
  const turn = queue.then(() => install(packages, options));
  queue = turn.catch(() => undefined);
  await turn;
}

/** Downloads a package of this distribution into a folder and returns the file's path. */
export async function aptDownload(name, folder) {
  const args = ['download', '-oAPT::Sandbox::User=root', name];
  // A fresh system has no package lists yet.
  if ((await tryRun('apt-get', args, { cwd: folder })).code !== 0) {
    await updateLists();
    await run('apt-get', args, { cwd: folder });
  }
  return join(
    folder,
    (await readdir(folder)).find((file) => file.endsWith('.deb')),
  );
}

async function updateLists() {
  if (listsUpdated || !isRoot()) return;
  // One unreachable third-party list must not stop the rest: a package that is really missing fails later.
  await tryRun('apt-get', ['update', '-q'], { env: ENVIRONMENT });
  listsUpdated = true;
}

async function install(packages, { log, purpose }) {
  if (!hasApt() || !isRoot()) {
    throw new SetupError(`${purpose} needs ${packages.join(', ')}; please install (only done by itself on Debian or Ubuntu as root)`);
  }
  await updateLists();
  log(`installing ${packages.map((name) => name.split('/').pop()).join(', ')}`);
  await run('apt-get', ['install', '-yq', '--no-install-recommends', WAIT_FOR_LOCK, ...packages], { env: ENVIRONMENT });
}

/** The address of the Debian mirror that this machine is set up with, or that `CRAC_BAKE_DEBIAN_MIRROR` names. */
export async function debianMirror() {
  if (process.env.CRAC_BAKE_DEBIAN_MIRROR) return process.env.CRAC_BAKE_DEBIAN_MIRROR;
  const { stdout } = await tryRun('apt-get', [
    'indextargets',
    '--format',
    '$(SITE)',
    'Created-By: Packages',
    'Origin: Debian',
    'Label: Debian',
  ]);
  const mirror = stdout.split('\n')[0].trim() || (await mirrorFromSources());
  if (!mirror) throw new SetupError('no Debian mirror is set up here; name one in CRAC_BAKE_DEBIAN_MIRROR');
  return mirror;
}

// Without package lists, as in a fresh container, targets have no origin yet.
async function mirrorFromSources() {
  const { stdout } = await tryRun('apt-get', ['indextargets', '--format', '$(SITE)', 'Created-By: Packages']);
  return stdout
    .split('\n')
    .find((site) => /\/debian\/?$/.test(site.trim()))
    ?.trim();
}

/** The host's apt settings about old package lists, as `Key "value"` lines; a mirror of an older day needs them in images too. */
export async function aptDateSettings() {
  const { stdout } = await tryRun('apt-config', ['dump', '--format', '%f "%v"%n', 'Acquire::Check-Valid-Until', 'Acquire::Check-Date']);
  return stdout.split('\n').filter((line) => /^Acquire::\S+ "\w+"$/.test(line));
}

/** Downloads packages of another Debian release, leaving this machine's package lists as they are. */
export async function withDownloadedPackages(release, packages, use) {
  const folder = await mkdtemp(join(tmpdir(), 'crac-bake-packages-'));
  try {
    await mkdir(join(folder, 'lists', 'partial'), { recursive: true });
    const list = join(folder, 'sources.list');
    await writeFile(list, `deb [signed-by=${KEYRING}] ${await debianMirror()} ${release} main\n`);
    const elsewhere = [
      `-oDir::Etc::sourcelist=${list}`,
      '-oDir::Etc::sourceparts=/dev/null',
      `-oDir::State::lists=${join(folder, 'lists')}`,
      // Root must not switch to the user _apt, who cannot write here.
      '-oAPT::Sandbox::User=root',
    ];
    await run('apt-get', [...elsewhere, 'update', '-q'], { env: ENVIRONMENT });
    await run('apt-get', [...elsewhere, 'download', ...packages], { cwd: folder, env: ENVIRONMENT });
    return await use((await readdir(folder)).filter((name) => name.endsWith('.deb')).map((name) => join(folder, name)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
