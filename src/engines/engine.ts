// What differs between the ways to freeze a process. One interface, so that a CRaC JDK's own mechanism can stand beside CRIU.

import type { Baseline, CpuHold } from '../cpu/baselines.ts';
import type { RuntimeFile } from '../runtime/files.ts';
import type { RunRequest } from '../runtime/run-request.ts';
import type { OptionValues } from '../spec/values.ts';

/** Linux capabilities without their `CAP_` prefix, as docker names them. */
export type Capability = string;

/** How a CRaC JVM brings its checkpoint back, for the manifest (docs/runtime-contract.md). */
export interface JvmRestore {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly variables: readonly string[];
  readonly bakeOptions: readonly string[];
  readonly settable: readonly string[];
  readonly criu: string;
  readonly notCriu: boolean;
}

/** What a report says of a CRaC JVM. */
export interface JvmDescription {
  readonly vendor: string;
  readonly version: string;
  readonly build: string;
  /** Names of its CRaC flags. */
  readonly flags: readonly string[];
  /** The JVM's own engine: `criuengine`, `warp`. */
  readonly engine: string;
  readonly hasJcmd: boolean;
  /** The JDK's own CRIU, and whether it can work here; null where it has none. */
  readonly ownCriu: {
    readonly path: string;
    readonly version: string;
    readonly verdict: string;
    readonly reasons: readonly string[];
  } | null;
  /** Which CRIU was taken. */
  readonly criu: 'image' | 'ours' | 'none';
}

/** What of a finished dump a restore depends on. */
export interface DumpedProcess {
  readonly stdout: string;
  readonly stderr: string;
}

export interface Engine {
  readonly name: 'criu' | 'crac';
  /** CPU baselines that it can hold the app to, the usual one first. */
  readonly baselines: readonly [Baseline, ...Baseline[]];
  /** What crac-init does to hold the app to a baseline; undefined where there is nothing to do, or the JVM does it. */
  hold(baseline: Baseline): CpuHold | undefined;
  /** The environment that the app gets at bake, over that of the image (`imageEnvironment`: lines `NAME=VALUE`) and the user's `env`. */
  bakeEnvironment(options: OptionValues, imageEnvironment: readonly string[], baseline: Baseline): Readonly<Record<string, string>>;
  /** `docker create` flags: the privileges of the bake container. */
  bakePrivileges(options: OptionValues, imageUser: string): readonly string[];
  /** The app's command as it is started at bake. */
  bakeCommand(command: readonly string[]): readonly string[];
  /** Arguments of `crac-init dump` that say what asks for the checkpoint: the agent, the JVM, the app itself, nothing. */
  trigger(options: OptionValues): readonly string[];
  /** What the run request of the bake has beside what all have. */
  readonly runRequest: Partial<RunRequest>;
  /** Files beside the runtime's own, in its folder. */
  files(options: OptionValues): readonly RuntimeFile[];
  /** Arguments for criu beyond those that `crac-init` always gives, the same at dump and restore. */
  readonly criuOptions: readonly string[];
  /** Names of files without which there is no checkpoint of this process. */
  requiredFiles(pid: number): readonly string[];
  /** How the JVM restores itself; undefined where criu is all that a restore needs. */
  restore(options: OptionValues, imageEnvironment: readonly string[], baseline: Baseline, dumped: DumpedProcess): JvmRestore | undefined;
  /** Capabilities that a restore container needs; `sameUser`: the app runs as the user with which the container starts. */
  restoreCapabilities(appCapabilities: readonly Capability[], sameUser: boolean): readonly Capability[];
}

/** `unconfined`, or the path of a seccomp profile on the machine where the docker command runs. */
export type Seccomp = string;

/** What a restore container is granted, and the proof was: nothing beside it. */
export interface RestorePrivileges {
  readonly capabilities: readonly Capability[];
  readonly seccomp: Seccomp;
}

/** Whether CRIU restores with these: it alone needs what the engine's default seccomp profile denies, and who has no capabilities runs no CRIU. */
export function needsCriu(capabilities: readonly Capability[]): boolean {
  return capabilities.length > 0;
}

/** The `docker run` flags that grant exactly this. */
export function privilegeFlags({ capabilities, seccomp }: RestorePrivileges): string[] {
  return [...capabilitiesAlone(capabilities), ...(needsCriu(capabilities) ? ['--security-opt', `seccomp=${seccomp}`] : [])];
}

/** The flags of capabilities, for what is no CRIU. */
export function capabilitiesAlone(capabilities: readonly Capability[]): string[] {
  return ['--cap-drop', 'ALL', ...capabilities.flatMap((capability) => ['--cap-add', capability])];
}

/** Makes Spring ask for the checkpoint when its context is refreshed. */
export const ON_REFRESH = '-Dspring.context.checkpoint=onRefresh';

/** The options that the user or else the image (lines `NAME=VALUE`) gives every JVM, as one text. */
export function javaOptionsOf(env: Readonly<Record<string, string>>, imageEnvironment: readonly string[]): string {
  const fromImage = imageEnvironment.find((line) => line.startsWith(`${JAVA_OPTIONS}=`))?.slice(JAVA_OPTIONS.length + 1);
  return env[JAVA_OPTIONS] ?? fromImage ?? '';
}

const JAVA_OPTIONS = 'JAVA_TOOL_OPTIONS';

/** The user's environment with options for every JVM, after those that the user or else the image gives it. */
export function withJavaOptions(
  env: Readonly<Record<string, string>>,
  imageEnvironment: readonly string[],
  ours: readonly string[],
): Readonly<Record<string, string>> {
  const theirs = javaOptionsOf(env, imageEnvironment);
  return { ...env, [JAVA_OPTIONS]: [theirs, ...ours].filter((part) => part !== '').join(' ') };
}

/** Capability names as users write them (`cap_setuid`, `CAP_SETUID`, `SETUID`) in docker's form, each once, in order. */
export function normaliseCapabilities(names: readonly string[]): Capability[] {
  return [...new Set(names.flatMap((name) => name.split(',')).map((name) => name.trim().toUpperCase().replace(/^CAP_/, '')))].filter(
    (name) => name !== '',
  );
}

/** Whether an image's USER is root. */
export function isRoot(user: string): boolean {
  return /^(|0|root)(:.*)?$/.test(user);
}
