import test from 'ava';
import type { Clock, Network } from '../../../src/ports.ts';
import { runWarmup, type WarmupRun } from '../../../src/warmup/run.ts';
import { createFakeClock, createFakeNetwork, exitAfter, REFUSED, RUNNING, status } from '../readiness/fake-world.ts';

const a = { method: 'GET', path: '/a', headers: { 'x-a': '1' } };
const b = { method: 'POST', path: '/b', headers: {}, body: '{}' };

function warmUp(clock: Clock, network: Network, more: Partial<WarmupRun> = {}) {
  return runWarmup({
    requests: [a, b],
    count: 10,
    concurrency: 4,
    host: '127.0.0.1',
    port: 32_768,
    timeoutMs: 60_000,
    exited: RUNNING,
    world: { clock, network, signal: new AbortController().signal },
    ...more,
  });
}

test('each request is sent as often as asked, in turn, to the published port', async (t) => {
  const clock = createFakeClock();
  const { network, seen } = createFakeNetwork(clock, () => ({ answer: status(200) }));
  const result = await warmUp(clock, network);
  t.like(result, { end: { kind: 'done' }, planned: 20, sent: 20, failed: 0, failures: [] });
  t.deepEqual(
    seen.requests.map((request) => request.path),
    Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? '/a' : '/b')),
  );
  t.like(seen.requests[0], { ...a, host: '127.0.0.1', port: 32_768, timeoutMs: 30_000 });
  t.like(seen.requests[1], b);
});

test('as many requests are at work as asked, over one client that is closed in the end', async (t) => {
  const clock = createFakeClock();
  const { network, seen } = createFakeNetwork(clock, () => ({ afterMs: 10, answer: status(200) }));
  const result = await warmUp(clock, network, { concurrency: 3, count: 30 });
  t.is(seen.mostAtOnce, 3);
  t.is(result.elapsedMs, 200);
  t.deepEqual(seen.connections, [3]);
  t.is(seen.closed, 1);
});

test('nothing to send is done at once', async (t) => {
  for (const more of [{ count: 0 }, { requests: [] }]) {
    const clock = createFakeClock();
    const { network } = createFakeNetwork(clock, () => ({ answer: status(200) }));
    const result = await warmUp(clock, network, more);
    t.deepEqual(result, { end: { kind: 'done' }, planned: 0, sent: 0, failed: 0, failures: [], elapsedMs: 0, latency: [], settled: false });
  }
});

test('statuses from 400 and missing answers are failures, counted by kind', async (t) => {
  const clock = createFakeClock();
  const { network } = createFakeNetwork(clock, (request, index) => {
    if (request.path === '/b') return { answer: status(index < 10 ? 400 : 503) };
    return index === 0 ? { answer: REFUSED } : { answer: status(399) };
  });
  const result = await warmUp(clock, network, { concurrency: 1 });
  t.like(result, { sent: 20, failed: 11 });
  t.deepEqual(result.failures, [
    { what: 'POST /b: status 400', count: 5 },
    { what: 'POST /b: status 503', count: 5 },
    { what: 'GET /a: connection refused', count: 1 },
  ]);
});

test('latency by progress shows the app becoming faster, of answers only', async (t) => {
  const clock = createFakeClock();
  const { network } = createFakeNetwork(clock, (_, index) =>
    index === 50 ? { afterMs: 900, answer: REFUSED } : { afterMs: index < 100 ? 200 - index : 100, answer: status(500) },
  );
  const result = await warmUp(clock, network, { concurrency: 1, count: 100 });
  t.is(result.latency.length, 10);
  t.is(
    result.latency.reduce((sum, slice) => sum + slice.count, 0),
    199,
  );
  t.true((result.latency[0]?.p50Ms ?? 0) > 185);
  t.deepEqual(result.latency.at(-1), { count: 20, p50Ms: 100, p95Ms: 100 });
  t.true(result.settled);
});

test('a request without an answer fails after half a minute and the others go on', async (t) => {
  const clock = createFakeClock();
  const { network } = createFakeNetwork(clock, (_, index) => ({ afterMs: index === 3 ? 1e9 : 1, answer: status(200) }));
  const result = await warmUp(clock, network);
  t.like(result, { end: { kind: 'done' }, sent: 20, failed: 1, elapsedMs: 30_000 });
  t.deepEqual(result.failures, [{ what: 'POST /b: no answer in time', count: 1 }]);
});

