// What the engine knows of an image, parsed from `docker image inspect`.

import * as z from 'zod/mini';
import { DockerError, type DockerWorld, docker, tryDocker } from './cli.ts';

/** An image's facts; empty strings and lists where the image says nothing. Sizes in bytes. */
export interface ImageFacts {
  readonly id: string;
  readonly os: string;
  readonly architecture: string;
  readonly sizeBytes: number;
  readonly repoDigests: readonly string[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly user: string;
  readonly environment: readonly string[];
  /** TCP ports of EXPOSE in the order of their numbers. */
  readonly ports: readonly number[];
  readonly volumes: readonly string[];
  /** The health check's command as one text; empty without one, or when it is NONE. */
  readonly healthCheck: string;
  /** The same as program and arguments; empty without one. */
  readonly healthCommand: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

const strings = z._default(z.nullable(z.array(z.string())), null);
const keys = z._default(z.nullable(z.record(z.string(), z.unknown())), null);
const inspected = z.object({
  Id: z.string(),
  Os: z.string(),
  Architecture: z.string(),
  Size: z._default(z.number(), 0),
  RepoDigests: strings,
  Config: z.object({
    Entrypoint: strings,
    Cmd: strings,
    User: z._default(z.string(), ''),
    Env: strings,
    ExposedPorts: keys,
    Volumes: keys,
    Healthcheck: z.optional(z.nullable(z.object({ Test: strings }))),
    Shell: z.optional(z.nullable(z.array(z.string()))),
    Labels: z._default(z.nullable(z.record(z.string(), z.string())), null),
  }),
});

/** Facts from the JSON that `docker image inspect` prints for one image. Throws on JSON of another shape. */
export function parseImageFacts(json: string): ImageFacts {
  const image = z.array(inspected).parse(JSON.parse(json))[0];
  if (image === undefined) throw new Error('docker image inspect printed an empty list');
  const config = image.Config;
  const test = config.Healthcheck?.Test ?? [];
  return {
    id: image.Id,
    os: image.Os,
    architecture: image.Architecture,
    sizeBytes: image.Size,
    repoDigests: image.RepoDigests ?? [],
    entrypoint: config.Entrypoint ?? [],
    command: config.Cmd ?? [],
    user: config.User,
    environment: config.Env ?? [],
    ports: Object.keys(config.ExposedPorts ?? {})
      .filter((port) => !port.endsWith('/udp') && !port.endsWith('/sctp'))
      .map((port) => Number.parseInt(port, 10))
      .sort((a, b) => a - b),
    volumes: Object.keys(config.Volumes ?? {}).sort(),
    healthCheck: test[0] === 'NONE' ? '' : test.slice(1).join(' '),
    healthCommand: healthCommand(test, config.Shell ?? []),
    labels: config.Labels ?? {},
  };
}

/** The program of a health check as the engine would run it: `CMD` has words, `CMD-SHELL` a text for the image's shell. */
function healthCommand([kind, ...words]: readonly string[], shell: readonly string[]): readonly string[] {
  if (kind === 'CMD') return words;
  return kind === 'CMD-SHELL' ? [...(shell.length > 0 ? shell : ['/bin/sh', '-c']), ...words] : [];
}

/** The facts of an image on the engine, or undefined where the engine does not have it. Throws DockerError where it does not say. */
export async function findImage(world: DockerWorld, reference: string): Promise<ImageFacts | undefined> {
  const args = ['image', 'inspect', reference];
  const result = await tryDocker(world, args);
  if (result.exitCode === 0) return parseImageFacts(new TextDecoder().decode(result.stdout));
  if (/no such (image|object)/i.test(result.stderr)) return undefined;
  throw new DockerError(args, result);
}

/** The facts of an image that must be on the engine. Throws DockerError. */
export async function inspectImage(world: DockerWorld, reference: string): Promise<ImageFacts> {
  return parseImageFacts(await docker(world, ['image', 'inspect', reference]));
}
