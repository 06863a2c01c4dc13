// Time and network that tests script. Time jumps to the next sleeper as soon as nothing else is to be done.

import type { Clock, HttpAnswer, HttpRequest, Network } from '../../../src/ports.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export function createFakeClock(): Clock {
  let now = 0;
  let sleepers: Sleeper[] = [];
  const wakeNext = () => {
    const next = sleepers.reduce<Sleeper | undefined>((first, sleeper) => (first && first.at <= sleeper.at ? first : sleeper), undefined);
    if (next === undefined) return;
    sleepers = sleepers.filter((sleeper) => sleeper !== next);
    now = Math.max(now, next.at);
    next.wake();
  };
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const onAbort = () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(signal?.reason);
        };
        const sleeper = {
          at: now + ms,
          wake() {
            signal?.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', onAbort, { once: true });
        // After all that is ready to run.
        setImmediate(wakeNext);
      }),
  };
}

/** An answer and how long it takes. */
export interface Scripted {
  readonly afterMs?: number;
  readonly answer: HttpAnswer;
}

export function status(code: number, body = ''): HttpAnswer {
  return { kind: 'response', status: code, headers: {}, body };
}

export const REFUSED: HttpAnswer = { kind: 'refused', message: 'connection refused' };
export const NOT_HTTP: HttpAnswer = { kind: 'not-http', message: 'an answer that is not HTTP' };

/** A network whose every request is answered by `answer(request, its number from 0)`. */
export function createFakeNetwork(
  clock: Clock,
  answer: (request: HttpRequest, index: number) => Scripted,
  tcpOk: (now: number) => boolean = () => true,
) {
  const seen = { requests: [] as HttpRequest[], connections: [] as number[], tcp: [] as string[], closed: 0, atOnce: 0, mostAtOnce: 0 };
  const network: Network = {
    fetch: async () => ({ status: 500, challenge: '', body: '' }),
    http(connections) {
      seen.connections.push(connections);
      return {
        async send(request) {
          seen.atOnce += 1;
          seen.mostAtOnce = Math.max(seen.mostAtOnce, seen.atOnce);
          try {
            const scripted = answer(request, seen.requests.push(request) - 1);
            const afterMs = scripted.afterMs ?? 1;
            await clock.sleep(Math.min(afterMs, request.timeoutMs), request.signal);
            return afterMs > request.timeoutMs ? { kind: 'timeout', message: `no answer within ${request.timeoutMs} ms` } : scripted.answer;
          } finally {
            seen.atOnce -= 1;
          }
        },
        async close() {
          seen.closed += 1;
        },
      };
    },
    async tcp(host, port, _timeoutMs, signal) {
      seen.tcp.push(`${host}:${port}`);
      await clock.sleep(1, signal);
      return tcpOk(clock.now()) ? { ok: true, message: 'connected' } : { ok: false, message: 'connection refused' };
    },
  };
  return { network, seen };
}

/** A container that runs on. */
export const RUNNING = new Promise<number>(() => {});

export async function exitAfter(clock: Clock, ms: number, exitCode: number): Promise<number> {
  await clock.sleep(ms);
  return exitCode;
}
