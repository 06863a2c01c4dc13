// Finds a restore image: on the engine, else in its registry, of which no layer is pulled.

import type { DockerWorld } from '../docker/cli.ts';
import { askEngine, type EngineFacts } from '../docker/engine-facts.ts';
import { findImage } from '../docker/image-facts.ts';
import { isRoot } from '../engines/engine.ts';
import { BakeError } from '../errors.ts';
import { ENGINE_LABEL, LABEL_PREFIX } from '../image/labels.ts';
import { findRemoteImage } from '../registry/remote-image.ts';

/** A restore image as its configuration tells of it. */
export interface RestoreImage {
  readonly image: string;
  readonly where: 'engine' | 'registry';
  /** The engine's id; null for an image of a registry. */
  readonly id: string | null;
  /** Digest in the registry, where it is known. */
  readonly digest: string | null;
  /** On the engine's disk; null for an image of a registry. */
  readonly sizeBytes: number | null;
  readonly architecture: string;
  readonly root: boolean;
  readonly ports: readonly number[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Finds it. Throws `no-engine`, `image-not-found`, `registry-unreachable`, and `usage` for an image that is no restore image. */
export async function findRestoreImage(
  world: DockerWorld,
  image: string,
): Promise<{ readonly found: RestoreImage; readonly engine: EngineFacts }> {
  const engine = await askEngine(world);
  const found = (await onEngine(world, image)) ?? (await inRegistry(world, image, engine.architecture));
  if (found.labels[ENGINE_LABEL] === undefined) {
    throw new BakeError('usage', 'options', `${image} is not a restore image`, {
      remedy: 'Bake it first: crac-bake bake --image IMAGE --tag NAME:TAG.',
    });
  }
  return { found, engine };
}

async function onEngine(world: DockerWorld, image: string): Promise<RestoreImage | undefined> {
  const facts = await findImage(world, image);
  if (facts === undefined) return undefined;
  const { id, sizeBytes, architecture, ports, labels } = facts;
  const digest = facts.repoDigests[0]?.split('@')[1] ?? null;
  return { image, where: 'engine', id, digest, sizeBytes, architecture, root: isRoot(facts.user), ports, labels };
}

async function inRegistry(world: DockerWorld, image: string, architecture: string): Promise<RestoreImage> {
  const { user, ...remote } = await findRemoteImage(world, image, architecture);
  return { image, where: 'registry', id: null, sizeBytes: null, root: isRoot(user), ...remote };
}

/** What the labels say of the privileges under which it was proved; images of versions that knew no profile were proved without one. */
export function provedPrivileges({ labels }: RestoreImage, profile: string): { capabilities: readonly string[]; seccomp: string } {
  return {
    capabilities: (labels[`${LABEL_PREFIX}restore-capabilities`] ?? '').split(',').filter((name) => name !== ''),
    seccomp: labels[`${LABEL_PREFIX}restore-seccomp`] === 'profile' ? profile : 'unconfined',
  };
}

/** User and group of the process at the dump; undefined for images of versions that did not label both. */
export function identityOf({ labels }: RestoreImage): { readonly uid: number; readonly gid: number } | undefined {
  const [uid, gid] = [labels[`${LABEL_PREFIX}uid`], labels[`${LABEL_PREFIX}gid`]];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}
