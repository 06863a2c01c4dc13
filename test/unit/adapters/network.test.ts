import type { Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { network } from '../../../src/adapters/network.ts';
import type { HttpRequest } from '../../../src/ports.ts';
import { freePort, serveHttp, serveTcp } from './servers.ts';

const HOST = '127.0.0.1';

function get(port: number, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', host: HOST, port, path: '/', headers: {}, timeoutMs: 5000, ...more };
}

/** Sends one request over a client of its own. */
async function ask(request: HttpRequest, connections = 0) {
  const client = network.http(connections);
  try {
    return await client.send(request);
  } finally {
    await client.close();
  }
}

/** A server that does something as soon as it has got the whole request. */
function serveRaw(t: ExecutionContext, answer: (socket: Socket) => void) {
  return serveTcp(t, (socket) => socket.once('data', () => answer(socket)));
}

test('a response comes with its status and body', async (t) => {
  const { port } = await serveHttp(t, (_, response) => response.writeHead(503, 'busy').end('später'));
  t.like(await ask(get(port)), { kind: 'response', status: 503, body: 'später' });
});

test('method, path, headers and body arrive as given', async (t) => {
  for (const method of ['POST', 'DELETE', 'GET']) {
    const { port } = await serveHttp(t, async (request, response) => {
      const body = (await request.toArray()).join('');
      response.end(JSON.stringify([request.method, request.url, request.headers['x-a'], request.headers['user-agent'], body]));
    });
    const answer = await ask(
      get(port, { method, path: '/a?b=ü c', headers: { 'X-A': '1', 'User-Agent': 'me' }, body: '{"name":"Jürgen"}' }),
    );
    t.deepEqual(answer.kind === 'response' && JSON.parse(answer.body), [method, '/a?b=%C3%BC%20c', '1', 'me', '{"name":"Jürgen"}']);
  }
});

test('a redirect is an answer, not followed', async (t) => {
  const served = await serveHttp(t, (_, response) => response.writeHead(302, { location: '/login' }).end());
  t.like(await ask(get(served.port)), { kind: 'response', status: 302 });
  t.is(served.connections(), 1);
});

test('of a large body the first MiB is kept, and the connection is used again', async (t) => {
  const served = await serveHttp(t, (_, response) => response.end('a'.repeat(3 * 1024 * 1024)));
  const client = network.http(1);
  for (let i = 0; i < 2; i += 1) {
    const answer = await client.send(get(served.port));
    t.is(answer.kind === 'response' && answer.body.length, 1024 * 1024);
  }
  t.is(served.connections(), 1);
  await client.close();
});

test('a port without a listener refuses', async (t) => {
  t.deepEqual(await ask(get(await freePort(t))), { kind: 'refused', message: 'connection refused' });
});

test('a host that is unknown is told as it is', async (t) => {
  const answer = await ask(get(80, { host: 'no-such-host.invalid' }));
  t.is(answer.kind, 'refused');
  t.regex(answer.kind === 'refused' ? answer.message : '', /^no connection: .*no-such-host/);
});

const cut = 'the connection was cut before an answer';
const badly: readonly [title: string, kind: string, message: string, onRequest: (socket: Socket) => void][] = [
  ['an empty reply is refused', 'refused', cut, (socket) => socket.end()],
  ['a reset is refused', 'refused', cut, (socket) => socket.resetAndDestroy()],
  [
    'redis is not HTTP',
    'not-http',
    'an answer that is not HTTP',
    (socket) => socket.end("-ERR wrong number of arguments for 'get' command\r\n"),
  ],
  ['binary is not HTTP', 'not-http', 'an answer that is not HTTP', (socket) => socket.write(Buffer.from([0x15, 3, 3, 0, 2, 2, 0x46]))],
  ['a beginning of HTTP and no more is not HTTP', 'not-http', 'an answer that is not HTTP', (socket) => socket.end('HTTP/1.1 2')],
  ['silence is a time-out', 'timeout', 'no answer within 200 ms', () => {}],
  [
    'a body that never ends is a time-out',
    'timeout',
    'no answer within 200 ms',
    (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc'),
  ],
  [
    'an answer cut in the middle is no answer',
    'refused',
    'the connection was cut in the middle of the answer',
    (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc'),
  ],
  [
    'a switch of protocols that nobody asked for does not hang',
    'not-http',
    'an answer that is not HTTP',
    (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  ],
];

for (const [title, kind, message, onRequest] of badly) {
  for (const connections of [0, 2]) {
    test(`${title} (${connections === 0 ? 'new connection' : 'kept alive'})`, async (t) => {
      const { port } = await serveRaw(t, onRequest);
      t.deepEqual(await ask(get(port, { timeoutMs: kind === 'timeout' ? 200 : 5000 }), connections), { kind, message } as never);
    });
  }
}

test('a server that closes before it has read anything refuses', async (t) => {
  const { port } = await serveTcp(t, (socket) => socket.destroy());
  t.like(await ask(get(port)), { kind: 'refused' });
});

test('a server that speaks first is not HTTP', async (t) => {
  const { port } = await serveTcp(t, (socket) => socket.write('220 mail.example.com ESMTP\r\n'));
  t.like(await ask(get(port)), { kind: 'not-http' });
});

test('a slow body is waited for', async (t) => {
  const { port } = await serveHttp(t, (_, response) => {
    response.write('a');
    setTimeout(() => response.end('b'), 50);
  });
  t.like(await ask(get(port)), { kind: 'response', body: 'ab' });
});

test('connections are kept alive, at most as many as asked for', async (t) => {
  const served = await serveHttp(t, (_, response) => setTimeout(() => response.end(), 1));
  const client = network.http(3);
  await Promise.all(Array.from({ length: 30 }, () => client.send(get(served.port))));
  t.is(served.connections(), 3);
  await client.close();
});

test('0 connections make a new one for each request and keep none', async (t) => {
  const served = await serveHttp(t, (request, response) => response.end(request.headers.connection));
  const client = network.http(0);
  for (let i = 0; i < 3; i += 1) t.like(await client.send(get(served.port)), { body: 'close' });
  t.is(served.connections(), 3);
  await client.close();
});

test('close leaves no connection open, idle or at work', async (t) => {
  const served = await serveHttp(t, (request, response) => {
    if (request.url === '/quick') response.end();
  });
  const client = network.http(2);
  const hanging = client.send(get(served.port));
  await client.send(get(served.port, { path: '/quick' }));
  t.is(served.open(), 2);
  await client.close();
  t.like(await hanging, { kind: 'refused' });
  // The other side learns of it when its own turn comes.
  while (served.open() > 0) await new Promise(setImmediate);
  t.is(served.open(), 0);
});

test('a request that may be repeated is sent again when the idle connection was closed meanwhile; a POST is not', async (t) => {
  for (const [method, kind] of [
    ['GET', 'response'],
    ['POST', 'refused'],
  ] as const) {
    const served = await serveTcp(t, (socket) => {
      // Answers once per connection, and cuts it when a second request comes.
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
        socket.once('data', () => socket.destroy());
      });
    });
    const client = network.http(1);
    t.like(await client.send(get(served.port)), { kind: 'response' });
    t.like(await client.send(get(served.port, { method })), { kind });
    t.is(served.connections(), kind === 'response' ? 2 : 1);
    await client.close();
  }
});

test('a request that timed out on a used connection is not sent again', async (t) => {
  let requests = 0;
  const served = await serveHttp(t, (_, response) => {
    requests += 1;
    if (requests === 1) response.end();
  });
  const client = network.http(1);
  await client.send(get(served.port));
  t.like(await client.send(get(served.port, { timeoutMs: 100 })), { kind: 'timeout' });
  await client.close();
  t.is(requests, 2);
});

test('an abort rejects with its reason, and frees the connection', async (t) => {
  const served = await serveHttp(t, () => {});
  const user = new AbortController();
  const reason = new Error('SIGINT');
  const client = network.http(1);
  const sending = client.send(get(served.port, { signal: user.signal }));
  setTimeout(() => user.abort(reason), 30);
  t.is(await t.throwsAsync(sending), reason);
  t.is(await t.throwsAsync(client.send(get(served.port, { signal: user.signal }))), reason);
  await client.close();
});

test('tcp: a connection that holds is taken, and closed again', async (t) => {
  const served = await serveTcp(t, () => {});
  t.deepEqual(await network.tcp(HOST, served.port, 5000), { ok: true, message: 'connected' });
  while (served.open() > 0) await new Promise(setImmediate);
  t.is(served.connections(), 1);
});

test('tcp: who speaks first need not hold', async (t) => {
  const { port } = await serveTcp(t, (socket) => socket.end('hello'));
  t.like(await network.tcp(HOST, port, 5000), { ok: true });
});

const tcpFailures: readonly [title: string, onConnection: (socket: Socket) => void][] = [
  ['closes', (socket) => socket.end()],
  ['resets', (socket) => socket.resetAndDestroy()],
  ['closes after a moment, as a forwarder whose app does not listen,', (socket) => setTimeout(() => socket.end(), 20)],
];

for (const [title, onConnection] of tcpFailures) {
  test(`tcp: a peer that ${title} is not ready`, async (t) => {
    const { port } = await serveTcp(t, onConnection);
    t.deepEqual(await network.tcp(HOST, port, 5000), { ok: false, message: 'the connection was taken and cut at once' });
  });
}

test('tcp: refused, out of time, aborted', async (t) => {
  t.deepEqual(await network.tcp(HOST, await freePort(t), 5000), { ok: false, message: 'connection refused' });
  const { port } = await serveTcp(t, () => {});
  t.deepEqual(await network.tcp(HOST, port, 20), { ok: false, message: 'no connection within 20 ms' });
  const user = new AbortController();
  const reason = new Error('SIGINT');
  const asking = network.tcp(HOST, port, 5000, user.signal);
  user.abort(reason);
  t.is(await t.throwsAsync(asking), reason);
  t.is(await t.throwsAsync(network.tcp(HOST, port, 5000, user.signal)), reason);
});
