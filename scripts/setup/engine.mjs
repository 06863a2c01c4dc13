// Brings up a Docker Engine where none answers.
import { pathToFileURL } from 'node:url';
import { aptInstall, withDownloadedPackages } from './apt.mjs';
import { startDaemon } from './daemon.mjs';
import { runMain, SetupError } from './errors.mjs';
import { distribution, hasApt, isRoot } from './host.mjs';
import { progressLog } from './progress.mjs';
import { commandExists, tryRun } from './run.mjs';

const FORBIDDEN = 'CRAC_BAKE_NO_ENGINE_SETUP';
const NEEDED = 'a Docker Engine (26 or newer) with buildx and compose: https://docs.docker.com/engine/install/';

/** Returns `{version}` of the engine; throws a SetupError where there is none and none can be set up. */
export async function ensureEngine({ log }) {
  let version = await engineVersion();
  if (!version) {
    refuseWhereNotAllowed();
    if (!(await commandExists('dockerd'))) await installEngine({ log });
    // On a machine with systemd the package has started it already.
    version = (await engineVersion()) ?? (await startDaemon({ log, answers: engineVersion }));
  }
  for (const plugin of PLUGINS) await ensurePlugin(plugin, { log });
  log(`Docker Engine ${version} answers`);
  return { version };
}

async function engineVersion() {
  const { code, stdout } = await tryRun('docker', ['info', '--format', '{{.ServerVersion}}'], { timeoutMs: 10_000 });
  return code === 0 && stdout.trim() ? stdout.trim() : undefined;
}

function refuseWhereNotAllowed() {
  const why =
    process.env[FORBIDDEN] === '1'
      ? `${FORBIDDEN}=1 forbids to set one up`
      : !hasApt()
        ? 'setting one up is only done on Debian and Ubuntu'
        : !isRoot()
          ? 'setting one up needs root'
          : undefined;
  if (why) throw new SetupError(`no Docker Engine answers, and ${why}. Please install and start ${NEEDED}`);
}

async function installEngine({ log }) {
  const { id, codename } = distribution();
  if (id === 'debian' && codename === 'bookworm') return installOnBookworm({ log });
  log('no Docker Engine here: installing the one of this distribution');
  const client = id === 'debian' ? ['docker-cli'] : [];
  await aptInstall(['docker.io', 'docker-buildx', 'iptables', ...client], { log, purpose: 'the Docker Engine' });
}

// Debian 12's own engine (20.10) does not know CAP_CHECKPOINT_RESTORE; Debian 13's packages install on it as they are.
async function installOnBookworm({ log }) {
  log('no Docker Engine here: downloading that of Debian 13 (this machine keeps its package sources)');
  await withDownloadedPackages('trixie', ['docker.io', 'docker-cli', 'containerd', 'docker-buildx'], (files) =>
    aptInstall([...files, 'runc', 'iptables'], { log, purpose: 'the Docker Engine' }),
  );
}

/** Parts of the Docker client that come in packages of their own: Debian's package, Docker's, and what they are needed for. */
const PLUGINS = [
  { command: 'buildx', debian: 'docker-buildx', docker: 'docker-buildx-plugin', purpose: 'the image build' },
  { command: 'compose', debian: 'docker-compose', docker: 'docker-compose-plugin', purpose: 'the tests of services' },
];

async function ensurePlugin({ command, debian, docker, purpose }, { log }) {
  const answers = async () => (await tryRun('docker', [command, 'version'])).code === 0;
  if (await answers()) return;
  const allowed = process.env[FORBIDDEN] !== '1' && hasApt() && isRoot();
  if (allowed) {
    const { id, codename } = distribution();
    if (codename === 'bookworm') await withDownloadedPackages('trixie', [debian], (files) => aptInstall(files, { log, purpose }));
    // Ubuntu's docker-compose is version 1, which is no plugin.
    else await aptInstall([id === 'ubuntu' && command === 'compose' ? 'docker-compose-v2' : debian], { log, purpose });
  }
  if (!(await answers()))
    throw new SetupError(`the Docker client has no ${command} plugin. Please install ${docker} (Docker) or ${debian} (Debian, Ubuntu)`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await runMain(() => ensureEngine({ log: progressLog() }));
