// What the long tests need beyond the ordinary set-up: node scripts/setup/long.mjs
import { pathToFileURL } from 'node:url';
import { ensureAppImages } from './app-images.mjs';
import { LONG_IMAGES } from './app-list.mjs';
import { runMain } from './errors.mjs';
import { ensureAll } from './index.mjs';
import { progressLog } from './progress.mjs';

/** Returns what the ordinary set-up returns. */
export async function ensureLong({ log }) {
  const all = await ensureAll({ log });
  await ensureAppImages({ log, only: LONG_IMAGES.map((image) => image.name) });
  return all;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await runMain(() => ensureLong({ log: progressLog() }));
