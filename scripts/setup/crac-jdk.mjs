// Images for the tests of the engine `crac`: the stand-in for a CRaC JDK, and apps on it, or on the image that CRAC_BAKE_TEST_JDK_IMAGE names.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBaseImages } from './base-images.mjs';
import { runMain } from './errors.mjs';
import { hashOf } from './hash.mjs';
import { ensureJars } from './jars.mjs';
import { eachOfTwo } from './parallel.mjs';
import { appFolder, ROOT } from './paths.mjs';
import { progressLog } from './progress.mjs';
import { commandFailed, tryRun } from './run.mjs';

const LABEL = 'crac-bake-test.sources';
const BUILD_DEADLINE_MS = 600_000;

const FOLDER = join(ROOT, 'test', 'crac-jdk');
const STAND_IN = 'crac-bake-test/crac-jdk';

/** Of the flags of 17, with a CRIU of its own, and of the flags of 26. */
const STAND_INS = [
  { name: `${STAND_IN}:17`, generation: '17' },
  { name: `${STAND_IN}:17-criu`, generation: '17', target: 'own-criu' },
  { name: `${STAND_IN}:26`, generation: '26' },
];

const app = (stage, base = `${STAND_IN}:17`, tag = 'app') => ({ name: `crac-bake-test/crac-${stage}:${tag}`, stage, base });

/** Apps whose JDK a real image takes the place of. */
const APPS = [app('spring'), app('spring-nonroot'), app('spring-self'), app('cases')];

/** Apps that are there on the stand-in alone: what they try depends on its generation, or on the CRIU that it has. */
const OF_THE_STAND_IN = [app('cases', `${STAND_IN}:26`, '26'), app('cases', `${STAND_IN}:17-criu`, 'own-criu')];

/** Makes what is not there yet. `bases`: names of base images, as ensureBaseImages gives them. */
export async function ensureCracJdk({ log, bases, jars }) {
  const names = bases ?? (await ensureBaseImages({ log, only: ['jdk21', 'criu'] }));
  if (!jars) await ensureJars({ log, only: ['spring-hello'] });
  const real = process.env.CRAC_BAKE_TEST_JDK_IMAGE;
  if (!real) {
    const helper = await ensureHelper({ log, base: names.criu });
    const sources = await hashOf(FOLDER, ['Dockerfile', 'src', 'bin', 'lib'], await idOf(names.jdk21));
    await eachOfTwo(STAND_INS, ({ name, generation, target }) =>
      build({ log, name, sources, folder: FOLDER, target, args: { BASE: names.jdk21, HELPER: helper, GENERATION: generation } }),
    );
  }
  const folder = join(FOLDER, 'apps');
  const contexts = { runtime: join(ROOT, 'dist'), hello: join(appFolder('spring-hello'), 'target') };
  const parts = `${await hashOf(contexts.runtime, ['context.jar'])} ${await hashOf(contexts.hello, ['app.jar'])}`;
  const apps = real ? APPS.map((each) => ({ ...each, base: real })) : [...APPS, ...OF_THE_STAND_IN];
  await eachOfTwo(apps, async ({ name, stage, base }) =>
    build({
      log,
      name,
      sources: await hashOf(folder, ['.'], `${parts} ${base} ${await idOf(base)}`),
      folder,
      target: stage,
      args: { BASE: base },
      contexts,
    }),
  );
  log(`CRaC JDK: ${real ?? STAND_IN}, ${apps.length} apps ready`);
}

/** The helper image under the name by which a bake finds it (src/bake/helper-image.ts). */
async function ensureHelper({ log, base }) {
  const folder = join(ROOT, 'helper');
  const text = `${await readFile(join(folder, 'Dockerfile'), 'utf8')}\n${base}`;
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const name = `crac-bake/helper:${createHash('sha256').update(text).digest('hex').slice(0, 12)}-${architecture}`;
  if ((await idOf(name)) === '') await build({ log, name, folder, args: { BASE: base } });
  return name;
}

async function idOf(name) {
  const { stdout } = await tryRun('docker', ['image', 'inspect', '--format', '{{.Id}}', name]);
  return stdout.trim();
}

async function build({ log, name, sources, folder, target, args, contexts = {} }) {
  const format = `{{.Id}} {{if .Config.Labels}}{{index .Config.Labels "${LABEL}"}}{{end}}`;
  const { stdout } = await tryRun('docker', ['image', 'inspect', '--format', format, name]);
  const [replaces, was] = stdout.trim().split(' ');
  if (sources !== undefined && was === sources) return;
  const start = Date.now();
  const words = [
    ...['buildx', 'build', '--quiet', '--load', '--tag', name],
    ...(sources === undefined ? [] : ['--label', `${LABEL}=${sources}`]),
    ...(target === undefined ? [] : ['--target', target]),
    ...Object.entries(args).flatMap(([argument, value]) => ['--build-arg', `${argument}=${value}`]),
    ...Object.entries(contexts).flatMap(([word, path]) => ['--build-context', `${word}=${path}`]),
    folder,
  ];
  const result = await tryRun('docker', words, { timeoutMs: BUILD_DEADLINE_MS });
  if (result.code !== 0) throw commandFailed(['docker', ...words], result);
  // The image that had the name before would stay as a dangling one.
  if (replaces) await tryRun('docker', ['image', 'rm', replaces]);
  log(`built ${name} in ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await runMain(() => ensureCracJdk({ log: progressLog() }));
