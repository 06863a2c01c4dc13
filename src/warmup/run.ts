// The warm-up run: sends the requests over connections that are kept alive, and counts.

import type { HttpAnswer, World } from '../ports.ts';
import { hasSettled, type Slice, sliceLatencies } from './latency.ts';
import type { WarmupRequest } from './requests.ts';

export interface WarmupRun {
  readonly requests: readonly WarmupRequest[];
  /** How often each request is sent. */
  readonly count: number;
  /** Goes on in rounds of `count` until the latency has settled, each request has been sent so often, or the time is over; neither is a failure. */
  readonly untilSettled?: { readonly maxCount: number };
  /** Requests at the same time. */
  readonly concurrency: number;
  readonly host: string;
  /** The published port, on `host`. */
  readonly port: number;
  /** Deadline for all of it. */
  readonly timeoutMs: number;
  /** Resolves with the exit code when the container ends. */
  readonly exited: Promise<number>;
  readonly world: Pick<World, 'clock' | 'network' | 'signal'>;
  /** Called about every two seconds. */
  readonly onProgress?: (message: string) => void;
}

export interface WarmupResult {
  /** How it ended: all sent, cut off by the deadline, or by the container's end. */
  readonly end: { readonly kind: 'done' } | { readonly kind: 'timeout' } | { readonly kind: 'exited'; readonly exitCode: number };
  /** Requests that were to be sent; grows by rounds where it is to settle. */
  readonly planned: number;
  /** Requests that came to an end, the failed ones among them. */
  readonly sent: number;
  /** No answer, or a status of 400 and more. */
  readonly failed: number;
  /** What failed how, the most frequent first: `POST /orders: status 500`. */
  readonly failures: readonly { readonly what: string; readonly count: number }[];
  readonly elapsedMs: number;
  /** Of the requests that got an answer, whatever its status. */
  readonly latency: readonly Slice[];
  /** Whether the latency no longer changed at the end (`hasSettled`). */
  readonly settled: boolean;
  /** What ended the rounds of a run that was to settle. */
  readonly stoppedBy?: 'settled' | 'count' | 'time';
}

const REQUEST_TIMEOUT_MS = 30_000;
const PROGRESS_MS = 2_000;

/** An app that dies refuses requests before the engine reports its end; the end is what the user should hear of. */
const END_REPORT_MS = 2_000;

interface Counts {
  planned: number;
  next: number;
  sent: number;
  failed: number;
  readonly failures: Map<string, number>;
  readonly latenciesMs: number[];
  timedOut: boolean;
  refusedLast: boolean;
  nextProgressAt: number;
}

/** Sends each request `count` times, in turn. No connection is open any more when it resolves. Rejects with the reason of `world.signal`. */
export async function runWarmup(run: WarmupRun): Promise<WarmupResult> {
  const { clock, network, signal: userSignal } = run.world;
  userSignal.throwIfAborted();
  const startedAt = clock.now();
  const round = run.requests.length * run.count;
  const most = run.requests.length * Math.max(run.count, run.untilSettled?.maxCount ?? 0);
  const counts: Counts = {
    planned: round,
    next: 0,
    sent: 0,
    failed: 0,
    failures: new Map(),
    latenciesMs: [],
    timedOut: false,
    refusedLast: false,
    nextProgressAt: startedAt + PROGRESS_MS,
  };
  const stop = new AbortController();
  const signal = AbortSignal.any([userSignal, stop.signal]);
  const client = network.http(run.concurrency);
  const send = async (request: WarmupRequest, leftMs: number) => {
    const timeoutMs = Math.min(REQUEST_TIMEOUT_MS, leftMs);
    const sentAt = clock.now();
    const answer = await client.send({ ...request, host: run.host, port: run.port, timeoutMs, signal });
    const now = clock.now();
    if (answer.kind === 'response') counts.latenciesMs.push(now - sentAt);
    const cutOff = answer.kind === 'timeout' && leftMs <= REQUEST_TIMEOUT_MS;
    if (cutOff) counts.timedOut = true;
    // On top of the first round, the deadline is no failure of the app's.
    if (!(cutOff && run.untilSettled !== undefined && counts.sent >= round)) record(counts, request, answer);
    if (now >= counts.nextProgressAt) {
      counts.nextProgressAt = now + PROGRESS_MS;
      run.onProgress?.(`${counts.sent} of ${counts.planned} requests, ${counts.failed} failed`);
    }
  };
  const work = async () => {
    while (counts.next < counts.planned) {
      const request = run.requests[counts.next % run.requests.length];
      const leftMs = startedAt + run.timeoutMs - clock.now();
      if (request === undefined || leftMs <= 0) {
        counts.timedOut = true;
        return;
      }
      counts.next += 1;
      await send(request, leftMs);
    }
  };

  const exited = run.exited.then((exitCode) => ({ kind: 'exited' as const, exitCode }));
  let workers: Promise<void>[] = [];
  let stoppedBy: WarmupResult['stoppedBy'];
  const sendRound = () => {
    workers = Array.from({ length: Math.min(run.concurrency, counts.planned - counts.next) }, work);
    return Promise.all(workers);
  };
  const moreRounds = async () => {
    for (;;) {
      if (counts.timedOut) stoppedBy = 'time';
      else if (hasSettled(sliceLatencies(counts.latenciesMs))) stoppedBy = 'settled';
      else if (counts.planned >= most) stoppedBy = 'count';
      if (stoppedBy !== undefined || counts.refusedLast) break;
      counts.planned = Math.min(counts.planned + round, most);
      await sendRound();
    }
    // The first round has to be sent whole; of what came on top the deadline may take what it likes.
    if (stoppedBy === 'time' && counts.sent >= round) counts.timedOut = false;
  };
  const allSent = async (): Promise<WarmupResult['end']> => {
    await sendRound();
    if (run.untilSettled !== undefined && round > 0) await moreRounds();
    if (counts.refusedLast) await clock.sleep(END_REPORT_MS, signal);
    return { kind: counts.timedOut ? 'timeout' : 'done' };
  };
  try {
    const end = await Promise.race([exited, allSent()]);
    const latency = sliceLatencies(counts.latenciesMs);
    const failures = [...counts.failures].map(([what, count]) => ({ what, count })).sort((a, b) => b.count - a.count);
    const { sent, failed } = counts;
    const elapsedMs = clock.now() - startedAt;
    const result = { end, planned: counts.planned, sent, failed, failures, elapsedMs, latency, settled: hasSettled(latency) };
    return stoppedBy === undefined ? result : { ...result, stoppedBy };
  } finally {
    stop.abort();
    await Promise.allSettled(workers);
    await client.close();
  }
}

function record(counts: Counts, request: WarmupRequest, answer: HttpAnswer): void {
  counts.sent += 1;
  counts.refusedLast = answer.kind === 'refused';
  const problem = problemOf(answer);
  if (problem === undefined) return;
  counts.failed += 1;
  const what = `${request.method} ${request.path}: ${problem}`;
  counts.failures.set(what, (counts.failures.get(what) ?? 0) + 1);
}

function problemOf(answer: HttpAnswer): string | undefined {
  if (answer.kind === 'response') return answer.status >= 400 ? `status ${answer.status}` : undefined;
  // Without the number of milliseconds: equal failures are to be counted together.
  return answer.kind === 'timeout' ? 'no answer in time' : answer.message;
}
