import test from 'ava';
import type { HttpAnswer } from '../../../src/ports.ts';
import { checkProbe, type NetworkProbe } from '../../../src/readiness/check.ts';
import { createFakeClock, createFakeNetwork, NOT_HTTP, REFUSED, status } from './fake-world.ts';

const target = { host: '127.0.0.1', portOf: (port: number) => port + 30_000 };
const http = { kind: 'http', port: 8080, path: '/health', status: { from: 200, to: 399 } } as const;
const any = { kind: 'any', port: 8080 } as const;
const anyAsHttp = { kind: 'http', port: 8080, path: '/', status: { from: 100, to: 499 } } as const;
const timeout: HttpAnswer = { kind: 'timeout', message: 'no answer within 2000 ms' };

async function check(probe: NetworkProbe, answer: HttpAnswer, tcpOk = true) {
  const clock = createFakeClock();
  const { network, seen } = createFakeNetwork(
    clock,
    () => ({ answer }),
    () => tcpOk,
  );
  const ways = { network, client: network.http(0), timeoutMs: 2000, signal: new AbortController().signal };
  return { result: await checkProbe(probe, target, ways), seen };
}

const cases: readonly [title: string, probe: NetworkProbe, answer: HttpAnswer, ok: boolean, message: string, settled: NetworkProbe][] = [
  ['http: a status in the range', http, status(204), true, 'status 204', http],
  ['http: the end of the range', http, status(399), true, 'status 399', http],
  ['http: above the range', http, status(400), false, 'status 400 instead of 200-399', http],
  [
    'http: one status',
    { ...http, status: { from: 200, to: 200 } },
    status(201),
    false,
    'status 201 instead of 200',
    { ...http, status: { from: 200, to: 200 } },
  ],
  ['http: refused', http, REFUSED, false, 'connection refused', http],
  ['http: silent', http, timeout, false, 'no answer within 2000 ms', http],
  ['http: another protocol', http, NOT_HTTP, false, 'an answer that is not HTTP', http],
  ['http: a body that matches', { ...http, body: '"UP"' }, status(200, '{"status":"UP"}'), true, 'status 200', { ...http, body: '"UP"' }],
  [
    'http: a body that does not match, on one line',
    { ...http, body: '"UP"' },
    status(200, '{\n  "status": "DOWN"\u001b\n}'),
    false,
    'status 200, but the body does not match "UP": { "status": "DOWN" }',
    { ...http, body: '"UP"' },
  ],
  [
    'http: an empty body',
    { ...http, body: 'x' },
    status(200),
    false,
    'status 200, but the body does not match x: (empty)',
    { ...http, body: 'x' },
  ],
  ['any: HTTP that is content', any, status(200), true, 'status 200', anyAsHttp],
  ['any: HTTP that knows no /', any, status(404), true, 'status 404', anyAsHttp],
  ['any: HTTP that cannot serve yet', any, status(503), false, 'status 503 instead of 100-499', anyAsHttp],
  ['any: another protocol', any, NOT_HTTP, true, 'an answer that is not HTTP', any],
  ['any: refused', any, REFUSED, false, 'connection refused', any],
  ['any: silent', any, timeout, false, 'no answer within 2000 ms', any],
];

for (const [title, probe, answer, ok, message, settled] of cases) {
  test(`${title} is ${ok ? '' : 'not '}ready`, async (t) => {
    const { result } = await check(probe, answer);
    t.deepEqual(result, { ok, message, status: answer.kind === 'response' ? answer.status : undefined, settled });
  });
}

test('http asks GET of the path on the published port, any asks /', async (t) => {
  const [first] = (await check(http, status(200))).seen.requests;
  t.like(first, { method: 'GET', host: '127.0.0.1', port: 38_080, path: '/health', timeoutMs: 2000 });
  const [second] = (await check(any, status(200))).seen.requests;
  t.like(second, { method: 'GET', port: 38_080, path: '/' });
});

test('a long body is cut in the message', async (t) => {
  const { result } = await check({ ...http, body: 'x' }, status(200, 'a'.repeat(5000)));
  t.true(result.message.length < 200);
  t.true(result.message.endsWith('a…'));
});

test('tcp asks for a connection and nothing more', async (t) => {
  const probe = { kind: 'tcp', port: 6379 } as const;
  const taken = await check(probe, REFUSED);
  t.deepEqual(taken.result, { ok: true, message: 'connected', status: undefined, settled: probe });
  t.deepEqual(taken.seen.tcp, ['127.0.0.1:36379']);
  t.deepEqual(taken.seen.requests, []);
  t.like((await check(probe, REFUSED, false)).result, { ok: false, message: 'connection refused' });
});
