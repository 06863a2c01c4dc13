// A kubelet, built from its Go module (whose sum Go checks) and kept below the user's cache.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError } from './errors.mjs';
import { commandExists, run } from './run.mjs';

// The last minor version that runs on hosts with cgroup v1 without being told to is 1.34.
const MINOR = 34;
const PATCH = 3;
const VERSION = `1.${MINOR}.${PATCH}`;
const MODULE = 'k8s.io/kubernetes';
const BUILD_DEADLINE_MS = 1_800_000;

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'crac-bake', 'kubelet');

/** Returns its path: a static program for Linux. */
export async function ensureKubelet({ log }) {
  const program = join(cache, `kubelet-${VERSION}`);
  if (existsSync(program)) return program;
  if (!(await commandExists('go'))) throw new SetupError('the tests on Kubernetes need Go to build a kubelet: https://go.dev/doc/install');
  log(`building kubelet ${VERSION} (some minutes)`);
  const start = Date.now();
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), 'crac-bake-kubelet-'));
  try {
    await writeFile(join(folder, 'go.mod'), await moduleFile(folder));
    const version = '-X k8s.io/component-base/version.git';
    const flags = `-s -w ${version}Version=v${VERSION} ${version}Major=1 ${version}Minor=${MINOR}`;
    await go(['build', '-mod=mod', '-trimpath', '-ldflags', flags, '-o', 'kubelet', `${MODULE}/cmd/kubelet`], folder);
    await copyFile(join(folder, 'kubelet'), `${program}.new`);
    await rename(`${program}.new`, program);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  log(`built kubelet ${VERSION} in ${((Date.now() - start) / 1000).toFixed(0)} s`);
  return program;
}

const go = (args, cwd) =>
  run('go', args, { cwd, env: { CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off', GOTOOLCHAIN: 'local' }, timeoutMs: BUILD_DEADLINE_MS });

/** A module that needs Kubernetes'. That one refers to its parts by folders beside it; for others they are modules of the same minor version. */
async function moduleFile(folder) {
  const { stdout } = await go(['mod', 'download', '-json', `${MODULE}@v${VERSION}`], folder);
  const original = await readFile(JSON.parse(stdout).GoMod, 'utf8');
  const parts = [...original.matchAll(/=> \.\/staging\/src\/(\S+)/g)].map(([, part]) => `\t${part} => ${part} v0.${MINOR}.${PATCH}`);
  const language = original.match(/^go .*$/m)?.[0] ?? '';
  return [`module node`, language, `require ${MODULE} v${VERSION}`, `replace (\n${parts.join('\n')}\n)`, ''].join('\n\n');
}
