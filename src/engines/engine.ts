// What differs between the ways to freeze a process. One interface, so that a CRaC JDK's own mechanism can stand beside CRIU.

import type { Baseline } from '../cpu/baselines.ts';
import type { OptionValues } from '../spec/values.ts';

/** Linux capabilities without their `CAP_` prefix, as docker names them. */
export type Capability = string;

/** What asks for the checkpoint, as `crac-init dump --trigger` knows it: the agent, the app itself, nothing, or the agent where a JVM has loaded it. */
export type RuntimeTrigger = 'agent' | 'wait' | 'none' | 'auto';

export interface Engine {
  readonly name: 'criu';
  /** The environment that the app gets at bake, over that of the image (`imageEnvironment`: lines `NAME=VALUE`) and the user's `env`. */
  bakeEnvironment(options: OptionValues, imageEnvironment: readonly string[], baseline: Baseline): Readonly<Record<string, string>>;
  /** `docker create` flags: the privileges of the bake container. */
  bakePrivileges(options: OptionValues, imageUser: string): readonly string[];
  /** The trigger in the runtime's words. */
  trigger(options: OptionValues): RuntimeTrigger;
  /** Arguments for criu beyond those that `crac-init` always gives, the same at dump and restore. */
  readonly criuOptions: readonly string[];
  /** Capabilities that a restore container needs; `sameUser`: the app runs as the user with which the container starts. */
  restoreCapabilities(appCapabilities: readonly Capability[], sameUser: boolean): readonly Capability[];
}

/** The `docker run` flags that grant exactly these capabilities. CRIU needs clone3 with a chosen PID, which the engine's default seccomp profile denies. */
export function capabilityFlags(capabilities: readonly Capability[]): string[] {
  return ['--cap-drop', 'ALL', ...capabilities.flatMap((capability) => ['--cap-add', capability]), '--security-opt', 'seccomp=unconfined'];
}

/** The user's environment with options for every JVM, after those that the user or else the image (lines `NAME=VALUE`) gives it. */
export function withJavaOptions(
  env: Readonly<Record<string, string>>,
  imageEnvironment: readonly string[],
  ours: readonly string[],
): Readonly<Record<string, string>> {
  const name = 'JAVA_TOOL_OPTIONS';
  const fromImage = imageEnvironment.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
  const theirs = env[name] ?? fromImage ?? '';
  return { ...env, [name]: [theirs, ...ours].filter((part) => part !== '').join(' ') };
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
