// `crac-bake bake`.

import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { bake } from '../bake/bake.ts';
import { dryRun } from '../bake/dry-run.ts';
import { explained, loadOptions } from '../config/load.ts';
import { renderError, renderResult } from '../report/text.ts';
import { inFileTerms } from './file-terms.ts';
import { misspeltVariables } from './flags.ts';
import { findInstallation } from './installation.ts';
import { sourcesOf } from './sources.ts';
import { inWorld } from './world.ts';

/** The options of a command that takes those of a bake. Throws `usage`; tells of the config file, and of variables that are misspelt. */
export async function readOptions(context: string | undefined, command: Command): ReturnType<typeof loadOptions> {
  const loaded = await loadOptions(sourcesOf(command, context));
  if (loaded.file !== undefined) process.stderr.write(`Options of ${loaded.file.name}\n`);
  for (const warning of misspeltVariables(process.env)) process.stderr.write(`! ${warning}\n`);
  return loaded;
}

/** Bakes and prints the report; the exit code is the outcome's. Throws `usage` before anything is done. */
export async function bakeCommand(context: string | undefined, _flags: unknown, command: Command): Promise<void> {
  const { options, settings } = await readOptions(context, command);
  const installation = findInstallation(process.env);
  const { value, interrupted } = await inWorld(options.verbose, async (world) => {
    if (!options['dry-run']) return { report: await bake(world, options, installation, randomUUID()) };
    try {
      return { plan: await dryRun(world, options) };
    } catch (error) {
      throw explained(error, settings);
    }
  });
  if (value.plan !== undefined) {
    process.stdout.write(options.json ? `${JSON.stringify(value.plan, null, 2)}\n` : value.plan.text);
    return;
  }
  const report = inFileTerms(value.report, settings);
  // An interruption that came after the last tag was moved changes nothing.
  const exitCode = report.outcome === 'interrupted' && interrupted !== undefined ? interrupted : report.exitCode;
  process.stdout.write(options.json ? `${JSON.stringify({ ...report, exitCode }, null, 2)}\n` : renderResult(report));
  if (report.error !== null && report.exitCode !== 0) process.stderr.write(renderError(report.error, options.verbose));
  process.exitCode = exitCode;
}
