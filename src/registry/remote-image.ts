// What a registry says of an image: its manifest's digest and its configuration, without a layer. Buildx asks, for it has docker's logins and its rules for TLS.

import * as z from 'zod/mini';
import { type DockerWorld, lastLines, tryDocker } from '../docker/cli.ts';
import { BakeError } from '../errors.ts';

export interface RemoteImage {
  /** Of the manifest, or of the list of manifests where there are several platforms. */
  readonly digest: string;
  readonly architecture: string;
  readonly user: string;
  /** TCP ports of EXPOSE in the order of their numbers. */
  readonly ports: readonly number[];
  readonly labels: Readonly<Record<string, string>>;
}

const imageSchema = z.object({
  architecture: z.string(),
  config: z._default(
    z.object({
      User: z._default(z.string(), ''),
      ExposedPorts: z._default(z.nullable(z.record(z.string(), z.unknown())), null),
      Labels: z._default(z.nullable(z.record(z.string(), z.string())), null),
    }),
    { User: '', ExposedPorts: null, Labels: null },
  ),
});

/** One image, or one for each platform of a list. */
const answerSchema = z.object({ digest: z.string(), image: z.union([imageSchema, z.record(z.string(), imageSchema)]) });

const FORMAT = '{"digest":{{json .Manifest.Digest}},"image":{{json .Image}}}';

/** From the answer of `docker buildx imagetools inspect`; of a list, the image for this architecture, else undefined. Throws on JSON of another shape. */
export function parseRemoteImage(json: string, architecture: string): RemoteImage | undefined {
  const { digest, image } = answerSchema.parse(JSON.parse(json));
  const one = imageSchema.safeParse(image);
  const found = one.success ? one.data : (image as Record<string, z.infer<typeof imageSchema>>)[`linux/${architecture}`];
  if (found === undefined) return undefined;
  const { User: user, ExposedPorts: exposed, Labels: labels } = found.config;
  const ports = Object.keys(exposed ?? {})
    .filter((port) => /^\d+(\/tcp)?$/.test(port))
    .map((port) => Number.parseInt(port, 10))
    .sort((a, b) => a - b);
  return { digest, architecture: found.architecture, user, ports, labels: labels ?? {} };
}

/** How registries say that there is none; to strangers many say the same of one that is private. */
const MISSING =
  /: not found$|manifest unknown|name unknown|repository does not exist|insufficient_scope|authorization failed|denied|unauthorized/i;

/** Asks the registry of an image, for an architecture. Throws `image-not-found` and `registry-unreachable`. */
export async function findRemoteImage(world: DockerWorld, reference: string, architecture: string): Promise<RemoteImage> {
  const { exitCode, stdout, stderr, timedOut } = await tryDocker(
    world,
    ['buildx', 'imagetools', 'inspect', '--format', FORMAT, reference],
    {
      timeoutMs: 60_000,
    },
  );
  if (exitCode === 0 && !timedOut) {
    const found = parseRemoteImage(new TextDecoder().decode(stdout), architecture);
    if (found !== undefined) return found;
    throw new BakeError('image-not-found', 'options', `${reference} has no image for linux/${architecture} in its registry`);
  }
  const said = (lastLines(stderr, 1)[0] ?? 'docker buildx imagetools did not answer in time').replace(/^ERROR: /, '');
  if (/'buildx' is not a docker command|unknown command: docker buildx/.test(stderr)) {
    throw new BakeError('image-not-found', 'options', `There is no image ${reference} on the engine`, {
      remedy: 'Check the name, or pull it. To ask its registry without pulling it, docker needs its plugin buildx.',
    });
  }
  if (MISSING.test(said)) {
    throw new BakeError('image-not-found', 'options', `There is no image ${reference} on the engine, nor in its registry for this login`, {
      details: said,
    });
  }
  throw new BakeError('registry-unreachable', 'options', `${reference} is not on the engine, and its registry does not answer`, {
    details: said,
  });
}
