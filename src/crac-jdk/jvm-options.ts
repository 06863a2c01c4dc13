// From what is wanted to the options and variables that this JVM's version has for it.

import { BakeError } from '../errors.ts';
import type { CracFacts, FlagPurpose, JvmFacts } from './jvm-facts.ts';
import type { JvmFlag } from './jvm-listing.ts';

/** Which CRIU the JVM's engine is to use, and how. Ignored where the engine is not CRIU. */
export interface CriuWish {
  /** Absolute path of a program in the container; undefined: the one that the JVM finds by itself. */
  readonly path: string | undefined;
  /** Gives `--unprivileged` at dump and restore; CRIU knows it from 3.18 on. */
  readonly unprivileged: boolean;
  /** CRIU hands on descriptors 0 to 2 by itself (the CRaC forks); else `stdout` and `stderr` of the restore are named. */
  readonly inheritsStdio: boolean;
  /** Further options of CRIU at dump and restore, without blanks. */
  readonly options: readonly string[];
}

export interface CheckpointWishes {
  /** The folder in the container. */
  readonly checkpointTo: string;
  readonly criu: CriuWish;
  /** `native` (the processor's own features), `generic`, `ignore` or a mask such as `0x21421803fcbfd,0x1e6`. */
  readonly cpu: string;
  /** A file in the container in the format of `jdk.crac.resource-policies`. */
  readonly policiesFile?: string;
  /** The JVM remembers who opened each descriptor; costs time. */
  readonly stackTraces?: boolean;
}

export interface RestoreWishes {
  readonly restoreFrom: string;
  readonly criu: CriuWish;
  /** Names of the pipes that the process had as stdout and stderr at the checkpoint, as of /proc/PID/fd: `pipe:[123]`; others are not handed over. */
  readonly stdout: string;
  readonly stderr: string;
  /** The engine at the checkpoint (`CracFacts.engineName`): a JVM refuses another. */
  readonly engineName: string;
  /** File for CRIU's log, with everything in it; without one only errors come, on stderr. */
  readonly criuLog?: string;
}

