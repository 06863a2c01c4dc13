import test from 'ava';
import type { Clock, Network } from '../../../src/ports.ts';
import type { Probe } from '../../../src/readiness/probe.ts';
import { type FollowLog, type ReadinessWait, waitUntilReady } from '../../../src/readiness/wait.ts';
import { createFakeClock, createFakeNetwork, exitAfter, NOT_HTTP, REFUSED, RUNNING, status } from './fake-world.ts';

const http: Probe = { kind: 'http', port: 8080, path: '/health', status: { from: 200, to: 399 } };
const log: Probe = { kind: 'log', pattern: 'Started \\S+ in [\\d.]+ seconds' };

function waitFor(clock: Clock, network: Network, more: Partial<ReadinessWait> = {}) {
  return waitUntilReady({
    probe: http,
    target: { host: '127.0.0.1', portOf: (port) => port },
    successes: 1,
    timeoutMs: 60_000,
    exited: RUNNING,
    followLog: async () => {},
    runProgram: async () => ({ ok: false, message: 'ended with 1' }),
    world: { clock, network, signal: new AbortController().signal },
    ...more,
  });
}

/** A log with lines at given times, that lasts until it is not followed any more. */
function logOf(clock: Clock, lines: readonly [at: number, line: string][]) {
  const seen = { ended: false };
  const follow: FollowLog = async (onLine, signal) => {
    try {
      for (const [at, line] of lines) {
        if (at > clock.now()) await clock.sleep(at - clock.now(), signal);
        onLine(line);
      }
      await clock.sleep(1e9, signal);
    } finally {
      seen.ended = true;
    }
  };
  return { follow, seen };
}

test('an app that takes its time is ready when it first answers', async (t) => {
  const clock = createFakeClock();
  const { network, seen } = createFakeNetwork(clock, () => ({ answer: clock.now() < 3000 ? REFUSED : status(200) }));
  const result = await waitFor(clock, network);
  if (result.kind !== 'ready') return t.fail(result.kind);
  t.true(result.elapsedMs >= 3000 && result.elapsedMs <= 3105, `${result.elapsedMs}`);
  t.is(result.firstResponseMs, result.elapsedMs);
  t.is(result.attempts, seen.requests.length);
  t.deepEqual(result.probe, http);
});

test('a quick restore is seen within a fifth of its time', async (t) => {
  const clock = createFakeClock();
  const { network } = createFakeNetwork(clock, () => ({ answer: clock.now() < 150 ? REFUSED : status(200) }));
  const result = await waitFor(clock, network);
  if (result.kind !== 'ready') return t.fail(result.kind);
  t.true(result.elapsedMs <= 180, `${result.elapsedMs}`);
});

test('checks use a new connection each and none is left', async (t) => {
  const clock = createFakeClock();
  const { network, seen } = createFakeNetwork(clock, () => ({ answer: status(200) }));
  await waitFor(clock, network);
  t.deepEqual(seen.connections, [0]);
  t.is(seen.closed, 1);
});

test('a failure begins the row of successes anew; the first response is that of the first success', async (t) => {
  const clock = createFakeClock();
  const statuses = [503, 200, 200, 503, 200, 200, 200];
  const { network } = createFakeNetwork(clock, (_, index) => ({ afterMs: 100, answer: status(statuses[index] ?? 500) }));
  const result = await waitFor(clock, network, { successes: 3 });
  if (result.kind !== 'ready') return t.fail(result.kind);
  t.is(result.attempts, 7);
  t.true(result.firstResponseMs < 250);
  t.true(result.elapsedMs >= 700);
});

test('any names the HTTP request that was answered, and stays any where it was not HTTP', async (t) => {
  for (const [answer, probe] of [
    [status(404), { kind: 'http', port: 8080, path: '/', status: { from: 100, to: 499 } }],
    [NOT_HTTP, { kind: 'any', port: 8080 }],
  ] as const) {
    const clock = createFakeClock();
    const { network } = createFakeNetwork(clock, () => ({ answer }));
    t.like(await waitFor(clock, network, { probe: { kind: 'any', port: 8080 } }), { kind: 'ready', probe });
  }
});

