// The plan without doing it: what would run, with the exact docker commands. Asks the engine, or else the Dockerfile, and changes nothing.

import { join } from 'node:path';
import { askEngine } from '../docker/engine-facts.ts';
import { findImage } from '../docker/image-facts.ts';
import { plannedFromDockerfile } from '../dockerfile/planned-image.ts';
import { presumedCracEngine } from '../engines/crac.ts';
import { criuEngine } from '../engines/criu.ts';
import { BakeError, type Step } from '../errors.ts';
import { PROFILE_NAME } from '../image/deploy-lines.ts';
import { repositoryOf } from '../image/reference.ts';
import { type RunNames, runNames } from '../plan/names.ts';
import {
  type BakeOptions,
  buildArguments,
  commitArguments,
  makePlan,
  type PlannedImage,
  proofArguments,
  STEP_TITLES,
} from '../plan/plan.ts';
import { quote } from '../plan/quote.ts';
import { composeArguments } from '../plan/surroundings.ts';
import type { World } from '../ports.ts';
import { describeProbe } from '../readiness/probe.ts';
import { RUNTIME_FOLDER } from '../runtime/files.ts';
import { isLocalContext } from '../spec/context.ts';
import { wantsJvm } from './choose-engine.ts';

export interface PlannedStep {
  readonly step: Step;
  readonly title: string;
  readonly what: string;
  readonly commands: readonly (readonly string[])[];
}

/** The steps of a bake, and the same as text. Throws what planning throws. */
export async function dryRun(
  world: World,
  options: BakeOptions,
): Promise<{ readonly steps: readonly PlannedStep[]; readonly text: string }> {
  const names = runNames('00000000-0000-0000-0000-000000000000');
  const image = await foresee(world, options);
  const reference = options.image ?? names.appImage;
  // Nothing is asked of the image's JVM here, which is what the engine auto goes by.
  const engine = wantsJvm(options) && (options.engine === 'crac' || options.trigger === 'jcmd') ? presumedCracEngine : criuEngine;
  const plan = makePlan(options, engine, image, reference, names);
  const privileges = {
    capabilities: engine.restoreCapabilities(plan.appCapabilities, !plan.appCapabilities.includes('SETUID')),
    seccomp: options.seccomp === 'unconfined' ? options.seccomp : PROFILE_NAME,
  };
  const step = (id: Step, what: string, ...commands: (readonly string[])[]): PlannedStep => ({
    step: id,
    title: STEP_TITLES[id],
    what,
    commands: commands.map((command) => ['docker', ...command]),
  });
  const steps = [
    step('check-host', `engine, CRIU from ${options['criu-base']}, a tiny dump and restore once per engine start`),
    options.image === undefined
      ? step('build', options.context, buildArguments(options, names, 'IMAGE-ID-FILE'))
      : step('build', options.image, ['image', 'inspect', options.image]),
    ...(options.services === undefined
      ? []
      : [
          step(
            'services',
            `${options.services}, healthy within ${options['service-timeout'] / 1000} s`,
            composeArguments(names, options.services, 'create'),
            composeArguments(names, options.services, 'up', '--detach'),
          ),
        ]),
    step(
      'start',
      plan.runRequest.command.join(' '),
      plan.create,
      ['cp', '-', `${names.bake}:/`],
      ['cp', '-', `${names.bake}:${RUNTIME_FOLDER}`],
      ['start', names.bake],
    ),
    ...(plan.serving !== 'no'
      ? [
          step('ready', `${describeProbe(plan.probe)}, ${options['ready-successes']} in a row within ${options['ready-timeout'] / 1000} s`),
          step('warm-up', describeWarmUp(options)),
        ]
      : []),
    step('trigger', `trigger ${options.trigger}`, plan.dump),
    step('verify', 'every file of the checkpoint'),
    step(
      'assemble',
      'checkpoint, runtime and changed files as one layer',
      commitArguments(names, image.user, 'LABEL …', names.restoreImage),
    ),
    step('prove', 'restore with the fallback off, the same first request', proofArguments(plan, privileges)),
    ...(options.push ? pushStep(options, names, step) : []),
    step('tag', options.tags.join(', ') || '(no tag given)', ...options.tags.flatMap((tag) => tagCommands(options, names, tag))),
  ];
  const text = steps
    .map(({ title, what, commands }) => `${title}: ${what}\n${commands.map((command) => `  $ ${command.map(quote).join(' ')}\n`).join('')}`)
    .join('');
  return { steps, text };
}

function tagCommands({ push }: BakeOptions, names: RunNames, tag: string): string[][] {
  if (!push) return [['tag', names.restoreImage, tag]];
  return [
    ['tag', 'PROVED-IMAGE', tag],
    ['push', tag],
    ['pull', tag],
  ];
}

function pushStep(
  options: BakeOptions,
  names: RunNames,
  step: (id: Step, what: string, ...commands: string[][]) => PlannedStep,
): PlannedStep[] {
  const commands = [...new Set(options.tags.map(repositoryOf))].flatMap((repository) => [
    ['tag', names.restoreImage, `${repository}:${names.temporaryTag}`],
    ['push', `${repository}:${names.temporaryTag}`],
    ['pull', `${repository}@DIGEST`],
    ['pull', `${repository}:${names.temporaryTag}`],
  ]);
  return [step('push', 'under a temporary tag, pulled back by digest, restored once more', ...commands)];
}

function describeWarmUp(options: BakeOptions): string {
  if (options['warmup-command'] !== undefined) return options['warmup-command'];
  const named = [...options['warmup-requests'], ...(options.httpRequests ?? []).map(({ method, path }) => `${method} ${path}`)];
  const requests = named.length > 0 ? named.join(', ') : 'GET of the path that showed it ready';
  const settled = options['warmup-until-settled'] ? `, on until settled, ${options['warmup-max-count']} × at most` : '';
  return `${options['warmup-count']} × ${requests}, ${options['warmup-concurrency']} at once${settled}`;
}

async function foresee(world: World, options: BakeOptions): Promise<PlannedImage> {
  if (options.image !== undefined) {
    const facts = await findImage(world, options.image).catch(() => undefined);
    if (facts === undefined) {
      await askEngine(world);
      throw new BakeError('image-not-found', 'options', `There is no image ${options.image} on the engine`, {
        remedy: 'Pull it first; a dry run changes nothing.',
      });
    }
    return facts;
  }
  if (!isLocalContext(options.context)) {
    throw new BakeError('usage', 'options', 'A dry run reads the Dockerfile, and that of a remote build context is not here', {
      remedy: 'Name an image that exists (--image), or a folder.',
    });
  }
  const file = options.file ?? join(options.context, 'Dockerfile');
  if (!(await world.files.exists(file))) throw new BakeError('dockerfile-missing', 'build', `There is no ${file}`);
  return plannedFromDockerfile(await world.files.readText(file), options.target);
}
