// The images of the tests of the engine `crac`: the apps on a CRaC JDK, which is the one that CRAC_BAKE_TEST_JDK_IMAGE names, or the stand-in.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureBaseImages } from './base-images.mjs';
import { runMain } from './errors.mjs';
import { ensureJars } from './jars.mjs';
import { appFolder, ROOT } from './paths.mjs';
import { progressLog } from './progress.mjs';
import { commandFailed, tryRun } from './run.mjs';

const FOLDER = fileURLToPath(new URL('../../test/crac-jdk', import.meta.url));
const BUILD_DEADLINE_MS = 600_000;

/** The app images: names in the tests and stages of test/crac-jdk/apps/Dockerfile. */
const STAGES = ['spring', 'spring-nonroot', 'spring-self', 'cases'];
const appName = (stage, jdk) => `crac-bake-test/crac-${stage}:${jdk}`;

/**
 * Returns the image of each stage, and `jdk`, the image that they are built on. What is unchanged comes from the build cache.
 * A stand-in is made for its `generation` of flags, and with a CRIU of its own where `ownCriu` is the name of an image that has one.
 */
export async function ensureCracImages({ log, jdk = process.env.CRAC_BAKE_TEST_JDK_IMAGE, generation = 17, ownCriu, stages = STAGES }) {
  await ensureJars({ log, only: ['spring-hello'] });
  const base = jdk ?? (await ensureStandIn({ log, generation, ownCriu }));
  const word = jdk === undefined ? `stand-in-${generation}${ownCriu === undefined ? '' : '-own-criu'}` : 'named';
  const images = {};
  for (const stage of stages) {
    images[stage] = appName(stage, word);
    await build(images[stage], stage, { BASE: base }, [
      ...['--build-context', `runtime=${ROOT}/dist`, '--build-context', `hello=${appFolder('spring-hello')}/target`],
      `${FOLDER}/apps`,
    ]);
  }
  log(`images of the engine crac on ${base}: ${Object.values(images).join(', ')}`);
  return { jdk: base, images };
}

async function ensureStandIn({ log, generation, ownCriu }) {
  const { jdk21 } = await ensureBaseImages({ log, only: ['jdk21'] });
  const name = `crac-bake-test/crac-jdk:${generation}${ownCriu === undefined ? '' : '-own-criu'}`;
  const bases = { BASE: jdk21, GENERATION: String(generation), ...(ownCriu === undefined ? {} : { HELPER: ownCriu }) };
  await build(name, ownCriu === undefined ? 'stand-in' : 'own-criu', bases, [FOLDER]);
  return name;
}

async function build(name, stage, buildArguments, rest) {
  const args = [
    ...['buildx', 'build', '--quiet', '--load', '--tag', name, '--target', stage],
    ...Object.entries(buildArguments).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
    ...rest,
  ];
  const result = await tryRun('docker', args, { timeoutMs: BUILD_DEADLINE_MS });
  if (result.code !== 0) throw commandFailed(['docker', ...args], result);
}

// `node scripts/setup/crac-jdk.mjs [GENERATION [IMAGE-WITH-CRIU]]` prints what it returns as JSON.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [generation, ownCriu] = process.argv.slice(2);
  await runMain(async () => {
    const made = await ensureCracImages({ log: progressLog(), ...(generation ? { generation } : {}), ...(ownCriu ? { ownCriu } : {}) });
    process.stdout.write(`${JSON.stringify(made)}\n`);
  });
}