test('tcp waits for a connection that holds', async (t) => {
  const clock = createFakeClock();
  const { network } = createFakeNetwork(
    clock,
    () => ({ answer: REFUSED }),
    (now) => now > 500,
  );
  t.like(await waitFor(clock, network, { probe: { kind: 'tcp', port: 6379 } }), { kind: 'ready', probe: { kind: 'tcp', port: 6379 } });
});

test('the deadline ends it with what came last', async (t) => {
  const clock = createFakeClock();
  const { network, seen } = createFakeNetwork(clock, (_, index) => ({ answer: index < 2 ? REFUSED : status(503) }));
  const result = await waitFor(clock, network, { timeoutMs: 5000 });
  if (result.kind !== 'timeout') return t.fail(result.kind);
  t.is(clock.now(), 5000);
  t.is(result.attempts, seen.requests.length);
  t.is(result.lastMessage, `connection refused (2 times), then status 503 instead of 200-399 (${result.attempts - 2} times)`);
  t.is(seen.closed, 1);
});

test('a request takes two seconds at most, and no longer than what is left', async (t) => {
  const clock = createFakeClock();
  const { network, seen } = createFakeNetwork(clock, () => ({ afterMs: 1e6, answer: status(200) }));
  const result = await waitFor(clock, network, { timeoutMs: 4500 });
  t.is(result.kind, 'timeout');
  t.is(clock.now(), 4500);
  const timeouts = seen.requests.map((request) => request.timeoutMs);
  t.deepEqual(timeouts.slice(0, 2), [2000, 2000]);
  t.true((timeouts[2] ?? 0) < 500);
});

test('the container’s end ends the wait at once, also in the middle of a request', async (t) => {
  const clock = createFakeClock();
  const { network, seen } = createFakeNetwork(clock, () => ({ afterMs: 1e6, answer: status(200) }));
  const result = await waitFor(clock, network, { exited: exitAfter(clock, 700, 3) });
  t.deepEqual(result, { kind: 'exited', exitCode: 3 });
  t.is(clock.now(), 700);
  t.is(seen.atOnce, 0);
  t.is(seen.closed, 1);
});

test('a container that has ended already is reported as such', async (t) => {
  const clock = createFakeClock();
  const { network } = createFakeNetwork(clock, () => ({ answer: REFUSED }));
  t.deepEqual(await waitFor(clock, network, { exited: Promise.resolve(1) }), { kind: 'exited', exitCode: 1 });
});

test('progress comes about every two seconds', async (t) => {
  const clock = createFakeClock();
  const { network } = createFakeNetwork(clock, () => ({ answer: REFUSED }));
  const progress: [number, string][] = [];
  await waitFor(clock, network, { timeoutMs: 7000, onProgress: (message) => progress.push([Math.round(clock.now() / 1000), message]) });
  t.deepEqual(
    progress.map(([at]) => at),
    [2, 4, 6],
  );
  t.regex(progress[0]?.[1] ?? '', /^connection refused \(\d+ times\)$/);
});

test('an interrupt rejects with its reason and leaves nothing open', async (t) => {
  for (const probe of [http, log]) {
    const clock = createFakeClock();
    const { network, seen } = createFakeNetwork(clock, () => ({ answer: REFUSED }));
    const { follow, seen: logSeen } = logOf(clock, []);
    const user = new AbortController();
    const reason = new Error('SIGINT');
    void clock.sleep(1000).then(() => user.abort(reason));
    const world = { clock, network, signal: user.signal };
    const error = await t.throwsAsync(waitFor(clock, network, { probe, followLog: follow, world }));
    t.is(error, reason);
    t.true(probe.kind === 'log' ? logSeen.ended : seen.closed === 1);
  }
});

test('an interrupt before the wait asks nothing', async (t) => {
  const clock = createFakeClock();
  const { network, seen } = createFakeNetwork(clock, () => ({ answer: status(200) }));
  const reason = new Error('SIGINT');
  const error = await t.throwsAsync(waitFor(clock, network, { world: { clock, network, signal: AbortSignal.abort(reason) } }));
  t.is(error, reason);
  t.deepEqual(seen.requests, []);
});

