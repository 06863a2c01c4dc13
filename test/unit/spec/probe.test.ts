import test from 'ava';
import { BakeError } from '../../../src/errors.ts';
import { chooseProbe, describeProbe, type Probe, probePort } from '../../../src/readiness/probe.ts';

interface Given {
  readonly ready?: string;
  readonly status?: string;
  readonly body?: string;
  readonly port?: number;
  readonly ports?: readonly number[];
  readonly healthCheck?: string;
  readonly healthCommand?: readonly string[];
}

function choose({ ready, status = '200-399', body, port, ports = [], healthCheck = '', healthCommand = [] }: Given): Probe {
  return chooseProbe({ ready, 'ready-status': status, 'ready-body': body, port }, { ports, healthCheck, healthCommand });
}

const range = { from: 200, to: 399 };
const http = (port: number, path: string) => ({ kind: 'http', port, path, status: range }) as const;

const chosen: readonly [title: string, given: Given, probe: Probe][] = [
  ['HTTP with port and path', { ready: 'http:8080/actuator/health?a=b' }, http(8080, '/actuator/health?a=b')],
  ['HTTP without a path', { ready: 'http:8080' }, http(8080, '/')],
  ['HTTP on the first exposed port', { ready: 'http:/health', ports: [8081, 8082] }, http(8081, '/health')],
  ['HTTP on --port', { ready: 'http:/health', port: 9000, ports: [8081] }, http(9000, '/health')],
  ['HTTP with a status', { ready: 'http:1/', status: '204' }, { kind: 'http', port: 1, path: '/', status: { from: 204, to: 204 } }],
  ['HTTP with a body', { ready: 'http:1/', body: 'U.' }, { ...http(1, '/'), body: 'U.' }],
  ['TCP', { ready: 'tcp:6379' }, { kind: 'tcp', port: 6379 }],
  ['a log pattern with colons and blanks', { ready: 'log:ready: \\d+ ms' }, { kind: 'log', pattern: 'ready: \\d+ ms' }],
  ['a program in the container', { ready: 'exec:pg_isready -U "my user"' }, { kind: 'exec', command: ['pg_isready', '-U', 'my user'] }],
  [
    'the image’s health check',
    { ready: 'health', healthCommand: ['/bin/sh', '-c', 'test -e /ready'] },
    { kind: 'health', command: ['/bin/sh', '-c', 'test -e /ready'] },
  ],
  ['the option before the image', { ready: 'tcp:1', ports: [2], healthCheck: 'curl http://localhost:3/' }, { kind: 'tcp', port: 1 }],
  ['the health check’s URL', { ports: [1], healthCheck: 'curl -f http://localhost:8080/health || exit 1' }, http(8080, '/health')],
  ['the health check’s URL without a port', { healthCheck: '["CMD","wget","http://127.0.0.1/up"]' }, http(80, '/up')],
  ['the health check’s URL without a path', { healthCheck: 'curl http://localhost:8080' }, http(8080, '/')],
  ['the first exposed port', { ports: [5432, 1], healthCheck: 'pg_isready' }, { kind: 'any', port: 5432 }],
  ['--port before the exposed ones', { port: 9000, ports: [1] }, { kind: 'any', port: 9000 }],
  ['Spring’s log line where there is nothing else', {}, { kind: 'log', pattern: 'Started \\S+ in [\\d.]+ seconds' }],
];

for (const [title, given, probe] of chosen) {
  test(`the probe is ${title}`, (t) => {
    t.deepEqual(choose(given), probe);
  });
}

const refused: readonly [title: string, given: Given, message: RegExp][] = [
  ['an unknown kind', { ready: 'ftp:21' }, /^--ready takes http:PORT\/PATH, tcp:PORT, log:PATTERN, exec:COMMAND or health, not "ftp:21"$/],
  ['no kind', { ready: '8080' }, /not "8080"$/],
  ['nothing after the kind', { ready: 'http:' }, /not "http:"$/],
  ['a URL', { ready: 'http://localhost:8080/', ports: [] }, /not "http:\/\/localhost:8080\/"$/],
  ['TCP with a path', { ready: 'tcp:1/a' }, /not "tcp:1\/a"$/],
  ['port 0', { ready: 'tcp:0' }, /not "tcp:0"$/],
  ['a port that is too large', { ready: 'http:65536/' }, /not "http:65536\/"$/],
  ['no port anywhere', { ready: 'http:/health' }, /not "http:\/health"$/],
  ['a status that is none', { ready: 'http:1/', status: '999' }, /^--ready-status takes a status or a range such as 200-399, not "999"$/],
  ['a range upside down', { ready: 'http:1/', status: '399-200' }, /not "399-200"$/],
  ['a body pattern that is none', { ready: 'http:1/', body: '(' }, /^--ready-body is not a regular expression: /],
  ['a log pattern that is none', { ready: 'log:(' }, /^--ready is not a regular expression: /],
  ['a status that is none, also for the image’s own check', { healthCheck: 'curl http://localhost/', status: 'ok' }, /^--ready-status/],
];

for (const [title, given, message] of refused) {
  test(`the probe is refused for ${title}`, (t) => {
    t.like(
      t.throws(() => choose(given), { instanceOf: BakeError, message }),
      { code: 'usage', step: 'options' },
    );
  });
}

test('a probe is described as the user would write it, and names its port', (t) => {
  for (const ready of ['http:8080/health', 'tcp:6379', 'log:Started']) t.is(describeProbe(choose({ ready })), ready);
  t.is(describeProbe({ kind: 'any', port: 80 }), 'port 80 (HTTP below 500, or any other answer)');
  t.deepEqual([probePort(choose({ ready: 'tcp:6379' })), probePort(choose({ ready: 'log:x' }))], [6379, undefined]);
});
