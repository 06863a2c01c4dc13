// The post step: removes what a killed main step has left, and keeps a helper image that was built. Never fails the job.

import { tmpdir } from 'node:os';
import * as core from '@actions/core';
import { removeLeftovers } from '../src/bake/leftovers.ts';
import type { DockerWorld } from '../src/docker/cli.ts';
import { printable } from '../src/report/printable.ts';
import { cacheLibrary, hasCacheService, saveHelper } from './cache-store.ts';
import { runCommand } from './command-runner.ts';
import { STATE } from './state.ts';

/** An engine that has stopped answering must not hold the job up. */
const ANSWER_TIMEOUT_MS = 30_000;

const world: DockerWorld = { run: runCommand, emit: () => {}, signal: new AbortController().signal, answerTimeoutMs: ANSWER_TIMEOUT_MS };

/** Only what this step's run made: other jobs may be baking on the same engine. */
async function removeLeft(run: string): Promise<void> {
  try {
    const removed = Object.entries(await removeLeftovers(world, run)).filter(([, count]) => count > 0);
    core.info(removed.length === 0 ? 'Nothing was left.' : `Removed ${removed.map(([what, count]) => `${count} ${what}`).join(', ')}.`);
  } catch (error) {
    core.info(`The engine was not asked for what is left: ${printable((error as Error).message)}`);
  }
}

try {
  const run = core.getState(STATE.run);
  // Without it the main step has not begun, and nothing is there to be removed.
  if (run !== '') await removeLeft(run);
  const helper = core.getState(STATE.helper);
  if (helper !== '' && hasCacheService(process.env)) {
    const folder = process.env.RUNNER_TEMP || tmpdir();
    await saveHelper({ world, folder, library: cacheLibrary, warn: (message) => core.warning(printable(message)) }, helper);
  }
} catch (error) {
  core.info(`The clean-up ended early: ${printable((error as Error).message)}`);
}
process.exit(0);
