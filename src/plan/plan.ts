// The plan of a bake as data: which steps, and the docker commands that they run. `--dry-run` prints it, the steps follow it.

import { type Baseline, baselineFor, holdTo } from '../cpu/baselines.ts';
import type { ImageFacts } from '../docker/image-facts.ts';
import { capabilityFlags, type Engine, isRoot, normaliseCapabilities, type RuntimeTrigger } from '../engines/engine.ts';
import { BakeError, type Step } from '../errors.ts';
import { RUN_LABEL } from '../image/labels.ts';
import { chooseProbe, type Probe, probePort } from '../readiness/probe.ts';
import { INIT } from '../runtime/files.ts';
import type { RunRequest } from '../runtime/run-request.ts';
import type { OptionValues } from '../spec/values.ts';
import { splitCommand } from '../warmup/command.ts';
import { parseHeaders, parseRequests, type WarmupRequest } from '../warmup/requests.ts';
import type { RunNames } from './names.ts';
import { planSurroundings, type Surroundings, secretFlags } from './surroundings.ts';

/** What a bake takes: the options, with the env files' variables among `env`, and the requests of the .http files. */
export type BakeOptions = OptionValues & { readonly httpRequests?: readonly WarmupRequest[] };

/** What warms the app up: a program, requests, or a request to the path that showed it ready. */
export type WarmupPlan =
  | { readonly kind: 'command'; readonly words: readonly string[] }
  | { readonly kind: 'requests'; readonly requests: readonly WarmupRequest[] }
  | { readonly kind: 'probe'; readonly headers: Readonly<Record<string, string>> };

/** The facts of an image that a plan needs; a Dockerfile alone can give most of them for a dry run. */
export type PlannedImage = Pick<
  ImageFacts,
  'entrypoint' | 'command' | 'user' | 'environment' | 'ports' | 'volumes' | 'healthCheck' | 'healthCommand'
> & { readonly architecture?: string };

export interface BakePlan {
  readonly names: RunNames;
  readonly host: string;
  readonly probe: Probe;
  /** Container port that takes the warm-up and the first request. */
  readonly requestPort: number | undefined;
  readonly publishedPorts: readonly number[];
  readonly surroundings: Surroundings;
  readonly appCapabilities: readonly string[];
  readonly baseline: Baseline;
  readonly warmUp: WarmupPlan;
  readonly runRequest: RunRequest;
  /** Whether the app serves before the checkpoint: to its readiness and warm-up, until it triggers by itself, or not at all. */
  readonly serving: 'yes' | 'until-triggered' | 'no';
  readonly create: readonly string[];
  readonly dump: readonly string[];
  /** After this time in ms, more than crac-init's own deadlines together, the engine is taken for gone. */
  readonly dumpLimitMs: number;
}

/** Variables that steer the docker command itself; a build argument of such a name cannot be handed over in its environment. */
const READ_BY_DOCKER = /^(?:PATH|HOME|TMPDIR|GODEBUG|(?:DOCKER|BUILDX|BUILDKIT|LD|SSH|XDG)_\w*)$/;

/** The environment of `docker build`: holds the build arguments' values, which may be secrets, so that no process list shows them. */
export function buildEnvironment(options: Pick<OptionValues, 'build-args'>): Record<string, string> {
  const values = Object.entries(options['build-args']).filter(([name]) => !READ_BY_DOCKER.test(name));
  return { ...Object.fromEntries(values), DOCKER_BUILDKIT: '1' };
}

/** `docker build` for the app image, to be run with `buildEnvironment`; the image's id is written to `idFile`. */
export function buildArguments(options: OptionValues, names: RunNames, idFile: string): string[] {
  return [
    'build',
    ...(options.file === undefined ? [] : ['--file', options.file]),
    ...(options.target === undefined ? [] : ['--target', options.target]),
    ...(options.platform === undefined ? [] : ['--platform', options.platform]),
    ...Object.entries(options['build-args']).flatMap(([name, value]) => [
      '--build-arg',
      READ_BY_DOCKER.test(name) ? `${name}=${value}` : name,
    ]),
    ...secretFlags(options.secrets),
    '--progress',
    'plain',
    '--tag',
    names.appImage,
    '--iidfile',
    idFile,
    options.context,
  ];
}

