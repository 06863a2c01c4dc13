// `crac-bake doctor`.

import { randomUUID } from 'node:crypto';
import { files } from '../adapters/files.ts';
import { removeLeftovers } from '../bake/leftovers.ts';
import { loadSettings } from '../config/load.ts';
import { linkOf } from '../diagnose/diagnose.ts';
import { examine } from '../doctor/examine.ts';
import { EXIT_CODES } from '../errors.ts';
import type { Judgement } from '../host/judgement.ts';
import { printable } from '../report/printable.ts';
import { environmentName } from '../spec/options.ts';
import { findInstallation } from './installation.ts';
import { inWorld } from './world.ts';

interface DoctorFlags {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly criuBase?: string;
}

/** Checks the engine, shows a line for each check, and ends with 3 when one failed. */
export async function doctorCommand(flags: DoctorFlags): Promise<void> {
  const name = environmentName('criu-base');
  const { options } = await loadSettings({
    flags: flags.criuBase === undefined ? {} : { 'criu-base': flags.criuBase },
    environment: { [name]: process.env[name] },
    cwd: process.cwd(),
    files,
  });
  const installation = findInstallation(process.env);
  const run = randomUUID();
  const caller = { platform: process.platform, dockerHost: installation.dockerHost };
  const { value: checks, interrupted } = await inWorld(flags.verbose === true, async (world) => {
    try {
      return await examine(world, options['criu-base'], installation, caller, run);
    } finally {
      await removeLeftovers({ ...world, signal: new AbortController().signal }, run).catch(() => {});
    }
  });
  const failed = checks.some((check) => check.verdict === 'fail');
  process.stdout.write(flags.json ? `${JSON.stringify({ checks: checks.map(withLink) }, null, 2)}\n` : render(checks));
  process.exitCode = interrupted ?? (failed ? EXIT_CODES.host : 0);
}

function withLink(check: Judgement): Judgement & { readonly link?: string } {
  return check.failure === undefined ? check : { ...check, link: linkOf(check.failure) };
}

const MARKS = { ok: '✓', warn: '!', fail: '✗' } as const;

/** A line for each check, what was found one below the other; a last line with the whole verdict. */
function render(checks: readonly Judgement[]): string {
  const width = Math.max(...checks.map(({ what }) => what.length)) + 2;
  const lines = checks.flatMap(({ what, verdict, found, remedy, failure }) => [
    `${MARKS[verdict]} ${what.padEnd(width)}${found}`,
    ...(remedy === '' ? [] : [`${' '.repeat(width + 2)}→ ${remedy}`]),
    ...(failure === undefined ? [] : [`${' '.repeat(width + 2)}  [${failure}] ${linkOf(failure)}`]),
  ]);
  const count = (verdict: Judgement['verdict']) => checks.filter((check) => check.verdict === verdict).length;
  const result = count('fail') > 0 ? `${count('fail')} of ${checks.length} checks failed.` : 'This engine can bake and restore.';
  const doubts = count('warn') > 0 ? ` ${count('warn')} to look at.` : '';
  return `${printable(lines.join('\n'))}\n\n${result}${doubts}\n`;
}
