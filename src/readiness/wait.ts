// The wait for readiness: checks in a loop, or the log line by line, until enough successes, the container's end or the deadline.

import type { World } from '../ports.ts';
import { checkProbe, type Target } from './check.ts';
import { addSample, describeTally, isReady, NO_SAMPLES, type Sample } from './decide.ts';
import type { Probe } from './probe.ts';

/**
 * Calls `onLine` for each line of the container's log, those printed before the call first. Resolves when the log ends;
 * rejects when `signal` aborts.
 */
export type FollowLog = (onLine: (line: string) => void, signal: AbortSignal) => Promise<unknown>;

/** Runs a program in the container; rejects only when `signal` aborts. */
export type RunProgram = (command: readonly string[], timeoutMs: number, signal: AbortSignal) => Promise<Sample>;

export interface ReadinessWait {
  readonly probe: Probe;
  readonly target: Target;
  /** Successes in a row that make it ready; a log pattern needs one line. */
  readonly successes: number;
  readonly timeoutMs: number;
  /** Resolves with the exit code when the container ends. */
  readonly exited: Promise<number>;
  /** Called for log probes only. */
  readonly followLog: FollowLog;
  /** Called for probes that are a program in the container only. */
  readonly runProgram: RunProgram;
  readonly world: Pick<World, 'clock' | 'network' | 'signal'>;
  /** Called about every two seconds with what came of the last checks. */
  readonly onProgress?: (message: string) => void;
}

export type Readiness =
  | {
      readonly kind: 'ready';
      /** From the call of `waitUntilReady` to the last success. */
      readonly elapsedMs: number;
      /** From the call of `waitUntilReady` to the first success. */
      readonly firstResponseMs: number;
      /** Checks, or lines of the log. */
      readonly attempts: number;
      /** The probe as the answers made it exact (`CheckResult.settled`). */
      readonly probe: Probe;
    }
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'timeout'; readonly lastMessage: string; readonly attempts: number };

/** The pause grows with the time waited, so that a restore in 100 ms and a start in 60 s are both seen soon after they happen. */
const FIRST_PAUSE_MS = 5;
const PAUSE_GROWTH = 1.2;
const LONGEST_PAUSE_MS = 100;
const CHECK_TIMEOUT_MS = 2_000;
const PROGRAM_TIMEOUT_MS = 30_000;
const PROGRESS_MS = 2_000;
const LINE_SHOWN = 200;

/** Waits until the probe succeeds often enough. No connection is open any more when it resolves. Rejects with the reason of `world.signal`. */
export async function waitUntilReady(wait: ReadinessWait): Promise<Readiness> {
  wait.world.signal.throwIfAborted();
  const stop = new AbortController();
  const signal = AbortSignal.any([wait.world.signal, stop.signal]);
  const exited = wait.exited.then((exitCode): Readiness => ({ kind: 'exited', exitCode }));
  const { probe } = wait;
  const answered = probe.kind === 'log' ? watchLog(wait, probe, signal) : poll(wait, probe, signal);
  try {
    return await Promise.race([exited, answered]);
  } finally {
    stop.abort();
    await Promise.allSettled([answered]);
  }
}

/** Probes that are asked in a loop. */
type AskedProbe = Exclude<Probe, { kind: 'log' }>;

async function poll(wait: ReadinessWait, probe: AskedProbe, signal: AbortSignal): Promise<Readiness> {
  const { clock, network } = wait.world;
  const startedAt = clock.now();
  const deadline = startedAt + wait.timeoutMs;
  const client = network.http(0);
  let tally = NO_SAMPLES;
  let firstResponseMs: number | undefined;
  let pause = FIRST_PAUSE_MS;
  let nextProgressAt = startedAt + PROGRESS_MS;
  const ask = async (asked: AskedProbe, left: number): Promise<Sample & { readonly settled: Probe }> => {
    if ('port' in asked) return checkProbe(asked, wait.target, { network, client, timeoutMs: Math.min(CHECK_TIMEOUT_MS, left), signal });
    return { ...(await wait.runProgram(asked.command, Math.min(PROGRAM_TIMEOUT_MS, left), signal)), settled: asked };
  };
  try {
    for (let left = wait.timeoutMs; left > 0; left = deadline - clock.now()) {
      const check = await ask(probe, left);
      const now = clock.now();
      tally = addSample(tally, check);
      if (check.ok) firstResponseMs ??= now - startedAt;
      if (firstResponseMs !== undefined && isReady(tally, wait.successes)) {
        return { kind: 'ready', elapsedMs: now - startedAt, firstResponseMs, attempts: tally.attempts, probe: check.settled };
      }
      if (now >= nextProgressAt) {
        wait.onProgress?.(describeTally(tally));
        nextProgressAt = now + PROGRESS_MS;
      }
      await clock.sleep(Math.max(0, Math.min(pause, deadline - now)), signal);
      pause = Math.min(pause * PAUSE_GROWTH, LONGEST_PAUSE_MS);
    }
    return { kind: 'timeout', lastMessage: describeTally(tally), attempts: tally.attempts };
  } finally {
    await client.close();
  }
}

async function watchLog(wait: ReadinessWait, probe: Extract<Probe, { kind: 'log' }>, signal: AbortSignal): Promise<Readiness> {
  const { clock } = wait.world;
  const startedAt = clock.now();
  const pattern = new RegExp(probe.pattern);
  const stop = new AbortController();
  const quit = AbortSignal.any([signal, stop.signal]);
  let lines = 0;
  let lastLine = '';
  const describe = () =>
    lines === 0 ? 'the log is empty' : `none of ${lines} lines matches; the last is: ${lastLine.slice(0, LINE_SHOWN)}`;

  let following: Promise<unknown> = Promise.resolve();
  const matched = new Promise<Readiness>((resolve, reject) => {
    const onLine = (line: string) => {
      lines += 1;
      lastLine = line;
      if (!pattern.test(line)) return;
      const elapsedMs = clock.now() - startedAt;
      resolve({ kind: 'ready', elapsedMs, firstResponseMs: elapsedMs, attempts: lines, probe });
    };
    following = wait.followLog(onLine, quit);
    following.catch(reject);
  });
  const timedOut = async (): Promise<Readiness> => {
    const deadline = startedAt + wait.timeoutMs;
    for (let left = wait.timeoutMs; left > 0; left = deadline - clock.now()) {
      await clock.sleep(Math.min(PROGRESS_MS, left), quit);
      if (clock.now() < deadline) wait.onProgress?.(describe());
    }
    return { kind: 'timeout', lastMessage: describe(), attempts: lines };
  };
  try {
    return await Promise.race([matched, timedOut()]);
  } finally {
    stop.abort();
    await Promise.allSettled([following]);
  }
}
