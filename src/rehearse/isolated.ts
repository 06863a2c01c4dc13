// A start of the app where nothing answers: what it looks for, whether it gets along without, and how long its context takes.

import type { Run } from '../bake/run.ts';
import { failing } from '../bake/steps.ts';
import { docker, tryDocker } from '../docker/cli.ts';
import { followLog, lastLog, waitForExit } from '../docker/containers.ts';
import { criuEngine } from '../engines/criu.ts';
import { isRoot, withJavaOptions } from '../engines/engine.ts';
import { RUN_LABEL } from '../image/labels.ts';
import type { PlannedImage } from '../plan/plan.ts';
import { makePlan } from '../plan/plan.ts';
import { INIT, packRuntime } from '../runtime/files.ts';
import { parseRehearsalEvent, type RehearsalEvent } from '../runtime/rehearsal-events.ts';
import { type LoggedException, OWN_NAME, rootException, type Service, servicesOf } from './services.ts';

export interface IsolatedStart {
  /** Whether the context was there, or the app said that it has started. */
  readonly started: boolean;
  /** Null where it had to be ended. */
  readonly exitCode: number | null;
  /** From the start of the container to its end, in ms. */
  readonly elapsedMs: number;
  /** What Spring says itself of its context's initialisation, in ms; null where it does not. */
  readonly contextMs: number | null;
  readonly services: readonly Service[];
  readonly exception: LoggedException | null;
}

/** Ends a Spring application before its lifecycle beans start (Spring Framework 6.1 and later, DefaultLifecycleProcessor). */
const EXIT_ON_REFRESH = '-Dspring.context.exit=onRefresh';

/** Older Spring starts on; that it came so far is what was asked. */
const STARTED = /\bStarted \S+ in [\d.]+ seconds/;

const CONTEXT_READY = /WebApplicationContext: initialization completed in (\d+) ms/;

/** Privileges beside those of a bake: to see refusals, and to be every address. The container has no network, and the app gets neither. */
const WATCHING = ['--cap-add', 'NET_RAW', '--cap-add', 'NET_ADMIN'];

interface IsolatedParts {
  readonly image: PlannedImage & { readonly reference: string };
  readonly runtime: { readonly init: Uint8Array; readonly agent: Uint8Array };
  /** Starts only where there is Spring, and ends it when its context is there. */
  readonly onlySpring: boolean;
  readonly timeoutMs: number;
}

/** Starts it once; undefined where only Spring was asked for and there is none. Throws `start-failed`. */
export async function startIsolated(
  { world, options, names }: Run,
  { image, runtime, onlySpring, timeoutMs }: IsolatedParts,
): Promise<IsolatedStart | undefined> {
  const container = names.isolated;
  const its = { ...options, trigger: 'none', clock: 'host' } as const;
  const plan = makePlan(its, criuEngine, image, image.reference, names);
  const request = {
    ...plan.runRequest,
    environment: onlySpring ? withJavaOptions(options.env, image.environment, [EXIT_ON_REFRESH]) : options.env,
    rehearsal: { onlySpring },
  };
  return failing('start-failed', 'isolate', 'The container without a network could not be started', async () => {
    const packed = packRuntime(runtime.init, runtime.agent, request);
    await docker(world, [
      ...['create', '--name', container, '--label', `${RUN_LABEL}=${names.run}`, '--network', 'none', '--hostname', OWN_NAME],
      ...(isRoot(image.user) ? [] : ['--user', '0']),
      ...criuEngine.bakePrivileges(its, image.user),
      ...WATCHING,
      ...['--entrypoint', INIT, image.reference, 'run'],
    ]);
    await docker(world, ['cp', '-', `${container}:/`], { input: await packed });
    const began = world.clock.now();
    await docker(world, ['start', container]);
    const seen = await watch(world, container, timeoutMs);
    // Whatever it holds is of no use then, and its processor time is needed.
    const remove = () => tryDocker(world, ['rm', '--force', '--volumes', container]);
    if (seen.events.some(({ event }) => event === 'not-spring')) {
      await remove();
      return undefined;
    }
    const exitCode = seen.ended ? await waitForExit(world, container, world.signal) : null;
    const elapsedMs = world.clock.now() - began;
    const log = await lastLog(world, container, LOG_LINES);
    await remove();
    const [, contextMs] = log.map((line) => CONTEXT_READY.exec(line)).find((match) => match !== null) ?? [];
    return {
      started: seen.started || exitCode === 0,
      exitCode,
      elapsedMs,
      contextMs: contextMs === undefined ? null : Number(contextMs),
      services: servicesOf(seen.events),
      exception: rootException(log),
    };
  });
}

/** Stack traces of a context that fails are long, and the root is at their end. */
const LOG_LINES = 1000;

/** Follows the log until the container ends, the app has started, or the time is over. */
async function watch(
  world: Run['world'],
  container: string,
  timeoutMs: number,
): Promise<{ events: RehearsalEvent[]; started: boolean; ended: boolean }> {
  const events: RehearsalEvent[] = [];
  const enough = new AbortController();
  const late = new AbortController();
  let started = false;
  const look = (line: string) => {
    const event = parseRehearsalEvent(line);
    if (event !== undefined) events.push(event);
    started ||= STARTED.test(line);
    if (started) enough.abort();
  };
  const timer = world.clock.sleep(timeoutMs, AbortSignal.any([enough.signal, world.signal])).then(
    () => late.abort(),
    () => {},
  );
  const stop = AbortSignal.any([enough.signal, late.signal, world.signal]);
  await followLog(world, container, look, stop).catch(() => {});
  const ended = !stop.aborted;
  enough.abort();
  await timer;
  world.signal.throwIfAborted();
  return { events, started, ended };
}
