// The steps of a checkpoint that is on its way: hooks, open connections, dump, verification. What they find goes into the report.

import { beyond, type JvmCpu, neededFeatures } from '../cpu/needed.ts';
import { docker } from '../docker/cli.ts';
import { lastLog } from '../docker/containers.ts';
import type { Engine } from '../engines/engine.ts';
import { BakeError } from '../errors.ts';
import { type FileChanges, parseDiff } from '../image/changed-files.ts';
import type { Manifest } from '../image/manifest.ts';
import type { BakePlan } from '../plan/plan.ts';
import type { Dumped } from '../runtime/dump-answers.ts';
import { RUNTIME_FOLDER } from '../runtime/files.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Run } from './run.ts';
import type { ServiceNames } from './services.ts';
import { failing } from './steps.ts';

export interface Frozen {
  readonly dumped: Dumped;
  /** The JVM whose hooks the context agent ran, and which will acknowledge the restore; null without. */
  readonly java: Manifest['java'];
  readonly cpu: Manifest['cpu'];
  readonly files: FileChanges;
}

/** Follows the checkpoint to its end. Throws the checkpoint's failure, and `checkpoint-incomplete`. */
export async function freeze(
  run: Run,
  plan: BakePlan,
  engine: Engine,
  checkpoint: Checkpoint,
  services: ServiceNames = new Map(),
): Promise<Frozen> {
  const { step, report, warn } = run;
  const hooks = await step('trigger', async () => {
    const value = await checkpoint.hooks;
    return {
      value,
      detail: value === undefined ? NO_HOOKS[engine.name] : `${value.resources?.length ?? 0} hooks in ${Math.round(value.elapsedMs)} ms`,
    };
  });
  if (hooks !== undefined) {
    report.hooks = {
      elapsedMs: hooks.elapsedMs,
      javaVersion: hooks.agent.javaVersion,
      resources: hooks.resources ?? [],
      collected: hooks.collected ?? [],
      scheduled: hooks.scheduled ?? [],
      randoms: hooks.randoms ?? [],
    };
    for (const message of hooks.warnings ?? []) warn(message);
    for (const field of report.hooks.randoms) warn(`${field} holds a java.util.Random: its numbers are the same in every restore.`);
    for (const name of report.hooks.collected)
      warn(`A Resource of ${name} was garbage-collected before the checkpoint, for nothing held it; its hooks did not run.`);
  }
  report.connections = await step('drain', async () => {
    const value = await checkpoint.connections;
    for (const { remote } of value.established)
      warn(`A connection to ${remote}${serviceOf(remote, services)} was open at the checkpoint; the restored process finds it closed.`);
    return { value, detail: `${value.established.length} connections open, ${value.listening.length} listeners` };
  });
  // Beside the dump, for it takes about as long: what the app has written by now is written.
  const changes = changedFiles(run, plan);
  changes.catch(() => {});
  const dumped = await step('dump', async () => {
    const value = await checkpoint.dumped;
    return { value, detail: `${Math.round(value.bytes / 1e6)} MB` };
  });
  await step('verify', async () => ({ value: verify(dumped, engine), detail: `${dumped.files.length} files` }));
  if (dumped.clock === 'host' && plan.runRequest.clock !== 'host') {
    warn(
      'This kernel gave the app no clock of its own: the image restores only on hosts that have been up for longer than this one at the bake.',
    );
  }
  if (engine.name === 'criu' && hooks === undefined && run.options.trigger === 'auto') await warnOfOldJvm(run, plan);
  const { uid, threads, residentBytes } = dumped.process;
  report.checkpoint = {
    bytes: dumped.bytes,
    files: dumped.files.length,
    pid: dumped.pid,
    uid,
    threads,
    residentBytes,
    clock: dumped.clock,
  };
  const java = hooks === undefined ? null : { version: hooks.agent.javaVersion, vendor: hooks.agent.javaVendor, vm: hooks.agent.vmName };
  return { dumped, java, cpu: judgeCpu(run, plan, dumped, hooks?.cpu ?? undefined), files: await changes };
}

function changedFiles({ world }: Run, { names }: BakePlan): Promise<FileChanges> {
  return failing('assembly-failed', 'assemble', 'The bake container’s files could not be listed', async () =>
    parseDiff(await docker(world, ['diff', names.bake]), RUNTIME_FOLDER),
  );
}

/** What the checkpoint needs of a processor. Warns where that is more than its baseline. */
function judgeCpu({ options, warn }: Run, { baseline }: BakePlan, { cpu }: Dumped, jvm: JvmCpu | undefined): Manifest['cpu'] {
  const features = neededFeatures(baseline, cpu.features, jvm, options.cpu !== undefined);
  const more = beyond(baseline, features);
  // A process that is no JVM needs all of this processor, and the documentation says so; a JVM should not.
  if (jvm !== undefined && more.length > 0)
    warn(`Beyond ${baseline} the JVM may use ${more.join(', ')}: the image restores only on CPUs that have it. See docs/cpu.md.`);
  return { model: cpu.model, baseline, features };
}

/** A CRaC JVM runs its hooks itself, and says nothing of those that went well. */
const NO_HOOKS = { criu: 'no hooks', crac: 'by the JVM' } as const;

/** What a JVM writes at its start when it was given the agent, whether the agent can work in it or not. */
const GIVEN_THE_AGENT = /^Picked up JAVA_TOOL_OPTIONS: .*-javaagent:\/opt\/crac-bake\//;

/** A JVM before Java 11 starts with the agent, which does nothing in it. Processes that are no JVM have no hooks to miss. */
async function warnOfOldJvm({ world, warn }: Run, plan: BakePlan): Promise<void> {
  const log = await lastLog(world, plan.names.bake, 100_000);
  if (!log.some((line) => GIVEN_THE_AGENT.test(line))) return;
  warn('Baked without CRaC hooks: the JVM is older than Java 11. What the app had open came along as it was; see docs/images.md.');
}

/** The service behind an address, as a phrase; nothing where there is none. */
function serviceOf(remote: string, services: ServiceNames): string {
  const address = remote.replace(/:\d+$/, '').replace(/^\[(?:::ffff:)?(.*)\]$/, '$1');
  const service = services.get(address);
  return service === undefined ? '' : ` (service ${service})`;
}

/** crac-init has measured every file; this asks whether those without which nothing can be restored are among them. */
function verify(dumped: Pick<Dumped, 'pid' | 'files'>, engine: Engine): void {
  const names = new Set(dumped.files.filter((file) => file.bytes > 0).map((file) => file.name));
  const missing = engine.requiredFiles(dumped.pid).filter((name) => !names.has(name));
  if (missing.length > 0) {
    throw new BakeError('checkpoint-incomplete', 'verify', 'The checkpoint is not complete', {
      details: `Missing or empty: ${missing.join(', ')}`,
    });
  }
}
