// The action: inputs to options, a bake, and what came of it as outputs, summary and annotations.

import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { clock } from '../src/adapters/clock.ts';
import { files } from '../src/adapters/files.ts';
import { network } from '../src/adapters/network.ts';
import { bake } from '../src/bake/bake.ts';
import { emptyReport, type Installation } from '../src/bake/run.ts';
import { inFileTerms } from '../src/cli/file-terms.ts';
import { findInstallation } from '../src/cli/installation.ts';
import { onInterrupt } from '../src/cli/interrupt.ts';
import { loadOptions } from '../src/config/load.ts';
import { BakeError } from '../src/errors.ts';
import type { BakeOptions } from '../src/plan/plan.ts';
import type { World } from '../src/ports.ts';
import { printable } from '../src/report/printable.ts';
import { type BakeReport, reportError } from '../src/report/report.ts';
import { cacheLibrary, hasCacheService, helperStore } from './cache-store.ts';
import { runCommand } from './command-runner.ts';
import { readInputs } from './inputs.ts';
import { stepLog } from './log.ts';
import { publish } from './publish.ts';
import { type Redact, rawRedactor, redactor, redactReport, secretValues } from './redact.ts';
import { sink } from './sink.ts';
import { STATE } from './state.ts';

const folder = process.env.RUNNER_TEMP || tmpdir();

/** Bakes as the inputs say. Never throws: whatever goes wrong is a report too. */
async function run(id: string): Promise<BakeReport> {
  const installation = findInstallation(process.env);
  const given = readInputs(core.getInput);
  try {
    const { file, options, settings } = await loadOptions({
      flags: given,
      environment: process.env,
      variables: false,
      cwd: process.cwd(),
      files,
    });
    if (file !== undefined) core.info(printable(`Options of ${file.name}`));
    for (const value of secretValues(options)) core.setSecret(value);
    const redact = redactor(options);
    return redactReport(inFileTerms(await bakeWith(options, installation, id, redact), settings), redact);
  } catch (error) {
    const failure = error instanceof BakeError ? error : new BakeError('bug', 'options', (error as Error).message);
    const { outcome, exitCode } = failure;
    return redactReport({ ...emptyReport(installation.tool, id, []), outcome, exitCode, error: reportError(failure) }, rawRedactor(given));
  }
}

async function bakeWith(options: BakeOptions, installation: Installation, id: string, redact: Redact): Promise<BakeReport> {
  const interruption = onInterrupt(process);
  const world: World = {
    run: runCommand,
    clock,
    network,
    // In the runner's folder, which it empties itself, should this process be killed.
    files: { ...files, makeTemporaryFolder: () => mkdtemp(join(folder, 'crac-bake-')) },
    emit: stepLog(sink, { now: clock.now, redact }),
    signal: interruption.signal,
    letFinish: interruption.letFinish,
    cleanUp: interruption.cleanUp,
  };
  const warn = (message: string) => world.emit({ kind: 'warning', message });
  const store = hasCacheService(process.env)
    ? helperStore({ world, folder, library: cacheLibrary, warn }, (image) => core.saveState(STATE.helper, image))
    : undefined;
  try {
    return await bake(world, options, store === undefined ? installation : { ...installation, helperStore: store }, id);
  } finally {
    interruption.stop();
  }
}

const id = randomUUID();
core.saveState(STATE.run, id);
try {
  const report = await run(id);
  await publish(report, join(folder, `crac-bake-${id.slice(0, 8)}.json`));
} catch (error) {
  core.setFailed(error as Error);
}
// A cache that did not answer in time must not hold the job up.
process.exit();
