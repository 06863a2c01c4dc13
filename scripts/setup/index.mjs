// All the set-up that the demo and the tests need: node scripts/setup/index.mjs [dependencies] [engine] [bases] [jars] [apps]
import { pathToFileURL } from 'node:url';
import { ensureAppImages } from './app-images.mjs';
import { ensureBaseImages } from './base-images.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { ensureEngine } from './engine.mjs';
import { runMain, SetupError } from './errors.mjs';
import { ensureJars } from './jars.mjs';
import { allDone } from './parallel.mjs';
import { progressLog } from './progress.mjs';

export const PARTS = ['dependencies', 'engine', 'bases', 'jars', 'apps'];

/** Returns `{engine, bases, jars, apps}`: what each part of `only` (all by default) returned. */
export async function ensureAll({ log, only = PARTS }) {
  const unknown = only.filter((part) => !PARTS.includes(part));
  if (unknown.length > 0) throw new SetupError(`no part of the set-up is called ${unknown.join(', ')}; there are ${PARTS.join(', ')}`, 2);
  const does = (part) => only.includes(part);
  const result = {};
  // First and alone: where no engine can be had, nothing else is worth its time.
  if (does('engine')) result.engine = await ensureEngine({ log });
  [result.bases, result.jars] = await allDone([
    does('bases') ? ensureBaseImages({ log }) : undefined,
    does('jars') ? ensureJars({ log }) : undefined,
    does('dependencies') ? ensureDependencies({ log }) : undefined,
  ]);
  if (does('apps')) result.apps = await ensureAppImages({ log, bases: result.bases, jars: result.jars });
  return result;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const only = process.argv.slice(2);
  await runMain(async () => {
    const log = progressLog();
    await ensureAll({ log, ...(only.length > 0 ? { only } : {}) });
    log('done');
  });
}
