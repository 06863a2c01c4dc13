// The real network: HTTP/1.1 and TCP as seen from this machine. Every failure of the other side is a result, told apart by what it means for an app that starts.

import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { HttpAnswer, HttpClient, HttpRequest, Network } from '../ports.ts';

export const network: Network = { http: createHttpClient, tcp: connectAndHold, fetch: fetchOnce };

/** What is kept of a body, in bytes; the rest is read and dropped, so that the connection can be used again. */
const BODY_KEPT = 1024 * 1024;

/** How long a connection must hold in order to count. */
const HOLD_MS = 100;

/** Requests that may be sent again when an idle connection turns out to be closed. */
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

function createHttpClient(connections: number): HttpClient {
  const agent = connections > 0 ? new Agent({ keepAlive: true, maxSockets: connections }) : new Agent({ keepAlive: false });
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    if (sockets.has(socket)) return;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  return {
    send: (request) => send(request, agent, track),
    async close() {
      const closed = [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      agent.destroy();
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}

function send(request: HttpRequest, agent: Agent, track: (socket: Socket) => void): Promise<HttpAnswer> {
  const { host, port, method, signal } = request;
  const { promise, resolve, reject } = deferred<HttpAnswer>();
  if (signal?.aborted) {
    reject(signal.reason);
    return promise;
  }
  const path = request.path.replace(/[^\x21-\x7e]+/g, (text) => encodeURIComponent(text.toWellFormed()));
  // Given always: Node leaves it out for a DELETE or GET with a body.
  const length = request.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(request.body)) };
  const headers = { accept: '*/*', 'user-agent': 'crac-bake', ...lowerCase(request.headers), ...length };
  const outgoing = httpRequest({ host, port, method, path, headers, agent });

  let socket: Socket | undefined;
  let readBefore = 0;
  let over = false;
  const settle = (answer: HttpAnswer | Promise<HttpAnswer>) => {
    over = true;
    resolve(answer);
  };
  const cut = (error?: NodeJS.ErrnoException) => {
    if (over) return;
    const answered = socket !== undefined && socket.bytesRead > readBefore;
    // The server closed the idle connection while the request was on its way.
    const again = error !== undefined && outgoing.reusedSocket && !answered && REPEATABLE.has(method);
    settle(again ? send(request, agent, track) : failure(error, answered));
  };
  const timer = setTimeout(() => {
    settle({ kind: 'timeout', message: `no answer within ${Math.ceil(request.timeoutMs)} ms` });
    outgoing.destroy();
  }, request.timeoutMs);
  const onAbort = () => {
    over = true;
    reject(signal?.reason);
    outgoing.destroy();
  };
  signal?.addEventListener('abort', onAbort, { once: true });

  outgoing.on('socket', (taken) => {
    socket = taken;
    readBefore = taken.bytesRead;
    track(taken);
  });
  let responded = false;
  outgoing.on('response', (response) => {
    responded = true;
    readBody(response).then(
      (body) => settle({ kind: 'response', status: response.statusCode ?? 0, headers: headersOf(response), body }),
      () => settle({ kind: 'refused', message: 'the connection was cut in the middle of the answer' }),
    );
  });
  outgoing.on('error', cut);
  // Whatever else ends it (a change of protocol that nobody asked for) must not leave the caller waiting; after an answer it does nothing.
  outgoing.on('close', () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    if (!responded) cut();
  });
  outgoing.end(request.body);
  return promise;
}

function failure(error: NodeJS.ErrnoException | undefined, answered: boolean): HttpAnswer {
  if (answered || error?.code?.startsWith('HPE_')) return { kind: 'not-http', message: 'an answer that is not HTTP' };
  if (error?.code === 'ETIMEDOUT') return { kind: 'timeout', message: 'no connection: timed out' };
  return { kind: 'refused', message: describe(error, 'the connection was cut before an answer') };
}

function describe(error: NodeJS.ErrnoException | undefined, whenCut: string): string {
  switch (error?.code) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case undefined:
    case 'ECONNRESET':
    case 'EPIPE':
      return whenCut;
    default:
      return `no connection: ${error?.message || error?.code}`;
  }
}

async function readBody(response: IncomingMessage): Promise<string> {
  const kept: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (length < BODY_KEPT) kept.push(chunk.subarray(0, BODY_KEPT - length));
    length += chunk.length;
  }
  return Buffer.concat(kept).toString();
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? []].flat().join('\n')]));
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function connectAndHold(host: string, port: number, timeoutMs: number, signal?: AbortSignal): Promise<{ ok: boolean; message: string }> {
  const { promise, resolve, reject } = deferred<{ ok: boolean; message: string }>();
  if (signal?.aborted) {
    reject(signal.reason);
    return promise;
  }
  const cut = 'the connection was taken and cut at once';
  let result = { ok: false, message: cut };
  const socket = connect({ host, port });
  const end = (ok: boolean, message: string) => {
    if (socket.destroyed) return;
    result = { ok, message };
    socket.destroy();
  };
  const timer = setTimeout(() => end(false, `no connection within ${Math.ceil(timeoutMs)} ms`), timeoutMs);
  let hold: NodeJS.Timeout | undefined;
  const onAbort = () => {
    reject(signal?.reason);
    socket.destroy();
  };
  signal?.addEventListener('abort', onAbort, { once: true });

  socket.on('connect', () => {
    // The immediate comes after all that has arrived meanwhile: on a busy machine the cut may be waiting to be read when the time is up.
    hold = setTimeout(() => setImmediate(() => end(true, 'connected')), HOLD_MS);
  });
  // Who speaks first is there.
  socket.on('data', () => end(true, 'connected'));
  socket.on('end', () => end(false, cut));
  socket.on('error', (error) => {
    result = { ok: false, message: describe(error, cut) };
  });
  // Comes last in every case.
  socket.on('close', () => {
    clearTimeout(timer);
    clearTimeout(hold);
    signal?.removeEventListener('abort', onAbort);
    resolve(result);
  });
  return promise;
}

/** How long an address has for its whole answer, in ms. */
const FETCH_TIMEOUT_MS = 15_000;

async function fetchOnce(method: string, address: string, headers: Readonly<Record<string, string>>) {
  const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
  const response = await fetch(address, { method, headers: { 'user-agent': 'crac-bake', ...headers }, redirect: 'manual', signal });
  return { status: response.status, challenge: response.headers.get('www-authenticate') ?? '', body: await response.text() };
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function deferred<T>() {
  let resolve!: (value: T | PromiseLike<T>) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
