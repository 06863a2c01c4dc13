// The checkpoint: one `crac-init dump` in the bake container, whose answers come line by line as it goes.

import { DockerError, isLost, tryDocker } from '../docker/cli.ts';
import { followLog, lastLog } from '../docker/containers.ts';
import { BakeError, type ErrorCode, sentence } from '../errors.ts';
import type { BakePlan } from '../plan/plan.ts';
import type { World } from '../ports.ts';
import {
  type Connection,
  type DumpAnswer,
  type Dumped,
  type DumpFailed,
  type HookResource,
  type HooksRan,
  parseDumpAnswer,
} from '../runtime/dump-answers.ts';
import { type MemoryKill, memoryKill } from './memory.ts';
import { jvmFailure } from './refused.ts';
import { appExited } from './start.ts';
import { engineLost } from './steps.ts';

/** A checkpoint on its way. Each promise rejects with the same named failure; `hooks` is undefined where none ran. */
export interface Checkpoint {
  readonly triggered: Promise<void>;
  readonly hooks: Promise<HooksRan | undefined>;
  readonly connections: Promise<{ established: readonly Connection[]; listening: readonly string[] }>;
  readonly dumped: Promise<Dumped>;
}

/** Asks for the checkpoint. */
export function startCheckpoint(world: World, plan: BakePlan): Checkpoint {
  const triggered = deferred<void>();
  const hooks = deferred<HooksRan | undefined>();
  const connections = deferred<{ established: readonly Connection[]; listening: readonly string[] }>();
  const dumped = deferred<Dumped>();
  const all = [triggered, hooks, connections, dumped];
  for (const { promise } of all) promise.catch(() => {});
  const reject = (error: unknown) => {
    for (const each of all) each.reject(error);
  };

  let failed: DumpFailed | undefined;
  let begun = false;
  let succeeded = false;
  const take = (answer: DumpAnswer) => {
    begun ||= answer.event !== 'failed';
    switch (answer.event) {
      case 'triggered':
        triggered.resolve();
        break;
      case 'hooks':
        triggered.resolve();
        hooks.resolve(answer);
        break;
      case 'connections':
        triggered.resolve();
        hooks.resolve(undefined);
        connections.resolve({ established: answer.established ?? [], listening: answer.listening ?? [] });
        break;
      case 'dumped':
        dumped.resolve(answer);
        succeeded = true;
        break;
      case 'failed':
        failed = answer;
        break;
    }
  };

  const errors: string[] = [];
  tryDocker(world, plan.dump, {
    timeoutMs: plan.dumpLimitMs,
    onLine: (line, stream) => {
      if (stream === 'stderr') errors.push(line);
      try {
        const answer = stream === 'stdout' ? parseDumpAnswer(line) : undefined;
        if (answer !== undefined) take(answer);
      } catch (error) {
        reject(error);
      }
    },
  })
    .then(async (result) => {
      if (failed?.code === 'app-exited' && !begun && plan.serving !== 'yes') {
        // It ended while it started, long before it could ask for a checkpoint.
        return reject(await appExited(world, plan.names.bake, failed.exitCode ?? 1, 'start'));
      }
      if (failed !== undefined) return reject(await explain(world, plan, failed));
      if (succeeded) return;
      if (isLost(result)) return reject(engineLost(new DockerError(plan.dump, result), 'dump'));
      const log = await lastLog(world, plan.names.bake);
      const memory = await memoryKill(world, plan.names.bake);
      if (memory !== undefined) return reject(killedForMemory(memory, log));
      reject(
        new BakeError('app-exited-at-checkpoint', 'dump', 'The bake container ended during the checkpoint', {
          details: errors.at(-1) ?? `crac-init dump ended with exit code ${result.exitCode}`,
          log,
        }),
      );
    })
    .catch(reject);

  return { triggered: triggered.promise, hooks: hooks.promise, connections: connections.promise, dumped: dumped.promise };
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** Promise.withResolvers, which Node 20 lacks. */
function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const FAILURES: Readonly<Record<string, { code: ErrorCode; step: 'trigger' | 'dump' }>> = {
  'agent-missing': { code: 'agent-missing', step: 'trigger' },
  capabilities: { code: 'missing-capability', step: 'dump' },
  'several-jvms': { code: 'several-jvms', step: 'trigger' },
  'trigger-timeout': { code: 'trigger-timeout', step: 'trigger' },
  'no-jvm': { code: 'no-jvm', step: 'trigger' },
  'attach-off': { code: 'attach-refused', step: 'trigger' },
  'attach-user': { code: 'attach-refused', step: 'trigger' },
  'attach-timeout': { code: 'attach-refused', step: 'trigger' },
  'attach-failed': { code: 'attach-refused', step: 'trigger' },
  'checkpoint-refused': { code: 'checkpoint-refused', step: 'trigger' },
  'jvm-went-on': { code: 'jvm-went-on', step: 'dump' },
  'hook-failed': { code: 'hook-failed', step: 'trigger' },
  'hook-timeout': { code: 'hook-timeout', step: 'trigger' },
  'app-exited': { code: 'app-exited-at-checkpoint', step: 'dump' },
  'criu-failed': { code: 'criu-failed', step: 'dump' },
  'criu-timeout': { code: 'criu-timeout', step: 'dump' },
  incomplete: { code: 'checkpoint-incomplete', step: 'dump' },
  'no-space': { code: 'no-space', step: 'dump' },
};

/** Failures behind which may be the kernel, which killed the app or CRIU. */
const MAY_BE_MEMORY = new Set(['app-exited', 'criu-failed']);

function killedForMemory(memory: MemoryKill, log: readonly string[]): BakeError {
  return new BakeError('app-exited-at-checkpoint', 'dump', 'The kernel killed for want of memory during the checkpoint', {
    ...memory,
    log,
  });
}

async function explain(world: World, plan: BakePlan, failed: DumpFailed): Promise<BakeError> {
  const known = FAILURES[failed.code];
  if (known === undefined)
    return new BakeError('bug', 'dump', `crac-init answered with the unknown failure ${failed.code}`, { details: failed.message });
  const { step } = known;
  const refused = await refusal(world, plan, failed);
  if (refused !== undefined) return refused;
  const memory = MAY_BE_MEMORY.has(failed.code) ? await memoryKill(world, plan.names.bake) : undefined;
  if (memory !== undefined) return killedForMemory(memory, await lastLog(world, plan.names.bake));
  // A file system can be out of inodes, too, of which no number of free bytes tells.
  const code = known.code === 'criu-failed' && /No space left on device/.test(failed.message) ? 'no-space' : known.code;
  const bad = (failed.resources ?? []).filter((resource) => resource.outcome === 'failed');
  const headline = message(code, failed, bad);
  const why = bad.map((resource) => `${resource.class}: ${resource.error ?? 'no message'}`).join('\n') || failed.message;
  return new BakeError(code, step, headline, {
    details: sentence(why) === headline ? '' : why,
    log: await evidence(world, plan, code, failed, bad),
  });
}

/** Failures for which a CRaC JVM, or the app to which it threw an exception, may have said more. */
const MAY_BE_TOLD = new Set(['checkpoint-refused', 'trigger-timeout', 'jvm-went-on']);

async function refusal(world: World, plan: BakePlan, failed: DumpFailed): Promise<BakeError | undefined> {
  if (plan.runRequest.jvm !== true || !MAY_BE_TOLD.has(failed.code)) return undefined;
  return jvmFailure(failed.logTail, await lastLog(world, plan.names.bake, 1000));
}

function message(code: ErrorCode, failed: DumpFailed, bad: readonly HookResource[]): string {
  switch (code) {
    case 'hook-failed':
      return bad.length === 1
        ? `${bad[0]?.class} threw an exception in ${bad[0]?.phase || 'beforeCheckpoint'}`
        : `${bad.length} Resources threw exceptions`;
    case 'hook-timeout':
      return 'The beforeCheckpoint hooks did not end in time';
    case 'app-exited-at-checkpoint':
      return `The app ended during the checkpoint${failed.exitCode == null ? '' : ` with exit code ${failed.exitCode}`}`;
    case 'several-jvms':
      return 'Several JVMs run in the container, and nothing says which one is meant';
    case 'criu-failed':
      return 'CRIU could not dump the process';
    case 'criu-timeout':
      return 'CRIU did not end in time';
    case 'no-space':
      return failed.code === 'criu-failed' ? 'The engine’s disk has no room for the checkpoint' : failed.message;
    default:
      return sentence(failed.message);
  }
}

/** A thread dump of a large server is long, and the thread that matters may be anywhere in it. */
const THREAD_DUMP_LINES = 2000;

async function evidence(
  world: World,
  plan: BakePlan,
  code: ErrorCode,
  failed: DumpFailed,
  bad: readonly HookResource[],
): Promise<string[]> {
  if (code === 'hook-failed') return bad.flatMap((resource) => (resource.stack ?? '').split('\n').slice(0, 15));
  if (code === 'hook-timeout') {
    await untilThreadDumpEnds(world, plan.names.bake);
    return threadsInHooks(await lastLog(world, plan.names.bake, THREAD_DUMP_LINES));
  }
  if (failed.logTail !== '') return failed.logTail.trimEnd().split('\n');
  return lastLog(world, plan.names.bake);
}

/** A thread dump takes a moment; a JVM that cannot write one any more must not hold up the report for longer than this, in ms. */
const THREAD_DUMP_WAIT_MS = 3000;

/** Resolves when the JVM has written the last line of its thread dump (`JNI global refs: …`), or has had its time. */
async function untilThreadDumpEnds(world: World, container: string): Promise<void> {
  const ended = new AbortController();
  let begun = false;
  const look = (line: string) => {
    begun ||= line.startsWith('Full thread dump');
    if (begun && line.startsWith('JNI global ref')) ended.abort();
  };
  await followLog(world, container, look, AbortSignal.any([ended.signal, world.signal]), THREAD_DUMP_WAIT_MS).catch(() => {});
  world.signal.throwIfAborted();
}

/** From a log with a thread dump: the threads that are in a hook, or the whole end of the log where none is found. */
export function threadsInHooks(log: readonly string[]): string[] {
  const start = log.findLastIndex((line) => line.startsWith('Full thread dump'));
  if (start < 0) return log.slice(-50);
  const threads: string[][] = [];
  for (const line of log.slice(start + 1)) {
    if (line.startsWith('"')) threads.push([line]);
    else threads.at(-1)?.push(line);
  }
  const inHooks = threads.filter((thread) => thread.some((line) => /beforeCheckpoint/.test(line)));
  return inHooks.length > 0 ? inHooks.flat() : log.slice(start, start + 80);
}
