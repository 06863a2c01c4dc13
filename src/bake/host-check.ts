// The host check: a tiny process is really dumped and restored, once per start of the engine, so that a host that cannot says so in seconds.

import { createHash } from 'node:crypto';
import { DockerError, docker, isLost, tryDocker } from '../docker/cli.ts';
import { followLog, lastLog } from '../docker/containers.ts';
import type { EngineFacts } from '../docker/engine-facts.ts';
import { criuEngine } from '../engines/criu.ts';
import { privilegeFlags, type Seccomp } from '../engines/engine.ts';
import { BakeError, sentence } from '../errors.ts';
import { RUN_LABEL } from '../image/labels.ts';
import { makeManifest } from '../image/manifest.ts';
import type { RunNames } from '../plan/names.ts';
import { dumpArguments } from '../plan/plan.ts';
import type { World } from '../ports.ts';
import { parseDumpAnswer } from '../runtime/dump-answers.ts';
import { INIT, packFile, packRuntime, RUNTIME_FOLDER } from '../runtime/files.ts';
import type { RunRequest } from '../runtime/run-request.ts';
import { parseOptions } from '../spec/values.ts';
import type { CriuFiles, Helper } from './helper-image.ts';
import { RESTORED } from './prove.ts';
import { deniedCapability, engineLost, missingCapability } from './steps.ts';

export interface HostCheckParts {
  readonly names: RunNames;
  readonly engine: EngineFacts;
  readonly helper: Helper;
  readonly criu: CriuFiles;
  readonly runtime: { readonly init: Uint8Array; readonly agent: Uint8Array };
  readonly tool: string;
  /** Of the restore. */
  readonly seccomp: Seccomp;
}

/** A name for this start of the engine, this helper, this crac-init and this seccomp profile: where it was checked, the check need not be repeated. */
export async function hostCheckKey(
  world: World,
  parts: Pick<HostCheckParts, 'engine' | 'helper' | 'runtime' | 'seccomp'>,
): Promise<string> {
  // The default bridge is made anew whenever the daemon starts.
  const bridge = await tryDocker(world, ['network', 'inspect', 'bridge', '--format', '{{.Created}}']);
  const hash = createHash('sha256')
    .update(parts.engine.id)
    .update(bridge.stdout)
    .update(parts.engine.kernel)
    .update(parts.helper.image)
    .update(parts.seccomp === 'unconfined' ? '' : await world.files.readText(parts.seccomp))
    .update(parts.runtime.init);
  return hash.digest('hex').slice(0, 16);
}

/** Dumps and restores the tiny process; returns how long both took, in ms. Throws `host-cannot-checkpoint`. */
export async function checkHost(world: World, parts: HostCheckParts): Promise<number> {
  const started = world.clock.now();
  const { check } = parts.names;
  try {
    await dumpTinyProcess(world, parts);
    await restoreTinyProcess(world, parts);
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    const capability = deniedCapability(error);
    if (capability !== undefined) throw missingCapability(capability, error, 'check-host');
    throw error.lost ? engineLost(error, 'check-host') : cannot(error.message, error.lines);
  } finally {
    await tryDocker({ ...world, signal: new AbortController().signal }, ['rm', '--force', '--volumes', check.bake, check.proof]);
    await tryDocker({ ...world, signal: new AbortController().signal }, ['rmi', '--force', check.image]);
  }
  return world.clock.now() - started;
}

function cannot(details: string, log: readonly string[]): BakeError {
  return new BakeError('host-cannot-checkpoint', 'check-host', 'A tiny process could not be checkpointed and restored on this engine', {
    details,
    log,
  });
}

async function dumpTinyProcess(world: World, { names, engine, helper, criu, runtime, tool, seccomp }: HostCheckParts): Promise<void> {
  const { check, run } = names;
  const options = parseOptions({ trigger: 'none', 'checkpoint-timeout': '20s' });
  const request: RunRequest = {
    version: 1,
    command: [INIT, 'idle'],
    environment: {},
    user: '',
    clock: 'near-zero',
    pidFloor: options['pid-floor'],
    capabilities: [],
  };
  const packed = packRuntime(runtime.init, runtime.agent, request);
  await docker(world, [
    ...['create', '--name', check.bake, '--label', `${RUN_LABEL}=${run}`, '--network', 'none'],
    ...criuEngine.bakePrivileges(options, ''),
    ...['--entrypoint', INIT, helper.image, 'run'],
  ]);
  await docker(world, ['cp', '-', `${check.bake}:/`], { input: await packed });
  await docker(world, ['start', check.bake]);
  const dump = await tryDocker(world, dumpArguments(check.bake, ['--trigger', 'none'], [], options), { timeoutMs: 40_000 });
  const answers = new TextDecoder()
    .decode(dump.stdout)
    .split('\n')
    .flatMap((line) => parseDumpAnswer(line) ?? []);
  const dumped = answers.find((answer) => answer.event === 'dumped');
  if (dumped === undefined) {
    if (isLost(dump)) throw new DockerError(dumpArguments(check.bake, ['--trigger', 'none'], [], options), dump);
    const failed = answers.find((answer) => answer.event === 'failed');
    const log = failed?.logTail ? failed.logTail.trimEnd().split('\n') : await lastLog(world, check.bake);
    if (failed?.code === 'capabilities') throw new BakeError('missing-capability', 'check-host', sentence(failed.message), { log });
    throw cannot(failed?.message ?? `crac-init dump ended with exit code ${dump.exitCode}`, log);
  }
  const manifest = makeManifest({
    tool,
    app: { entrypoint: [INIT, 'idle'], command: [], user: '', architecture: engine.architecture },
    kernel: engine.kernel,
    cpu: { model: dumped.cpu.model, baseline: 'native', features: dumped.cpu.features },
    dumped,
    java: null,
    afterRestoreMs: 0,
    files: { added: 0, changed: 0, deleted: 0, paths: [] },
    probe: undefined,
    restoreCapabilities: criuEngine.restoreCapabilities([], true),
    appCapabilities: [],
    seccomp: seccomp === 'unconfined' ? seccomp : 'profile',
    engine: 'criu',
    jvm: undefined,
    jdk: null,
    criu: { version: criu.version, options: [] },
  });
  await docker(world, ['cp', '-', `${check.bake}:${RUNTIME_FOLDER}`], { input: await packFile('manifest.json', JSON.stringify(manifest)) });
  await docker(world, ['commit', '--change', `ENTRYPOINT ["${INIT}","restore"]`, '--change', 'CMD []', check.bake, check.image]);
}

async function restoreTinyProcess(world: World, { names, seccomp }: HostCheckParts): Promise<void> {
  const { check, run } = names;
  await docker(world, [
    ...['run', '--detach', '--name', check.proof, '--label', `${RUN_LABEL}=${run}`, '--network', 'none'],
    ...privilegeFlags({ capabilities: criuEngine.restoreCapabilities([], true), seccomp }),
    ...['--env', 'CRAC_INIT_RESTORE=require', '--env', 'CRAC_INIT_LOG=1', check.image],
  ]);
  const found = new AbortController();
  let restored = false;
  const look = (line: string) => {
    if (!line.startsWith(RESTORED)) return;
    restored = true;
    found.abort();
  };
  await followLog(world, check.proof, look, AbortSignal.any([found.signal, world.signal]), 20_000).catch(() => {});
  world.signal.throwIfAborted();
  if (!restored) {
    const log = await lastLog(world, check.proof);
    throw cannot(log.find((line) => line.startsWith('crac-init: not restored')) ?? 'The restored process did not come up.', log);
  }
}
