// `crac-bake inspect IMAGE`.

import { randomUUID } from 'node:crypto';
import { EXIT_CODES } from '../errors.ts';
import { type DeployLines, deployLines, describeDeployment } from '../image/deploy-lines.ts';
import { LABEL_PREFIX } from '../image/labels.ts';
import { type Check, checkHere, type Verification, verifyHere } from '../inspect/ask.ts';
import { findRestoreImage, identityOf, provedPrivileges, type RestoreImage } from '../inspect/find.ts';
import { printable } from '../report/printable.ts';
import { findInstallation } from './installation.ts';
import { inWorld } from './world.ts';

interface InspectFlags {
  readonly check?: boolean;
  readonly verify?: boolean;
  readonly deploy?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

interface Inspection {
  readonly found: RestoreImage;
  readonly run: DeployLines;
  /** Null where it was not asked for. */
  readonly check: Check | null;
  readonly verify: Verification | null;
}

/**
 * Shows what is known of a restore image, and what was asked for beside; ends with 3 where it would not restore here, or is damaged.
 * Throws `no-engine`, `image-not-found`, `registry-unreachable`, and `usage` for an image that is no restore image.
 */
export async function inspectCommand(image: string, flags: InspectFlags): Promise<void> {
  const { seccomp } = findInstallation(process.env);
  const { value, interrupted } = await inWorld<Inspection>(flags.verbose === true, async (world) => {
    const { found, engine } = await findRestoreImage(world, image);
    const privileges = provedPrivileges(found, seccomp);
    const asking = { found, engine, privileges, run: randomUUID() };
    return {
      found,
      run: deployLines({ image, ...privileges, root: found.root, identity: identityOf(found), port: found.ports[0] }),
      check: flags.check ? await checkHere(world, asking) : null,
      verify: flags.verify ? await verifyHere(world, asking) : null,
    };
  });
  const ok = value.check?.ok !== false && value.verify?.ok !== false;
  process.stdout.write(flags.json ? asJson(value) : `${printable(asText(value, flags).join('\n'))}\n`);
  process.exitCode = interrupted ?? (ok ? 0 : EXIT_CODES.host);
}

function asJson({ found, run, check, verify }: Inspection): string {
  return `${JSON.stringify({ ...found, run, check, verify }, null, 2)}\n`;
}

function asText({ found, run, check, verify }: Inspection, flags: InspectFlags): string[] {
  const verdicts = [...(check === null ? [] : checkLines(check)), ...(verify === null ? [] : verifyLines(verify))];
  if (flags.deploy) return [...verdicts, ...(verdicts.length === 0 ? [] : ['']), describeDeployment(run)];
  if (verdicts.length > 0) return verdicts;
  return [
    ...facts(found),
    '',
    ...(run.profile === null ? [] : ['The seccomp profile:', `  ${run.profile.docker}`]),
    'Run it:',
    `  ${run.docker}`,
  ];
}

function checkLines({ ok, refusals }: Check): string[] {
  if (ok) return ['It restores on this host: nothing of what its gate asks speaks against it.'];
  return ['It would not restore on this host, but start normally:', ...refusals.map(({ id, cause }) => `  ${id}: ${cause}`)];
}

function verifyLines({ ok, cause }: Verification): string[] {
  return ok ? ['Every file of the checkpoint is as it was dumped.'] : ['The checkpoint is damaged:', `  ${cause}`];
}

function facts({ where, digest, labels }: RestoreImage): string[] {
  const its = Object.entries(labels).filter(
    ([name, value]) => value !== '' && (name.startsWith(LABEL_PREFIX) || name.startsWith('org.opencontainers.image.base.')),
  );
  const rows = [
    ...its.map(([name, value]) => [name.replace(LABEL_PREFIX, '').replace('org.opencontainers.image.', ''), value] as const),
    ...(digest === null ? [] : [['digest', digest] as const]),
    ...(where === 'registry' ? [['where', 'in its registry; not on the engine'] as const] : []),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}
