// Asks a restore image's own crac-init: whether it would restore here, and whether its checkpoint is whole. Nothing of the app is started.

import * as z from 'zod/mini';
import { DockerError, isLost, lastLines, tryDocker } from '../docker/cli.ts';
import { type EngineFacts, knowsSeccomp } from '../docker/engine-facts.ts';
import { privilegeFlags, type RestorePrivileges } from '../engines/engine.ts';
import { BakeError } from '../errors.ts';
import { RUN_LABEL } from '../image/labels.ts';
import { runNames } from '../plan/names.ts';
import type { CommandResult, World } from '../ports.ts';
import { INIT } from '../runtime/files.ts';
import type { RestoreImage } from './find.ts';

/** Why a restore would not work: an id and a cause (docs/restore-image.md). */
export interface Refusal {
  readonly id: string;
  readonly cause: string;
}

export interface Check {
  readonly ok: boolean;
  readonly refusals: readonly Refusal[];
}

export interface Verification {
  readonly ok: boolean;
  /** Which file is not as it was dumped, and how; empty where all are. */
  readonly cause: string;
}

const answerSchema = z.object({ ok: z.boolean(), refusals: z.array(z.object({ id: z.string(), cause: z.string() })) });

/** From what `crac-init check` prints. Throws on anything else. */
export function parseCheck(json: string): Check {
  const { ok, refusals } = answerSchema.parse(JSON.parse(json));
  return { ok, refusals };
}

/** How a run of crac-init in a fresh container of an image goes, under the privileges of the proof. */
interface Asking {
  readonly found: RestoreImage;
  readonly engine: EngineFacts;
  readonly privileges: RestorePrivileges;
  /** Id for the container's name and label. */
  readonly run: string;
}

/** Whether the image would restore on the engine's host, by its gate. Throws `usage` for an image that is not on the engine or too old. */
export async function checkHere(world: World, asking: Asking): Promise<Check> {
  const { architecture } = asking.found;
  if (architecture !== asking.engine.architecture) {
    // Its crac-init could not even be started.
    return {
      ok: false,
      refusals: [{ id: 'architecture', cause: `the checkpoint is for ${architecture}, this is ${asking.engine.architecture}` }],
    };
  }
  const result = await askInit(world, asking, 'check', 60_000);
  if (result.exitCode === 0 || result.exitCode === 3) return parseCheck(new TextDecoder().decode(result.stdout));
  throw noAnswer(asking, 'check', result);
}

/** Far beyond what a disk needs for the largest checkpoints, in ms. */
const VERIFY_TIMEOUT_MS = 3_600_000;

/** Whether every file of the checkpoint is as it was dumped. Throws `usage` for an image that is not on the engine. */
export async function verifyHere(world: World, asking: Asking): Promise<Verification> {
  world.emit({ kind: 'progress', step: 'verify', message: 'reading every file of the checkpoint' });
  const result = await askInit(world, asking, 'verify', VERIFY_TIMEOUT_MS);
  if (result.exitCode === 0) return { ok: true, cause: '' };
  const cause = lastLines(result.stderr, 1)[0] ?? '';
  if (result.exitCode === 1 && cause.startsWith('crac-init: ')) return { ok: false, cause: cause.replace('crac-init: ', '') };
  throw noAnswer(asking, 'verify', result);
}

async function askInit(world: World, { found, engine, privileges, run }: Asking, verb: string, timeoutMs: number): Promise<CommandResult> {
  if (found.where !== 'engine') {
    throw new BakeError('usage', 'options', `${found.image} is in a registry; --check and --verify need it on the engine`, {
      remedy: `docker pull ${found.image}`,
    });
  }
  const container = runNames(run).inspected;
  const seccomp = knowsSeccomp(engine) ? privileges.seccomp : 'unconfined';
  const args = [
    ...['run', '--name', container, '--label', `${RUN_LABEL}=${run}`, '--pull', 'never', '--network', 'none'],
    ...privilegeFlags({ ...privileges, seccomp }),
    ...['--entrypoint', INIT, found.image, verb],
  ];
  try {
    const result = await tryDocker(world, args, { timeoutMs });
    if (isLost(result)) throw new DockerError(args, result);
    return result;
  } finally {
    // With its volumes; `--rm` would leave a container whose client was interrupted to run on.
    await tryDocker({ ...world, signal: world.cleanUp ?? new AbortController().signal }, ['rm', '--force', '--volumes', container]);
  }
}

function noAnswer({ found }: Asking, verb: string, result: CommandResult): BakeError {
  const said = lastLines(result.stderr, 3);
  if (said.some((line) => line.startsWith('usage: crac-init'))) {
    return new BakeError('usage', 'options', `${found.image} was baked by a version that knew no --${verb}`, { remedy: 'Bake it again.' });
  }
  return new BakeError('engine-refused', 'options', `crac-init ${verb} could not be run in ${found.image}`, {
    details: said.at(-1) ?? `exit code ${result.exitCode}`,
    log: said,
  });
}