const STARTED = '2026-01-01 INFO Started App in 2.1 seconds (process running for 2.6)';

test('a log pattern is met by the line when it comes, and the log is not followed any more', async (t) => {
  const clock = createFakeClock();
  const { network, seen: sent } = createFakeNetwork(clock, () => ({ answer: status(200) }));
  const { follow, seen } = logOf(clock, [
    [100, 'Starting App'],
    [2100, STARTED],
  ]);
  const result = await waitFor(clock, network, { probe: log, followLog: follow, successes: 3 });
  t.deepEqual(result, { kind: 'ready', elapsedMs: 2100, firstResponseMs: 2100, attempts: 2, probe: log });
  t.true(seen.ended);
  t.deepEqual(sent.requests, []);
});

test('a line from before the wait counts', async (t) => {
  const clock = createFakeClock();
  const { network } = createFakeNetwork(clock, () => ({ answer: REFUSED }));
  const { follow } = logOf(clock, [[0, STARTED]]);
  t.like(await waitFor(clock, network, { probe: log, followLog: follow }), { kind: 'ready', elapsedMs: 0 });
});

test('a log without the line ends at the deadline, with its last line and progress on the way', async (t) => {
  const clock = createFakeClock();
  const { network } = createFakeNetwork(clock, () => ({ answer: REFUSED }));
  const { follow, seen } = logOf(clock, [[10, 'waiting for the database']]);
  const progress: string[] = [];
  const result = await waitFor(clock, network, {
    probe: log,
    followLog: follow,
    timeoutMs: 5000,
    onProgress: (message) => progress.push(message),
  });
  const lastMessage = 'none of 1 lines matches; the last is: waiting for the database';
  t.deepEqual(result, { kind: 'timeout', lastMessage, attempts: 1 });
  t.deepEqual(progress, [lastMessage, lastMessage]);
  t.is(clock.now(), 5000);
  t.true(seen.ended);
});

test('a log that ends does not end the wait, the container’s end does', async (t) => {
  const clock = createFakeClock();
  const { network } = createFakeNetwork(clock, () => ({ answer: REFUSED }));
  const exited = exitAfter(clock, 300, 1);
  t.deepEqual(await waitFor(clock, network, { probe: log, followLog: async () => {}, exited }), { kind: 'exited', exitCode: 1 });
});

test('a log that cannot be followed rejects', async (t) => {
  const clock = createFakeClock();
  const { network } = createFakeNetwork(clock, () => ({ answer: REFUSED }));
  const followLog = () => Promise.reject(new Error('no such container'));
  await t.throwsAsync(waitFor(clock, network, { probe: log, followLog }), { message: 'no such container' });
});

test('a program in the container is run until it ends with 0', async (t) => {
  const clock = createFakeClock();
  const { network, seen } = createFakeNetwork(clock, () => ({ answer: status(200) }));
  const commands: (readonly string[])[] = [];
  const runProgram: ReadinessWait['runProgram'] = async (command, timeoutMs, signal) => {
    commands.push(command);
    t.true(timeoutMs <= 30_000);
    await clock.sleep(100, signal);
    return clock.now() < 1000 ? { ok: false, message: 'pg_isready ended with 2' } : { ok: true, message: 'pg_isready ended with 0' };
  };
  const probe = { kind: 'exec', command: ['pg_isready', '-q'] } as const;
  const ready = await waitFor(clock, network, { probe, runProgram });
  t.like(ready, { kind: 'ready', probe });
  t.true(commands.length > 3);
  t.deepEqual(commands[0], ['pg_isready', '-q']);
  t.deepEqual(seen.requests, []);
});

test('a program that never ends with 0 says at the deadline how it ended', async (t) => {
  const clock = createFakeClock();
  const { network } = createFakeNetwork(clock, () => ({ answer: status(200) }));
  const ready = await waitFor(clock, network, { probe: { kind: 'health', command: ['check'] }, timeoutMs: 1000 });
  t.is(ready.kind, 'timeout');
  t.regex((ready as { lastMessage: string }).lastMessage, /^ended with 1 \(\d+ times\)$/);
});
