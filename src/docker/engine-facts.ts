// What the Docker Engine says of itself and its host.

import * as z from 'zod/mini';
import { BakeError } from '../errors.ts';
import { type DockerWorld, lastLines, tryDocker } from './cli.ts';

/** The engine's facts. `startId` changes when the daemon is started anew. */
export interface EngineFacts {
  readonly id: string;
  readonly version: string;
  /** In the words of image configurations: amd64, arm64. */
  readonly architecture: string;
  readonly kernel: string;
  readonly operatingSystem: string;
  readonly dataFolder: string;
  readonly storageDriver: string;
  readonly securityOptions: readonly string[];
  readonly cgroupVersion: string;
  readonly memoryBytes: number;
}

const infoSchema = z.object({
  ID: z.string(),
  ServerVersion: z.string(),
  Architecture: z.string(),
  KernelVersion: z.string(),
  OperatingSystem: z.string(),
  DockerRootDir: z.string(),
  Driver: z.string(),
  SecurityOptions: z._default(z.nullable(z.array(z.string())), null),
  CgroupVersion: z._default(z.string(), ''),
  MemTotal: z._default(z.number(), 0),
});

/** `docker info` names machines as the kernel does, images as Go does. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' };

/** Facts from the JSON of `docker info --format '{{json .}}'`. Throws on JSON of another shape. */
export function parseEngineFacts(json: string): EngineFacts {
  const info = infoSchema.parse(JSON.parse(json));
  return {
    id: info.ID,
    version: info.ServerVersion,
    architecture: ARCHITECTURES[info.Architecture] ?? info.Architecture,
    kernel: info.KernelVersion,
    operatingSystem: info.OperatingSystem,
    dataFolder: info.DockerRootDir,
    storageDriver: info.Driver,
    securityOptions: info.SecurityOptions ?? [],
    cgroupVersion: info.CgroupVersion,
    memoryBytes: info.MemTotal,
  };
}

/** CAP_CHECKPOINT_RESTORE is known to the engine from 20.10.10 on (moby/moby#42563). */
const OLDEST_VERSION = [20, 10, 10] as const;

/** Whether a version such as `26.1.5+dfsg1` is new enough. */
export function engineIsNewEnough(version: string): boolean {
  const parts = version.split(/[.+~-]/).map((part) => Number.parseInt(part, 10) || 0);
  for (const [index, oldest] of OLDEST_VERSION.entries()) {
    const part = parts[index] ?? 0;
    if (part !== oldest) return part > oldest;
  }
  return true;
}

/** Podman answers `docker info` on its socket; its data folder, that of containers/storage, tells it apart. */
export function isPodman({ dataFolder }: Pick<EngineFacts, 'dataFolder'>): boolean {
  return /\/containers\/storage\b/.test(dataFolder);
}

/** An engine that works says who it is at once. */
const INFO_TIMEOUT_MS = 15_000;

/** Asks the engine for its facts. Throws `no-engine` where none answers, `other-engine` and `old-engine`. */
export async function askEngine(world: DockerWorld): Promise<EngineFacts> {
  const result = await tryDocker(world, ['info', '--format', '{{json .}}'], {
    timeoutMs: Math.min(world.answerTimeoutMs ?? INFO_TIMEOUT_MS, INFO_TIMEOUT_MS),
  });
  const text = new TextDecoder().decode(result.stdout);
  if (result.exitCode === 127) {
    throw new BakeError('no-engine', 'check-host', 'There is no docker command', {
      remedy: 'Install Docker: https://docs.docker.com/engine/install/',
    });
  }
  // With no daemon, docker info may still print its client's half and exit with 0.
  if (result.exitCode !== 0 || !/"ServerVersion":"[^"]/.test(text)) {
    const [first] = lastLines(result.stderr, 5);
    throw new BakeError('no-engine', 'check-host', 'No Docker Engine answers', { details: first ?? 'docker info timed out' });
  }
  const facts = parseEngineFacts(text);
  if (isPodman(facts)) {
    throw new BakeError('other-engine', 'check-host', `Podman ${facts.version} answers in place of a Docker Engine`, {
      details: `It keeps its data in ${facts.dataFolder}.`,
    });
  }
  if (!engineIsNewEnough(facts.version)) {
    throw new BakeError('old-engine', 'check-host', `Docker Engine ${facts.version} is too old`, {
      details: `${OLDEST_VERSION.join('.')} or later is needed.`,
    });
  }
  return facts;
}

/** Whether the engine can run a container under a seccomp profile. */
export function knowsSeccomp({ securityOptions }: Pick<EngineFacts, 'securityOptions'>): boolean {
  return securityOptions.some((option) => option.split(',').includes('name=seccomp'));
}
