// Doctor: the host facts that decide whether a bake and a restore work here, each asked and not guessed.

import { ensureHelper, type Helper, readCriu } from '../bake/helper-image.ts';
import { checkHost } from '../bake/host-check.ts';
import type { Installation } from '../bake/run.ts';
import { readRuntime } from '../bake/start.ts';
import { failing } from '../bake/steps.ts';
import { failureOf } from '../diagnose/of-error.ts';
import { askEngine, knowsSeccomp } from '../docker/engine-facts.ts';
import { BakeError } from '../errors.ts';
import { CALLER_CHECKS, type CallerFacts } from '../host/checks/caller.ts';
import { CONTAINER_CHECKS } from '../host/checks/container.ts';
import { CRIU_CHECKS } from '../host/checks/criu.ts';
import { ENGINE_CHECKS } from '../host/checks/engine.ts';
import { type Judgement, judgeAll, ok } from '../host/judgement.ts';
import { runNames } from '../plan/names.ts';
import type { World } from '../ports.ts';
import { collectHostFacts } from './collect.ts';

/** Examines caller, engine, its host, CRIU and a tiny checkpoint, in this order; stops at what makes the rest pointless. */
export async function examine(
  world: World,
  criuBase: string,
  installation: Installation,
  caller: CallerFacts,
  run: string,
): Promise<Judgement[]> {
  const judgements = judgeAll(CALLER_CHECKS, caller);
  try {
    const engine = await askEngine(world);
    judgements.push(...judgeAll(ENGINE_CHECKS, engine));
    const [runtime, helper] = await Promise.all([
      readRuntime(world.files, installation.dist, engine.architecture),
      ensureHelper(world, installation.helper, criuBase, engine.architecture),
    ]);
    judgements.push({ what: 'helper image', ...ok(describe(helper)) });
    const names = runNames(run);
    const seccomp = knowsSeccomp(engine) ? installation.seccomp : 'unconfined';
    const reading = readCriu(world, helper, names);
    // Side by side; what the host's facts say explains a checkpoint that fails, so all are awaited.
    const [facts, read, tiny] = await Promise.allSettled([
      failing('host-cannot-checkpoint', 'check-host', 'A container with the privileges of a bake does not run', () =>
        collectHostFacts(world, names, helper, runtime),
      ),
      reading,
      reading.then((criu) => checkHost(world, { names, engine, helper, criu, runtime, seccomp, tool: installation.tool })),
    ]);
    const host = settled(facts);
    judgements.push(...judgeAll(CONTAINER_CHECKS, host));
    judgements.push(...judgeAll(CRIU_CHECKS, { criu: settled(read).version, kernel: host.kernel, cpu: host.cpu }));
    judgements.push({ what: 'tiny checkpoint', ...ok(`dumped and restored in ${(settled(tiny) / 1000).toFixed(1)} s`) });
  } catch (error) {
    if (!(error instanceof BakeError)) throw error;
    const known = failureOf(error);
    judgements.push({
      what: WHERE[error.code] ?? error.code,
      verdict: 'fail',
      found: [known?.cause, error.message, error.details, ...newLines(error)].filter(Boolean).join('\n      '),
      remedy: known?.remedy ?? tinyCheckpointRemedy(error, judgements),
      ...(known === null ? {} : { failure: known.id }),
    });
  }
  return judgements;
}

function settled<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

/** The end of the log, without what the details say. */
function newLines({ details, log }: BakeError): string[] {
  return log.slice(-5).filter((line) => !details.includes(line));
}

const WHERE: Readonly<Record<string, string>> = {
  'no-engine': 'engine',
  'old-engine': 'engine',
  'other-engine': 'engine',
  'no-helper': 'helper image',
  'no-space': 'disk',
  'missing-capability': 'capabilities',
  'host-cannot-checkpoint': 'tiny checkpoint',
};

/** Doctor does not send people to doctor: what stands above it is the likely reason. */
function tinyCheckpointRemedy(error: BakeError, judgements: readonly Judgement[]): string {
  if (error.code !== 'host-cannot-checkpoint') return error.remedy;
  const doubts = judgements.filter(({ verdict }) => verdict !== 'ok').map(({ what }) => what);
  return doubts.length > 0
    ? `See to what is marked above: ${doubts.join(', ')}.`
    : 'Nothing above explains it: crac-bake doctor --verbose shows every command and its output; please report it.';
}

function describe(helper: Helper): string {
  return helper.built ? `${helper.image}, built now` : helper.image;
}
