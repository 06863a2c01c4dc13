// Removing what a run made: its containers with their volumes, its temporary images, its networks. Used at the end of every run and by `clean`.

import { DockerError, type DockerWorld, docker, isLost, tryDocker } from '../docker/cli.ts';
import { PROJECT_LABEL } from '../docker/compose.ts';
import { RUN_LABEL } from '../image/labels.ts';
import { isProject, projectName, TEMPORARY_REPOSITORY } from '../plan/names.ts';

export interface Removed {
  readonly containers: number;
  readonly images: number;
  readonly volumes: number;
  readonly networks: number;
}

/**
 * Removes what the run with this id made, or what any run made where no id is given. A run with neither services nor mounts (`surroundings:
 * false`) has made containers and images only, so nothing else is asked for. Throws DockerError where the engine does not answer.
 */
export async function removeLeftovers(world: DockerWorld, run?: string, surroundings = true): Promise<Removed> {
  const label = run === undefined ? RUN_LABEL : `${RUN_LABEL}=${run}`;
  const list = async (...args: string[]) => (await docker(world, args)).split('\n').filter((line) => line.trim() !== '');
  const name = '{{.Repository}}:{{.Tag}}';
  // Compose labels what it makes with the name of its project; images that it builds are named after it.
  const projects = run === undefined ? `label=${PROJECT_LABEL}` : `label=${PROJECT_LABEL}=${projectName(run)}`;
  const ofProjects = async (...args: string[]) =>
    (await list(...args, '--filter', projects, '--format', `{{.ID}} {{.Label "${PROJECT_LABEL}"}}`)).flatMap((line) => {
      const [id, project] = line.split(' ');
      return id && project && isProject(project, run) ? [id] : [];
    });
  const beside = async (work: () => Promise<string[]>) => (surroundings ? work() : []);
  const found = await Promise.all([
    Promise.all([labelledContainers(world, label), beside(() => ofProjects('ps', '--all', '--no-trunc'))]),
    Promise.all([
      temporaryImages(list, run?.slice(0, 8) ?? '*'),
      beside(() =>
        list('images', '--filter', `reference=${run === undefined ? 'crac-bake-*' : `${projectName(run)}-*`}`, '--format', name).then(
          (all) => all.filter((image) => isProject(image.slice(0, 'crac-bake-01234567'.length), run)),
        ),
      ),
    ]),
    Promise.all([
      beside(() => list('volume', 'ls', '--quiet', '--filter', `label=${label}`)),
      beside(() => projectVolumes(list, projects, run)),
    ]),
    Promise.all([
      beside(() => list('network', 'ls', '--quiet', '--filter', `label=${label}`)),
      beside(() => ofProjects('network', 'ls', '--no-trunc')),
    ]),
  ]);
  const [containers = [], images = [], volumes = [], networks = []] = found.map((lists) => [...new Set(lists.flat())]);
  if (containers.length > 0) await remove(world, ['rm', '--force', '--volumes', ...containers]);
  if (images.length > 0) await remove(world, ['rmi', '--force', ...images]);
  if (volumes.length > 0) await remove(world, ['volume', 'rm', '--force', ...volumes]);
  if (networks.length > 0) await remove(world, ['network', 'rm', ...networks]);
  return { containers: containers.length, images: images.length, volumes: volumes.length, networks: networks.length };
}

/** How many parts a repository's name may have for the clean-up to find a temporary tag in it; a star of docker's filter stands for one. */
const DEEPEST = 8;

/** Images in our own repository, and those under a temporary tag in a user's. */
async function temporaryImages(list: (...args: string[]) => Promise<string[]>, run: string): Promise<string[]> {
  const tags = Array.from({ length: DEEPEST }, (_, depth) => `${'*/'.repeat(depth)}*:${TEMPORARY_REPOSITORY}-${run}`);
  const filters = [`${TEMPORARY_REPOSITORY}/${run}`, ...tags].flatMap((pattern) => ['--filter', `reference=${pattern}`]);
  return list('images', ...filters, '--format', '{{.Repository}}:{{.Tag}}');
}

/** Volumes have names and no ids. */
async function projectVolumes(
  list: (...args: string[]) => Promise<string[]>,
  projects: string,
  run: string | undefined,
): Promise<string[]> {
  const format = `{{.Name}} {{.Label "${PROJECT_LABEL}"}}`;
  const lines = await list('volume', 'ls', '--filter', projects, '--format', format);
  return lines.flatMap((line) => {
    const [name, project] = line.split(' ');
    return name && project && isProject(project, run) ? [name] : [];
  });
}

/** What somebody else has removed meanwhile does not matter. */
async function remove(world: DockerWorld, args: readonly string[]): Promise<void> {
  const result = await tryDocker(world, args);
  if (isLost(result)) throw new DockerError(args, result);
}

/** A container that a user starts from a restore image inherits the label with an empty value; only those with a run's id are ours. */
async function labelledContainers(world: DockerWorld, label: string): Promise<string[]> {
  const lines = await docker(world, [
    'ps',
    '--all',
    '--no-trunc',
    '--filter',
    `label=${label}`,
    '--format',
    `{{.ID}} {{.Label "${RUN_LABEL}"}}`,
  ]);
  return lines.split('\n').flatMap((line) => {
    const [id, run] = line.trim().split(' ');
    return id && run ? [id] : [];
  });
}
