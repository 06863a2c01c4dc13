// One transfer between engine and registry, tried again a bounded number of times where the network is at fault.

import { DockerError, type DockerWorld, docker, lastLines, tryDocker } from '../docker/cli.ts';
import { BakeError } from '../errors.ts';
import type { World } from '../ports.ts';
import { isWorthRetrying, pulledDigest, pushedDigest, transferError } from './push-output.ts';

export interface TransferOptions {
  /** Further tries after the first. */
  readonly retries: number;
  /** Deadline of each try. */
  readonly timeoutMs: number;
}

/** What a transfer needs of the world. */
export type TransferWorld = DockerWorld & Pick<World, 'clock'>;

/** Between two tries: 1 s, 2 s, 4 s … but never more than this. */
const LONGEST_PAUSE_MS = 15_000;

/** Pushes a local tag; the digest under which the registry has it now. Throws `push-denied`, `push-failed`, `push-timeout`. */
export function pushTag(world: TransferWorld, tag: string, options: TransferOptions): Promise<string> {
  return transfer(world, ['push', tag], `${tag} could not be pushed`, pushedDigest, options);
}

/** Pulls a reference; the digest of what the registry answered. Throws as `pushTag`, and `digest-mismatch` where a digest was asked for and another came. */
export function pullReference(world: TransferWorld, reference: string, options: TransferOptions): Promise<string> {
  return transfer(world, ['pull', reference], `${reference} could not be pulled back`, pulledDigest, options);
}

async function transfer(
  world: TransferWorld,
  args: readonly string[],
  message: string,
  digestOf: (stdout: string) => string | undefined,
  { retries, timeoutMs }: TransferOptions,
): Promise<string> {
  for (let tried = 0; ; tried++) {
    const result = await tryDocker(world, args, { timeoutMs });
    const digest = digestOf(new TextDecoder().decode(result.stdout));
    if (result.exitCode === 0 && !result.timedOut && digest !== undefined) return digest;
    const code = transferError(result.stderr, result.timedOut);
    const lines = lastLines(result.stderr, 10);
    const said = result.timedOut ? `no end within ${timeoutMs / 1000} s` : (lines.at(-1) ?? `docker ${args[0]} named no digest`);
    if (!isWorthRetrying(code) || tried >= retries) {
      const tries = tried === 0 ? '' : ` (${tried + 1} tries)`;
      throw new BakeError(code, 'push', `${message}${tries}`, { details: said, log: lines });
    }
    const pauseMs = Math.min(1000 * 2 ** tried, LONGEST_PAUSE_MS);
    world.emit({ kind: 'progress', step: 'push', message: `${said}; trying again in ${pauseMs / 1000} s` });
    await world.clock.sleep(pauseMs, world.signal);
  }
}

/** The id of what a name stands for on the engine; undefined where it stands for nothing. Throws DockerError where the engine does not say. */
export async function imageId(world: DockerWorld, name: string): Promise<string | undefined> {
  const args = ['image', 'inspect', '--format', '{{.Id}}', name];
  const result = await tryDocker(world, args);
  if (result.exitCode === 0) return new TextDecoder().decode(result.stdout).trim();
  if (/no such image/i.test(result.stderr)) return undefined;
  throw new DockerError(args, result);
}

/** Lets a name stand for an image again, or for none where it did before. Throws DockerError. */
export async function giveBack(world: DockerWorld, name: string, id: string | undefined): Promise<void> {
  if (id !== undefined) await docker(world, ['tag', id, name]);
  else if ((await imageId(world, name)) !== undefined) await docker(world, ['rmi', name]);
}