/** The plan for an image; `host` is where the engine's published ports are reached. Throws `no-entrypoint` and `usage`. */
export function makePlan(
  options: BakeOptions,
  engine: Engine,
  image: PlannedImage,
  imageReference: string,
  names: RunNames,
  host = '127.0.0.1',
): BakePlan {
  const command = [...image.entrypoint, ...image.command];
  if (command.length === 0) throw new BakeError('no-entrypoint', 'options', `${imageReference} has neither entrypoint nor command`);
  const probe = chooseProbe(options, image);
  const requestPort = options.port ?? probePort(probe) ?? image.ports[0];
  const surroundings = planSurroundings(options, names);
  const warmUp = planWarmUp(options);
  if (surroundings.ports === 'none') checkWithoutNetwork(probe, warmUp);
  const reached = [...new Set([probePort(probe), requestPort].filter((port) => port !== undefined))];
  const publishedPorts = surroundings.ports === 'published' ? reached : [];
  const serving = options.trigger === 'on-refresh' ? 'no' : options.trigger === 'app' ? 'until-triggered' : 'yes';
  const appCapabilities = normaliseCapabilities(options['app-capabilities']);
  const baseline = planBaseline(options, image.architecture);
  const cpu = holdTo(baseline);
  return {
    names,
    host,
    probe,
    requestPort,
    publishedPorts,
    surroundings,
    appCapabilities,
    baseline,
    warmUp,
    serving,
    runRequest: {
      version: 1,
      command,
      environment: engine.bakeEnvironment(options, image.environment, baseline),
      user: image.user,
      clock: options.clock,
      pidFloor: options['pid-floor'],
      capabilities: appCapabilities,
      ...(cpu === undefined ? {} : { cpu }),
    },
    create: [
      'create',
      '--name',
      names.bake,
      '--label',
      `${RUN_LABEL}=${names.run}`,
      ...(isRoot(image.user) ? [] : ['--user', '0']),
      ...engine.bakePrivileges(options, image.user),
      ...surroundings.flags,
      ...publishFlags(publishedPorts, host),
      '--entrypoint',
      INIT,
      imageReference,
      'run',
    ],
    dump: dumpArguments(names.bake, engine.trigger(options), engine.criuOptions, options),
    dumpLimitMs: triggerLimit(options) + options['hooks-timeout'] + options['checkpoint-timeout'] + options['engine-timeout'],
  };
}

/** An image with which every option that can work at all does. */
const ANY_IMAGE: PlannedImage = {
  entrypoint: ['x'],
  command: [],
  user: '',
  environment: [],
  ports: [1],
  volumes: [],
  healthCheck: '',
  healthCommand: ['x'],
};

/** Refuses options that no image can satisfy, before anything is built. Throws `usage`. */
export function checkOptions(options: BakeOptions, engine: Engine, names: RunNames): void {
  secretFlags(options.secrets);
  // Without a network an image that exposes a port may do where another probe is given, or not: only the image's own plan can tell.
  makePlan(
    options,
    engine,
    options.network === 'none' && options.ready === undefined ? { ...ANY_IMAGE, ports: [] } : ANY_IMAGE,
    'x',
    names,
  );
}

/** `architecture` is unknown where only the Dockerfile is there. Throws `usage`. */
function planBaseline(options: OptionValues, architecture = 'amd64'): Baseline {
  const { cpu } = options;
  if (cpu !== undefined && cpu !== 'native' && architecture !== 'amd64')
    throw new BakeError('usage', 'options', `--cpu ${cpu} is for amd64, the image for ${architecture}`, {
      remedy: 'Leave it out; on other architectures the restore needs all features of the bake’s CPU.',
    });
  return baselineFor(cpu, architecture);
}

/** Without a network nobody but the engine reaches the app. Throws `usage`. */
function checkWithoutNetwork(probe: Probe, warmUp: WarmupPlan): void {
  if ('port' in probe)
    throw new BakeError('usage', 'options', '--network none leaves no port to ask', {
      remedy: 'Give --ready log:PATTERN, exec:COMMAND or health.',
    });
  if (warmUp.kind === 'command' || (warmUp.kind === 'requests' && warmUp.requests.length > 0))
    throw new BakeError('usage', 'options', '--network none leaves no port to send the warm-up to');
}

