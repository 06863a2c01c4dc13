// `crac-bake rehearse`.

import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { BakeError } from '../errors.ts';
import { rehearse } from '../rehearse/rehearse.ts';
import { renderRehearsal } from '../report/rehearsal.ts';
import { renderError } from '../report/text.ts';
import { readOptions } from './bake-command.ts';
import { findInstallation } from './installation.ts';
import { inWorld } from './world.ts';

/** Rehearses and prints the report; the exit code is the outcome's. Throws `usage` before anything is done. */
export async function rehearseCommand(context: string | undefined, _flags: unknown, command: Command): Promise<void> {
  const { options } = await readOptions(context, command);
  if (options['dry-run']) {
    throw new BakeError('usage', 'options', 'A rehearsal has no dry run', {
      remedy: 'crac-bake bake --dry-run shows what a bake would do.',
    });
  }
  const installation = findInstallation(process.env);
  const { value: report, interrupted } = await inWorld(options.verbose, (world) => rehearse(world, options, installation, randomUUID()));
  const exitCode = report.outcome === 'interrupted' && interrupted !== undefined ? interrupted : report.exitCode;
  process.stdout.write(options.json ? `${JSON.stringify({ ...report, exitCode }, null, 2)}\n` : renderRehearsal(report));
  if (report.error !== null) process.stderr.write(renderError(report.error, options.verbose));
  process.exitCode = exitCode;
}
