// What docker would log in to a registry with: from its configuration file or its credential helpers
// (github.com/docker/cli, "docker login", "Credential stores").

import { join } from 'node:path';
import * as z from 'zod/mini';
import type { World } from '../ports.ts';

export interface RegistryCredentials {
  readonly username: string;
  readonly secret: string;
}

const configSchema = z.object({
  auths: z._default(z.record(z.string(), z.object({ auth: z.optional(z.string()) })), {}),
  credHelpers: z._default(z.record(z.string(), z.string()), {}),
  credsStore: z.optional(z.string()),
});

const answerSchema = z.object({ Username: z.string(), Secret: z.string() });

/** The login for a registry, or undefined where docker has none. `folder` is docker's configuration folder. */
export async function registryCredentials(
  world: Pick<World, 'files' | 'run'>,
  folder: string,
  registry: string,
): Promise<RegistryCredentials | undefined> {
  const file = join(folder, 'config.json');
  if (!(await world.files.exists(file))) return undefined;
  const config = configSchema.safeParse(JSON.parse(await world.files.readText(file)));
  if (!config.success) return undefined;
  const { auths, credHelpers, credsStore } = config.data;
  const helper = credHelpers[registry] ?? credsStore;
  if (helper !== undefined) return askHelper(world, helper, registry);
  const auth = auths[registry]?.auth ?? auths[`https://${registry}`]?.auth;
  const [, username, secret] = /^([^:]+):(.*)$/s.exec(Buffer.from(auth ?? '', 'base64').toString('utf8')) ?? [];
  return username === undefined || secret === undefined ? undefined : { username, secret };
}

/** github.com/docker/docker-credential-helpers: the registry on stdin, JSON on stdout. An identity token (`<token>`) is no password and is of no use here. */
async function askHelper(world: Pick<World, 'run'>, helper: string, registry: string): Promise<RegistryCredentials | undefined> {
  const command = { file: `docker-credential-${helper}`, args: ['get'], input: new TextEncoder().encode(registry), timeoutMs: 15_000 };
  const { exitCode, stdout } = await world.run(command);
  if (exitCode !== 0) return undefined;
  const { Username: username, Secret: secret } = answerSchema.parse(JSON.parse(new TextDecoder().decode(stdout)));
  return username === '<token>' ? undefined : { username, secret };
}
