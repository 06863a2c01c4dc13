// Which engine freezes this app: what the options say, what the image's JVM has, and which CRIU can work here. Pure.

import { heldByKnown } from '../cpu/baselines.ts';
import { judgeImageCriu } from '../crac-jdk/criu-choice.ts';
import { type JvmFacts, recogniseJvm } from '../crac-jdk/jvm-facts.ts';
import { parseJvmListing } from '../crac-jdk/jvm-listing.ts';
import { splitJavaOptions } from '../crac-jdk/option-text.ts';
import { judgePolicies } from '../crac-jdk/policies.ts';
import { judgeAtCheckpoint } from '../crac-jdk/user-options.ts';
import { cracEngine } from '../engines/crac.ts';
import { criuEngine } from '../engines/criu.ts';
import { type Engine, type JvmDescription, javaOptionsOf } from '../engines/engine.ts';
import { BakeError } from '../errors.ts';
import type { JvmReport } from '../runtime/jvm-report.ts';
import type { OptionValues } from '../spec/values.ts';

export interface ChosenEngine {
  readonly engine: Engine;
  /** Of the CRIU that dumps; empty where none does. */
  readonly criuVersion: string;
  readonly jvm: JvmDescription | null;
  readonly warnings: readonly string[];
}

type EngineOptions = Pick<OptionValues, 'engine' | 'trigger' | 'criu' | 'resource-policies'>;

/** Triggers that only one of the engines has. */
const OF_CRIU: readonly string[] = ['agent', 'none'];
const OF_CRAC: readonly string[] = ['jcmd'];

/** Whether the image's JVM has to be asked. Throws `usage` for a trigger that the engine does not have. */
export function wantsJvm({ engine, trigger }: Pick<EngineOptions, 'engine' | 'trigger'>): boolean {
  const lacks = engine === 'crac' ? OF_CRIU : engine === 'criu' ? OF_CRAC : [];
  if (lacks.includes(trigger)) {
    const other = engine === 'crac' ? 'jcmd, on-refresh or app' : 'agent, on-refresh, app or none';
    throw new BakeError('usage', 'options', `The engine ${engine} has no trigger ${trigger}`, { remedy: `Give --trigger ${other}.` });
  }
  return engine === 'crac' || (engine === 'auto' && !OF_CRIU.includes(trigger));
}

/** The engine for an image whose JVM said this; undefined where it was not asked. Throws `no-crac-jdk`, `usage`. */
export function chooseEngine(
  options: EngineOptions,
  report: JvmReport | undefined,
  host: { readonly kernel: string; readonly architecture: string },
  criuVersion: string,
  jvmWords: readonly string[] = [],
): ChosenEngine {
  const facts = report === undefined ? undefined : recogniseJvm(report.listing, report.engineHelp);
  if (report === undefined || facts?.crac === undefined) return withoutCrac(options, facts, report, criuVersion);
  checkJvmOptions(facts, jvmWords);
  const own = report.criu === null ? undefined : { ...report.criu, judgement: judgeCriu(report, host) };
  const usesCriu = facts.crac.engine === 'criu';
  const takesOwn =
    usesCriu && own !== undefined && (options.criu === 'image' || (options.criu === 'auto' && own.judgement.verdict === 'works'));
  if (usesCriu && options.criu === 'image') checkOwn(own);
  const engine = cracEngine({
    facts,
    program: report.program,
    ownCriu:
      takesOwn && own !== undefined
        ? { path: own.path, unprivileged: own.judgement.unprivileged, inheritsStdio: own.judgement.inheritsStdio }
        : undefined,
  });
  return {
    engine,
    criuVersion: !usesCriu ? '' : takesOwn ? (own?.judgement.version ?? '') : criuVersion,
    jvm: {
      vendor: facts.vendor,
      version: facts.version,
      build: facts.build,
      flags: facts.crac.known,
      engine: facts.crac.engineName,
      hasJcmd: report.jcmd,
      ownCriu:
        own === undefined
          ? null
          : { path: own.path, version: own.judgement.version, verdict: own.judgement.verdict, reasons: own.judgement.reasons },
      criu: !usesCriu ? 'none' : takesOwn ? 'image' : 'ours',
    },
    warnings: [
      ...judgePolicies(facts, options['resource-policies']),
      ...(takesOwn && own?.judgement.verdict === 'cannot' ? own.judgement.reasons : []),
    ],
  };
}

/** The engine criu for an app whose JVM, if it has one, was asked for its flags. */
function criuFor(report: JvmReport): Engine {
  const flags = new Set(parseJvmListing(report.listing).flags.keys());
  return { ...criuEngine, hold: (baseline) => heldByKnown(criuEngine.hold(baseline), flags) };
}

function withoutCrac(
  options: EngineOptions,
  facts: JvmFacts | undefined,
  report: JvmReport | undefined,
  criuVersion: string,
): ChosenEngine {
  if (options.engine === 'crac') {
    const found = facts === undefined ? 'no java that says what it is' : `${facts.vmName || 'Java'} ${facts.version}, which has no CRaC`;
    throw new BakeError('no-crac-jdk', 'build', `The image has ${found}`);
  }
  if (OF_CRAC.includes(options.trigger))
    throw new BakeError('no-crac-jdk', 'build', `--trigger ${options.trigger} needs a CRaC JDK, and the image has none`);
  return {
    engine: report === undefined ? criuEngine : criuFor(report),
    criuVersion,
    jvm: null,
    warnings: options['resource-policies'].length === 0 ? [] : ['--resource-policies are for a CRaC JDK; without one nothing reads them.'],
  };
}

function judgeCriu({ criu, cpuFeatures }: JvmReport, host: { readonly kernel: string; readonly architecture: string }) {
  const judgement = judgeImageCriu({ version: criu?.version ?? '', cpuFeatures: cpuFeatures ?? [], ...host });
  if (criu?.executable !== false) return judgement;
  return { ...judgement, verdict: 'cannot' as const, reasons: [`${criu.path} cannot be executed`] };
}

function checkOwn(own: { readonly path: string; readonly executable: boolean } | undefined): void {
  if (own?.executable) return;
  throw new BakeError('no-image-criu', 'build', own === undefined ? 'The JDK brings no CRIU of its own' : `${own.path} cannot be executed`);
}

/** Options with which this JVM would not start for a checkpoint. Throws `jvm-lacks-flag`, `jvm-cannot-checkpoint`. */
function checkJvmOptions(facts: JvmFacts, words: readonly string[]): void {
  const refused = judgeAtCheckpoint(facts, words).find(({ effect }) => effect === 'refused');
  if (refused === undefined) return;
  throw new BakeError(
    refused.id === 'jvm-unknown-flag' ? 'jvm-lacks-flag' : 'jvm-cannot-checkpoint',
    'build',
    `The JVM of the image refuses ${refused.option}`,
    { details: refused.because, remedy: refused.remedy },
  );
}

/** The words that the app's JVM is started with: those of its variable, then those of its command. */
export function jvmWords(
  image: { readonly environment: readonly string[]; readonly entrypoint: readonly string[]; readonly command: readonly string[] },
  env: Readonly<Record<string, string>>,
): string[] {
  return [...splitJavaOptions(javaOptionsOf(env, image.environment)), ...image.entrypoint, ...image.command];
}
