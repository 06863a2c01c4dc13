// What stands around the app at bake and proof alike: network, names, mounts, limits. From options to docker flags. Pure.

import { BakeError } from '../errors.ts';
import { RUN_LABEL } from '../image/labels.ts';
import type { OptionValues } from '../spec/values.ts';
import type { RunNames } from './names.ts';

export interface Surroundings {
  /** Flags of `docker create` and `docker run`. */
  readonly flags: readonly string[];
  /** How the app's ports are reached: published by the engine, as they are on the engine's host, or not at all. */
  readonly ports: 'published' | 'host' | 'none';
  /** Paths in the container that are mounted over. */
  readonly mountedPaths: readonly string[];
}

type SurroundingOptions = Pick<OptionValues, 'network' | 'services' | 'add-hosts' | 'mounts' | 'memory' | 'cpus'>;

/** Checks the options and makes their flags. Throws `usage`. */
export function planSurroundings(options: SurroundingOptions, names: Pick<RunNames, 'run' | 'project'>): Surroundings {
  const { network, services, memory, cpus } = options;
  if (network !== undefined && services !== undefined)
    throw refuse('network', 'cannot be had beside --services: the app joins the network of the services');
  if (network !== undefined && !/^\w[\w.-]*$/.test(network))
    throw refuse('network', `takes a network's name, host or none, not "${network}"`);
  if (memory !== undefined && !/^\d+(\.\d+)?([kmgt]i?)?b?$/i.test(memory))
    throw refuse('memory', `takes a size such as 512m or 2g, not "${memory}"`);
  if (cpus !== undefined && !(/^\d+(\.\d+)?$/.test(cpus) && Number(cpus) > 0))
    throw refuse('cpus', `takes a number such as 2 or 1.5, not "${cpus}"`);
  for (const host of options['add-hosts']) if (!/^[^\s:=]+[:=]\S+$/.test(host)) throw refuse('add-hosts', `takes HOST:IP, not "${host}"`);
  const mounts = options.mounts.map((mount) => planMount(mount, names.run));
  const joined = network ?? (services === undefined ? undefined : servicesNetwork(names));
  return {
    flags: [
      ...flag('--network', joined),
      ...options['add-hosts'].flatMap((host) => ['--add-host', host]),
      ...mounts.flatMap(({ argument }) => ['--mount', argument]),
      ...flag('--memory', memory),
      ...flag('--cpus', cpus),
    ],
    ports: network === 'host' || network === 'none' ? network : 'published',
    mountedPaths: mounts.map(({ target }) => target),
  };
}

/** The network that docker compose makes for a project whose file does not say otherwise. */
export function servicesNetwork(names: Pick<RunNames, 'project'>): string {
  return `${names.project}_default`;
}

/** `docker compose` on the run's own project. */
export function composeArguments(names: Pick<RunNames, 'project'>, file: string, ...args: readonly string[]): string[] {
  return ['compose', '--project-name', names.project, '--file', file, ...args];
}

/** Whether a path of the container is under one of the mounts. */
export function isMounted(path: string, { mountedPaths }: Pick<Surroundings, 'mountedPaths'>): boolean {
  return mountedPaths.some((mounted) => path === mounted || path.startsWith(`${mounted.replace(/\/$/, '')}/`));
}

function planMount(text: string, run: string): { argument: string; target: string } {
  const fields = new Map(text.split(',').map((field) => [field.split('=')[0]?.trim() ?? '', field.split('=').slice(1).join('=')]));
  const type = fields.get('type') ?? 'volume';
  const target = fields.get('dst') ?? fields.get('destination') ?? fields.get('target') ?? '';
  const source = fields.get('src') ?? fields.get('source');
  if (!['bind', 'volume', 'tmpfs'].includes(type)) throw refuse('mounts', `knows the types bind, volume and tmpfs, not "${type}"`);
  if (!target.startsWith('/'))
    throw refuse('mounts', `takes type=…,src=…,dst=PATH with a path from the root of the container, not "${text}"`);
  if (type === 'bind' && !source) throw refuse('mounts', `takes a bind mount with src=PATH, not "${text}"`);
  // A volume that is made for the run is known by the label, and removed with it; docker labels none that exists.
  return { argument: type === 'volume' ? `${text},volume-label=${RUN_LABEL}=${run}` : text, target: target.replace(/(.)\/+$/, '$1') };
}

/** `--secret` arguments of docker build: ids and places, never a value. Throws `usage`. */
export function secretFlags(secrets: readonly string[]): string[] {
  return secrets.flatMap((text) => {
    const fields = new Map(text.split(',').map((field) => [field.split('=')[0]?.trim() ?? '', field.split('=').slice(1).join('=')]));
    const sources = ['src', 'source', 'env'].filter((key) => fields.get(key));
    const unknown = [...fields.keys()].find((key) => !['id', 'type', 'src', 'source', 'env'].includes(key));
    // The text itself is not shown: somebody may have written the secret in place of its place.
    if (!fields.get('id') || sources.length !== 1 || unknown !== undefined)
      throw refuse('secrets', 'takes id=NAME,src=FILE or id=NAME,env=VARIABLE for each secret');
    return ['--secret', text];
  });
}

function flag(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value];
}

function refuse(option: string, text: string): BakeError {
  return new BakeError('usage', 'options', `--${option} ${text}`);
}