/** Options of `java` before the main class, and variables of its environment. */
export interface JvmOptions {
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** For the start of the app that is to be checkpointed. Throws `jvm-lacks-flag`. */
export function checkpointOptions(jvm: JvmFacts, wishes: CheckpointWishes): JvmOptions {
  const crac = cracOf(jvm);
  const criu = criuOptions(crac, wishes.criu, commonCriuOptions(wishes.criu));
  return {
    arguments: withUnlocks([
      setting(jvm, 'checkpointTo', wishes.checkpointTo),
      ...(crac.flags.engine?.origin === 'default' ? engineSetting(crac, crac.engineName) : []),
      ...(wishes.cpu === 'native' ? [] : [setting(jvm, 'cpuFeatures', wishes.cpu)]),
      ...criu.settings,
      ...(wishes.policiesFile === undefined ? [] : [plain(`-Djdk.crac.resource-policies=${wishes.policiesFile}`)]),
      ...(wishes.stackTraces ? [plain('-Djdk.crac.collect-fd-stacktraces=true')] : []),
    ]),
    environment: criu.environment,
  };
}

/** For the restore: `java ARGUMENTS [-Dname=value…] [Main argument…]`. Throws `jvm-lacks-flag`. */
export function restoreOptions(jvm: JvmFacts, wishes: RestoreWishes): JvmOptions {
  const crac = cracOf(jvm);
  const streams = [wishes.stdout, wishes.stderr].flatMap((name, at) =>
    /^pipe:\[\d+\]$/.test(name) ? ['--inherit-fd', `fd[${at + 1}]:${name}`] : [],
  );
  const options = [
    ...commonCriuOptions(wishes.criu),
    // The JVM looks at the processor itself, and more closely; JDK 26 says so to CRIU by itself.
    ...(crac.criuNamedBy === 'environment' ? ['--cpu-cap=none'] : []),
    ...(wishes.criu.inheritsStdio ? [] : streams),
    ...(wishes.criuLog === undefined ? [] : ['-v4', '-o', wishes.criuLog]),
  ];
  const criu = criuOptions(crac, wishes.criu, options);
  return {
    arguments: withUnlocks([setting(jvm, 'restoreFrom', wishes.restoreFrom), ...engineSetting(crac, wishes.engineName), ...criu.settings]),
    environment: criu.environment,
  };
}

/** Where the flag of a purpose is missing: what to say instead of a wish that would be dropped silently. */
export function hasFlag(jvm: JvmFacts, purpose: FlagPurpose): boolean {
  return jvm.crac?.flags[purpose] !== undefined;
}

interface Setting {
  readonly text: string;
  /** The kind of its flag, which may be locked. */
  readonly kind: string;
}

function plain(text: string): Setting {
  return { text, kind: '' };
}

function cracOf(jvm: JvmFacts): CracFacts {
  if (jvm.crac !== undefined) return jvm.crac;
  throw new BakeError('no-crac-jdk', 'start', `The JVM of the image (${jvm.vmName || 'Java'} ${jvm.version}) has no CRaC`);
}

/** What a user would know a missing flag by. */
const WISH_OF: Readonly<Partial<Record<FlagPurpose, string>>> = {
  cpuFeatures: 'A processor baseline for the checkpoint',
  engine: 'A choice of the engine',
};

function setting(jvm: JvmFacts, purpose: FlagPurpose, value: string): Setting {
  const flag: JvmFlag | undefined = cracOf(jvm).flags[purpose];
  if (flag !== undefined) return { text: `-XX:${flag.name}=${value}`, kind: flag.kind };
  throw new BakeError('jvm-lacks-flag', 'start', `${WISH_OF[purpose] ?? `The flag for ${purpose}`} is not to be had with this JVM`, {
    details: `Java ${jvm.version}${jvm.build === '' ? '' : ` (${jvm.build})`} does not list a flag for it in -XX:+PrintFlagsFinal.`,
  });
}

/**
 * The engine is named although the JVM would take it by itself: a vendor's next build may have another default, and a restore must have the
 * same. What the image itself has set for the checkpoint, perhaps with options of the engine, stays.
 */
function engineSetting({ flags: { engine } }: CracFacts, name: string): Setting[] {
  return engine === undefined || name === '' ? [] : [{ text: `-XX:${engine.name}=${name}`, kind: engine.kind }];
}

function commonCriuOptions({ unprivileged, options }: CriuWish): string[] {
  return [...(unprivileged ? ['--unprivileged'] : []), ...options];
}

interface CriuOptions {
  readonly settings: readonly Setting[];
  readonly environment: Readonly<Record<string, string>>;
}

function criuOptions({ engine, criuNamedBy, flags }: CracFacts, { path }: CriuWish, options: readonly string[]): CriuOptions {
  if (engine !== 'criu') return { settings: [], environment: {} };
  if (criuNamedBy === 'environment') {
    return {
      settings: [],
      environment: {
        ...(path === undefined ? {} : { CRAC_CRIU_PATH: path }),
        ...(options.length === 0 ? {} : { CRAC_CRIU_OPTS: options.join(' ') }),
      },
    };
  }
  const pairs = [...(path === undefined ? [] : [`criu_location=${path}`]), ...(options.length === 0 ? [] : [`args=${options.join(' ')}`])];
  const flag = flags.engineOptions;
  if (pairs.length === 0 || flag === undefined) return { settings: [], environment: {} };
  return { settings: [{ text: `-XX:${flag.name}=${pairs.join(',')}`, kind: flag.kind }], environment: {} };
}

/** Diagnostic and experimental flags are refused unless they are unlocked before. */
function withUnlocks(settings: readonly Setting[]): string[] {
  const locked = (what: string) => settings.some(({ kind }) => kind.includes(what));
  return [
    ...(locked('diagnostic') ? ['-XX:+UnlockDiagnosticVMOptions'] : []),
    ...(locked('experimental') ? ['-XX:+UnlockExperimentalVMOptions'] : []),
    ...settings.map(({ text }) => text),
  ];
}