test('the deadline cuts the run, between requests and within one', async (t) => {
  for (const afterMs of [300, 1e9]) {
    const clock = createFakeClock();
    const { network, seen } = createFakeNetwork(clock, () => ({ afterMs, answer: status(200) }));
    const result = await warmUp(clock, network, { timeoutMs: 1000, concurrency: 1 });
    t.deepEqual(result.end, { kind: 'timeout' });
    t.is(result.elapsedMs, 1000);
    t.true(result.sent < result.planned);
    t.is(seen.closed, 1);
  }
});

test('the container’s end stops the run at once', async (t) => {
  const clock = createFakeClock();
  const { network, seen } = createFakeNetwork(clock, () => ({ afterMs: 70, answer: status(200) }));
  const result = await warmUp(clock, network, { exited: exitAfter(clock, 100, 137) });
  t.like(result, { end: { kind: 'exited', exitCode: 137 }, sent: 4, failed: 0, elapsedMs: 100 });
  t.is(seen.atOnce, 0);
  t.is(seen.closed, 1);
});

test('an app that refuses at the end is given time to be reported as ended', async (t) => {
  const clock = createFakeClock();
  const { network } = createFakeNetwork(clock, (_, index) => ({ answer: index < 5 ? status(200) : REFUSED }));
  t.like(await warmUp(clock, network, { exited: exitAfter(clock, 500, 1) }), {
    end: { kind: 'exited', exitCode: 1 },
    sent: 20,
    failed: 15,
  });
  t.like(await warmUp(clock, network), { end: { kind: 'done' }, failed: 20 });
});

test('an interrupt rejects with its reason and closes the connections', async (t) => {
  const clock = createFakeClock();
  const { network, seen } = createFakeNetwork(clock, () => ({ afterMs: 10, answer: status(200) }));
  const user = new AbortController();
  const reason = new Error('SIGINT');
  void clock.sleep(25).then(() => user.abort(reason));
  t.is(await t.throwsAsync(warmUp(clock, network, { world: { clock, network, signal: user.signal } })), reason);
  t.is(seen.atOnce, 0);
  t.is(seen.closed, 1);
});

test('progress tells what is done, about every two seconds', async (t) => {
  const clock = createFakeClock();
  const { network } = createFakeNetwork(clock, () => ({ afterMs: 500, answer: status(200) }));
  const progress: string[] = [];
  await warmUp(clock, network, { concurrency: 2, onProgress: (message) => progress.push(message) });
  t.deepEqual(progress, ['7 of 20 requests, 0 failed', '15 of 20 requests, 0 failed']);
});

/** Latencies that grow until so many requests were answered. */
function settling(after: number) {
  const clock = createFakeClock();
  const { network } = createFakeNetwork(clock, (_, index) => ({ afterMs: index < after ? 10 * 1.08 ** index : 5, answer: status(200) }));
  return { clock, network };
}

const untilSettled: readonly [title: string, after: number, more: Partial<WarmupRun>, expected: object][] = [
  ['settled in the first round', 0, {}, { stoppedBy: 'settled', settled: true, sent: 20, end: { kind: 'done' } }],
  ['settled after rounds', 30, {}, { stoppedBy: 'settled', settled: true, end: { kind: 'done' } }],
  ['at the most', 1e9, { untilSettled: { maxCount: 35 } }, { stoppedBy: 'count', sent: 70, planned: 70, end: { kind: 'done' } }],
  ['at the deadline, which is no failure', 1e9, { timeoutMs: 5000 }, { stoppedBy: 'time', failed: 0, end: { kind: 'done' } }],
  ['at the deadline within the first round, which is one', 1e9, { timeoutMs: 300 }, { stoppedBy: 'time', end: { kind: 'timeout' } }],
];

for (const [title, after, more, expected] of untilSettled) {
  test(`a run that is to settle ends ${title}`, async (t) => {
    const { clock, network } = settling(after);
    t.like(await warmUp(clock, network, { untilSettled: { maxCount: 10_000 }, concurrency: 1, ...more }), expected);
  });
}

test('a run that is to settle ends with its container', async (t) => {
  const { clock, network } = settling(1e9);
  const exited = exitAfter(clock, 3000, 7);
  t.like(await warmUp(clock, network, { untilSettled: { maxCount: 1e6 }, concurrency: 1, exited }), {
    end: { kind: 'exited', exitCode: 7 },
  });
});
