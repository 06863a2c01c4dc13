// Builds the images of the sample apps. A label holds what an image was made of, so that a second run asks only once.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { APP_IMAGES, JAR_APPS, LONG_IMAGES, LONG_JAR_FOLDERS } from './app-list.mjs';
import { ensureBaseImages } from './base-images.mjs';
import { runMain, SetupError } from './errors.mjs';
import { hashOf } from './hash.mjs';
import { ensureJars } from './jars.mjs';
import { eachOfTwo } from './parallel.mjs';
import { appFolder } from './paths.mjs';
import { progressLog } from './progress.mjs';
import { commandFailed, tryRun } from './run.mjs';

const LABEL = 'crac-bake-test.sources';
const BUILD_DEADLINE_MS = 600_000;

/** `only`: image names, all by default. Returns the names. Bases and jars that are needed are made as well, unless given. */
export async function ensureAppImages({ log, only = APP_IMAGES.map((image) => image.name), bases, jars }) {
  const images = only.map(knownImage);
  const needed = [...JAR_APPS, ...LONG_JAR_FOLDERS].filter((name) => images.some((image) => needsJarOf(image, name)));
  if (needed.length > 0 && !jars) await ensureJars({ log, only: needed });
  const names = bases ?? (await ensureBaseImages({ log, only: [...new Set(images.flatMap((image) => Object.values(image.bases)))] }));
  const present = await inspect([...images.map((image) => image.name), ...Object.values(names)]);
  await eachOfTwo(images, async (image) => {
    const sources = await sourcesOf(image, names, present);
    if (present.get(image.name)?.sources !== sources) await build(image, { names, sources, replaces: present.get(image.name)?.id, log });
  });
  log(`app images: ${images.length} ready`);
  return images.map((image) => image.name);
}

function needsJarOf({ folder, contexts }, name) {
  const own = folder === name && JAR_APPS.includes(name);
  return own || Object.values(contexts).some((context) => context.folder === `${name}/target`);
}

function knownImage(name) {
  const known = [...APP_IMAGES, ...LONG_IMAGES];
  const image = known.find((each) => each.name === name);
  if (!image) throw new SetupError(`no sample image is called ${name}; there are ${known.map((each) => each.name).join(', ')}`, 2);
  return image;
}

/** Name to `{id, sources}` for those of the images that exist. */
async function inspect(names) {
  const format = `{{json .RepoTags}} {{.Id}} {{if .Config.Labels}}{{index .Config.Labels "${LABEL}"}}{{end}}`;
  const { stdout } = await tryRun('docker', ['image', 'inspect', '--format', format, ...names]);
  return new Map(
    stdout
      .split('\n')
      .filter(Boolean)
      .flatMap((line) => {
        const [tags, id, sources] = line.split(' ');
        return JSON.parse(tags).map((tag) => [tag, { id, sources }]);
      }),
  );
}

async function sourcesOf({ folder, bases, contexts }, names, present) {
  const files = (await readdir(appFolder(folder))).filter((name) => name !== 'target');
  if (JAR_APPS.includes(folder)) files.push(join('target', 'app.jar'));
  const others = await Promise.all(Object.values(contexts).map((context) => hashOf(appFolder(context.folder), context.files)));
  return hashOf(appFolder(folder), files, [...Object.values(bases).map((key) => present.get(names[key])?.id), ...others].join(' '));
}

async function build({ name, folder, target, bases, contexts }, { names, sources, replaces, log }) {
  const start = Date.now();
  const args = [
    'buildx',
    'build',
    '--quiet',
    '--load',
    '--tag',
    name,
    '--label',
    `${LABEL}=${sources}`,
    ...(target ? ['--target', target] : []),
    ...Object.entries(bases).flatMap(([argument, key]) => ['--build-arg', `${argument}=${names[key]}`]),
    ...Object.entries(contexts).flatMap(([word, context]) => ['--build-context', `${word}=${appFolder(context.folder)}`]),
    appFolder(folder),
  ];
  const result = await tryRun('docker', args, { timeoutMs: BUILD_DEADLINE_MS });
  if (result.code !== 0) throw commandFailed(['docker', ...args], result);
  // The image that had the name before would stay as a dangling one.
  if (replaces) await tryRun('docker', ['image', 'rm', replaces]);
  log(`built ${name} in ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const only = process.argv.slice(2);
  await runMain(() => ensureAppImages({ log: progressLog(), ...(only.length > 0 ? { only } : {}) }));
}
