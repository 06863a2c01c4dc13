// The images that everything else here is built on: pulled where a registry answers, made from Debian packages where none does.
import { pathToFileURL } from 'node:url';
import { debianMirror } from './apt.mjs';
import { BASES, RARE_BASES } from './base-list.mjs';
import { makeDebianImage, prepareMaking } from './debian-image.mjs';
import { runMain, SetupError } from './errors.mjs';
import { eachOfTwo } from './parallel.mjs';
import { progressLog } from './progress.mjs';
import { tryRun } from './run.mjs';

// Docker's first line comes when the registry has answered.
const REGISTRY_DEADLINE_MS = 8_000;
const PULL_DEADLINE_MS = 600_000;

/** Returns the name of an image for each base, e.g. `{jdk21: 'eclipse-temurin:21', criu: 'debian:testing-slim', …}`. */
export async function ensureBaseImages({ log, only = Object.keys(BASES).filter((key) => !RARE_BASES.includes(key)) }) {
  const names = await presentNames(only);
  const missing = only.filter((key) => !names[key]);
  if (missing.length > 0) await addMissing(names, missing, { log });
  log(`base images: ${only.map((key) => `${key}=${names[key]}`).join(' ')}`);
  return names;
}

async function addMissing(names, missing, { log }) {
  const [first, ...others] = missing;
  const refusal = await pull(names, first, { log });
  if (refusal) {
    log(`${refusal}: making base images from Debian packages`);
    await prepareMaking({ log });
  }
  await eachOfTwo(refusal ? missing : others, async (key) => {
    if (refusal) names[key] = await make(key, { log });
    else throwIf(await pull(names, key, { log }));
  });
}

async function presentNames(keys) {
  const candidates = keys.flatMap((key) => [BASES[key].registry, BASES[key].local]);
  const format = '{{range .RepoTags}}{{.}} {{end}}';
  const { code, stdout, stderr } = await tryRun('docker', ['image', 'inspect', '--format', format, ...candidates]);
  // A missing image makes the exit code 1 and is no failure here; a missing engine is one.
  if (code !== 0 && /Cannot connect|permission denied/i.test(stderr)) throw new SetupError(stderr.trim());
  const tags = new Set(stdout.split(/\s+/));
  return Object.fromEntries(keys.map((key) => [key, [BASES[key].registry, BASES[key].local].find((name) => tags.has(name))]));
}

/** Returns why it was not possible, or nothing. */
async function pull(names, key, { log }) {
  const { registry } = BASES[key];
  const start = Date.now();
  const { code, stderr, timedOut } = await tryRun('docker', ['pull', registry], {
    timeoutMs: PULL_DEADLINE_MS,
    firstOutputMs: REGISTRY_DEADLINE_MS,
  });
  if (code !== 0) return `${registry} cannot be pulled (${timedOut ? 'no answer in time' : lastLine(stderr)})`;
  log(`pulled ${registry} in ${((Date.now() - start) / 1000).toFixed(1)} s`);
  names[key] = registry;
  return undefined;
}

function throwIf(problem) {
  if (problem) throw new SetupError(problem);
}

const lastLine = (text) => text.trim().split('\n').pop();

async function make(key, { log }) {
  const { local, suite, packages, configuration } = BASES[key];
  log(`making ${local} (Debian ${suite}${packages.map((name) => `, ${name}`).join('')})`);
  const seconds = await makeDebianImage({ name: local, suite, packages, configuration, mirror: await debianMirror() });
  log(`made ${local} in ${seconds.toFixed(1)} s`);
  return local;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => process.stdout.write(`${JSON.stringify(await ensureBaseImages({ log: progressLog() }), null, 2)}\n`));
}