/** How long the checkpoint may be asked for, in ms. */
function triggerLimit(options: Pick<OptionValues, 'trigger' | 'ready-timeout' | 'warmup-timeout'>): number {
  return options['ready-timeout'] + (options.trigger === 'app' ? options['warmup-timeout'] : 0);
}

/** `crac-init dump` in a container, with the deadlines of the options. */
export function dumpArguments(
  container: string,
  trigger: RuntimeTrigger,
  criuOptions: readonly string[],
  options: Pick<OptionValues, 'trigger' | 'ready-timeout' | 'warmup-timeout' | 'hooks-timeout' | 'checkpoint-timeout'>,
): string[] {
  return [
    ...['exec', '--user', '0', container, INIT, 'dump', '--trigger', trigger],
    ...['--trigger-timeout', String(triggerLimit(options))],
    ...['--hooks-timeout', String(options['hooks-timeout'])],
    ...['--dump-timeout', String(options['checkpoint-timeout'])],
    ...criuOptions.flatMap((option) => ['--criu-option', option]),
  ];
}

function planWarmUp(options: BakeOptions): WarmupPlan {
  const headers = parseHeaders(options['warmup-headers']);
  const command = options['warmup-command'];
  if (command !== undefined) return { kind: 'command', words: splitCommand(command) };
  const lines = options['warmup-requests'];
  // An app that triggers by itself has a warm-up of its own, unless the user asks for one.
  const fromFiles = options.httpRequests ?? [];
  if (lines.length + fromFiles.length > 0 || options.trigger === 'app')
    return { kind: 'requests', requests: [...parseRequests(lines, headers), ...fromFiles] };
  return { kind: 'probe', headers };
}

/** Ports at numbers that the engine chooses: on loopback of a local engine, reachable from here on another. */
function publishFlags(ports: readonly number[], host: string): string[] {
  const address = host === '127.0.0.1' ? '127.0.0.1:' : '';
  return ports.flatMap((port) => ['--publish', `${address}:${port}`]);
}

/** `docker commit` of the bake container as the restore image; labels are given as one instruction. */
export function commitArguments(names: RunNames, user: string, labels: string, target: string): string[] {
  return [
    'commit',
    '--change',
    `ENTRYPOINT ["${INIT}","restore"]`,
    '--change',
    'CMD []',
    ...(isRoot(user) ? [] : ['--change', `USER ${user}`]),
    '--change',
    labels,
    names.bake,
    target,
  ];
}

/** `docker run` of the proof: a fresh container under the privileges that are printed, the fallback switched off. */
export function proofArguments(plan: BakePlan, restoreCapabilities: readonly string[]): string[] {
  return [
    'run',
    '--detach',
    '--name',
    plan.names.proof,
    '--label',
    `${RUN_LABEL}=${plan.names.run}`,
    ...capabilityFlags(restoreCapabilities),
    ...plan.surroundings.flags,
    ...publishFlags(plan.publishedPorts, plan.host),
    '--env',
    'CRAC_INIT_RESTORE=require',
    '--env',
    'CRAC_INIT_LOG=1',
    plan.names.restoreImage,
  ];
}

/** What each step is called in progress, report and plan. */
export const STEP_TITLES: Readonly<Record<Step, string>> = {
  options: 'Read the options',
  'check-host': 'Check the engine',
  build: 'Get the app image',
  services: 'Start the services',
  start: 'Start the app',
  ready: 'Wait until it is ready',
  'warm-up': 'Warm it up',
  drain: 'Look for open connections',
  trigger: 'Run the checkpoint hooks',
  dump: 'Dump the process',
  verify: 'Verify the checkpoint',
  assemble: 'Assemble the restore image',
  prove: 'Prove the restore',
  push: 'Push it and prove that',
  tag: 'Tag the restore image',
  isolate: 'Start it without a network',
  examine: 'Look at what it holds',
};
