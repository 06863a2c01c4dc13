// The services beside the app: a compose project of the run's own, up and healthy before the app starts. The run's clean-up removes it.

import { DockerError, docker } from '../docker/cli.ts';
import { hasCompose, projectNetworks, type ServiceState, serviceStates } from '../docker/compose.ts';
import { lastLog } from '../docker/containers.ts';
import { BakeError } from '../errors.ts';
import { composeArguments, servicesNetwork } from '../plan/surroundings.ts';
import type { World } from '../ports.ts';
import type { Run } from './run.ts';

/** Address of a service's container → the service's name. */
export type ServiceNames = ReadonlyMap<string, string>;

/** Pulling or building the services' images may take its time. */
const CREATE_TIMEOUT_MS = 900_000;

const FIRST_PAUSE_MS = 50;
const PAUSE_GROWTH = 1.3;
const LONGEST_PAUSE_MS = 1000;

/** Brings the services up and waits until all are healthy. Throws `no-compose`, `services-failed`, `service-not-healthy`. */
export async function startServices(run: Run, file: string): Promise<ServiceNames> {
  const { world, options, names, step } = run;
  return step('services', async () => {
    if (!(await hasCompose(world))) throw new BakeError('no-compose', 'services', 'There is no docker compose for the services');
    const compose = (...args: string[]) => composeArguments(names, file, ...args);
    await failing(world, names.project, file, () => docker(world, compose('create'), { timeoutMs: CREATE_TIMEOUT_MS }));
    const deadline = world.clock.now() + options['service-timeout'];
    // It returns late where a service waits for another one to be healthy.
    await failing(world, names.project, file, () => docker(world, compose('up', '--detach'), { timeoutMs: options['service-timeout'] }));
    const states = await untilHealthy(world, names.project, deadline, options['service-timeout']);
    const wanted = servicesNetwork(names);
    const networks = await projectNetworks(world, names.project);
    if (!networks.includes(wanted)) {
      throw new BakeError('services-failed', 'services', `The services of ${file} have no default network for the app to join`, {
        details: `Their networks: ${networks.join(', ') || 'none'}`,
        remedy: 'Leave at least one service without networks of its own.',
      });
    }
    const services = [...new Set(states.map(({ service }) => service))].sort();
    const addresses = states.flatMap(({ addresses: its, service }) => its.map((address) => [address, service] as const));
    return { value: new Map(addresses), detail: `${services.join(', ')} up` };
  });
}

async function untilHealthy(world: World, project: string, deadline: number, timeoutMs: number): Promise<ServiceState[]> {
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    const states = await serviceStates(world, project);
    const ended = states.find((each) => isEnded(each) && each.exitCode !== 0);
    if (ended !== undefined) throw await notHealthy(world, ended, `ended with exit code ${ended.exitCode}`);
    const late = states.find((each) => !isUp(each));
    if (late === undefined) return states;
    const left = deadline - world.clock.now();
    if (left <= 0)
      throw await notHealthy(world, late, `was not healthy after ${Math.round(timeoutMs / 1000)} s: ${late.health ?? late.state}`);
    world.emit({ kind: 'progress', step: 'services', message: `${late.service}: ${late.health ?? late.state}` });
    await world.clock.sleep(Math.min(pause, left), world.signal);
    pause = Math.min(pause * PAUSE_GROWTH, LONGEST_PAUSE_MS);
  }
}

function isEnded({ state }: ServiceState): boolean {
  return state === 'exited' || state === 'dead';
}

/** A service that has ended well has done its work: migrations, test data. */
function isUp(each: ServiceState): boolean {
  return isEnded(each) || (each.state === 'running' && (each.health === undefined || each.health === 'healthy'));
}

async function notHealthy(world: World, { service, id }: ServiceState, what: string): Promise<BakeError> {
  return new BakeError('service-not-healthy', 'services', `The service ${service} ${what}`, { log: await lastLog(world, id) });
}

/** A compose command that failed: because of a service, where one can be blamed, or else with what it said. */
async function failing(world: World, project: string, file: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    const states = await serviceStates(world, project).catch(() => []);
    const blamed = states.find(
      (each) => (isEnded(each) && each.exitCode !== 0) || each.health === 'unhealthy' || each.health === 'starting',
    );
    if (blamed !== undefined)
      throw await notHealthy(world, blamed, `did not become healthy: ${blamed.health ?? `exit code ${blamed.exitCode}`}`);
    throw new BakeError('services-failed', 'services', `The services of ${file} could not be started`, {
      details: error.message,
      log: error.lines,
      cause: error,
    });
  }
}
