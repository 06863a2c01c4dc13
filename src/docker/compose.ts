// docker compose: one project, by name. Its containers are looked at by their labels (https://docs.docker.com/reference/compose-file/services/#labels).

import * as z from 'zod/mini';
import { type DockerWorld, docker, lastLines, tryDocker } from './cli.ts';

export const PROJECT_LABEL = 'com.docker.compose.project';
const SERVICE_LABEL = 'com.docker.compose.service';

/** A container of a service. */
export interface ServiceState {
  readonly id: string;
  readonly service: string;
  readonly state: string;
  readonly exitCode: number;
  /** `starting`, `healthy`, `unhealthy`; undefined without a health check. */
  readonly health: string | undefined;
  readonly addresses: readonly string[];
}

const inspected = z.array(
  z.object({
    Id: z.string(),
    Config: z.object({ Labels: z.record(z.string(), z.string()) }),
    State: z.object({ Status: z.string(), ExitCode: z.number(), Health: z.optional(z.nullable(z.object({ Status: z.string() }))) }),
    NetworkSettings: z.object({ Networks: z._default(z.nullable(z.record(z.string(), z.object({ IPAddress: z.string() }))), null) }),
  }),
);

/** States from the JSON that `docker inspect` prints. Throws on JSON of another shape. */
export function parseServiceStates(json: string): ServiceState[] {
  return inspected.parse(JSON.parse(json)).map(({ Id, Config, State, NetworkSettings }) => ({
    id: Id,
    service: Config.Labels[SERVICE_LABEL] ?? Id.slice(0, 12),
    state: State.Status,
    exitCode: State.ExitCode,
    health: State.Health?.Status,
    addresses: Object.values(NetworkSettings.Networks ?? {})
      .map((network) => network.IPAddress)
      .filter((address) => address !== ''),
  }));
}

/** Whether the docker command has the compose plugin; version 1 was a command of its own. */
export async function hasCompose(world: DockerWorld): Promise<boolean> {
  return (await tryDocker(world, ['compose', 'version', '--short'])).exitCode === 0;
}

/** The states of a project's containers. Throws DockerError. */
export async function serviceStates(world: DockerWorld, project: string): Promise<ServiceState[]> {
  const quiet = { ...world, emit: () => {} };
  const ids = lastLines(await docker(quiet, ['ps', '--all', '--quiet', '--filter', `label=${PROJECT_LABEL}=${project}`]), 1000);
  return ids.length === 0 ? [] : parseServiceStates(await docker(quiet, ['inspect', ...ids]));
}

/** The networks of a project, by name. Throws DockerError. */
export async function projectNetworks(world: DockerWorld, project: string): Promise<string[]> {
  const names = await docker(world, ['network', 'ls', '--filter', `label=${PROJECT_LABEL}=${project}`, '--format', '{{.Name}}']);
  return lastLines(names, 1000);
}
