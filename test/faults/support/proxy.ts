// A proxy on the Docker socket that does to chosen requests what a sick engine does: no answer, a closed connection, a late answer, an error.

import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

/** What happens to a request. `first`: it is passed on after this work, which is told the request. `body`: its JSON is passed on changed, `answer`: what comes back is. */
export type Effect =
  | 'hang'
  | 'close'
  | { readonly delayMs: number }
  | { readonly status: number; readonly message: string }
  | { readonly first: (request: string) => Promise<void> }
  | { readonly body: (given: Record<string, unknown>) => unknown }
  | { readonly answer: (given: Record<string, unknown>) => unknown };

export interface Fault {
  /** Of `METHOD /PATH?QUERY`, without the version of the API. */
  readonly at: RegExp;
  readonly effect: Effect;
  /** How long: for this request, for all that match, or for every request that follows. */
  readonly lasts: 'once' | 'always' | 'from-then-on';
}

export interface FaultyEngine {
  /** For DOCKER_HOST. */
  readonly host: string;
  /** Requests that the faults met. */
  readonly hits: readonly string[];
  close(): Promise<void>;
}

/** Starts one before the engine at the socket `upstream`. */
export async function startProxy(path: string, upstream: string, faults: readonly Fault[]): Promise<FaultyEngine> {
  const hits: string[] = [];
  const sockets = new Set<Socket>();
  const spent = new Set<Fault>();
  let lasting: Effect | undefined;

  const lineOf = ({ method, url = '' }: IncomingMessage) => `${method} ${url.replace(/^\/v[\d.]+/, '')}`;
  const effectOn = (incoming: IncomingMessage): Effect | undefined => {
    const line = lineOf(incoming);
    const fault = faults.find(({ at }) => at.test(line));
    if (lasting !== undefined || fault === undefined || spent.has(fault)) return lasting;
    if (fault.lasts === 'once') spent.add(fault);
    if (fault.lasts === 'from-then-on') lasting = fault.effect;
    hits.push(line);
    return fault.effect;
  };

  /** Whether the request is to be passed on, after what comes before. */
  const suffers = async (effect: Effect | undefined, incoming: IncomingMessage, outgoing?: ServerResponse): Promise<boolean> => {
    if (effect === undefined) return true;
    if (effect === 'hang') return false;
    if (effect === 'close') {
      incoming.socket.destroy();
      return false;
    }
    if ('delayMs' in effect) await pause(effect.delayMs);
    if ('first' in effect) await effect.first(lineOf(incoming));
    if ('status' in effect) {
      outgoing?.writeHead(effect.status, { 'content-type': 'application/json' }).end(JSON.stringify({ message: effect.message }));
      return false;
    }
    return true;
  };

  const passOn = async (effect: Effect | undefined, incoming: IncomingMessage, outgoing: ServerResponse) => {
    const changesBody = typeof effect === 'object' && 'body' in effect;
    const body = changesBody ? JSON.stringify(effect.body((await json(incoming)) as Record<string, unknown>)) : undefined;
    const headers = { ...incoming.headers, ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }) };
    const inner = request({ socketPath: upstream, method: incoming.method, path: incoming.url, headers }, async (answer) => {
      if (typeof effect === 'object' && 'answer' in effect) {
        const changed = JSON.stringify(effect.answer((await json(answer)) as Record<string, unknown>));
        outgoing.writeHead(answer.statusCode ?? 200, { 'content-type': 'application/json' }).end(changed);
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      outgoing.flushHeaders();
      answer.on('error', () => outgoing.destroy()).pipe(outgoing);
    });
    inner.on('error', () => incoming.socket.destroy());
    outgoing.on('close', () => inner.destroy());
    if (body === undefined) incoming.pipe(inner);
    else inner.end(body);
  };

  const server = createServer((incoming, outgoing) => {
    const effect = effectOn(incoming);
    suffers(effect, incoming, outgoing).then(
      (passes) => (passes ? passOn(effect, incoming, outgoing) : undefined),
      () => incoming.socket.destroy(),
    );
  });
  // What becomes a stream of its own: exec, attach, builds.
  server.on('upgrade', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => {});
    suffers(effectOn(incoming), incoming)
      .then((passes) => {
        if (!passes) return;
        const inner = connect(upstream, () => {
          const lines = incoming.rawHeaders.flatMap((name, index, all) => (index % 2 === 0 ? [`${name}: ${all[index + 1]}`] : []));
          inner.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
          inner.write(head);
          socket.pipe(inner).pipe(socket);
        });
        inner.on('error', () => socket.destroy());
        inner.on('close', () => socket.destroy());
        socket.on('close', () => inner.destroy());
      })
      .catch(() => socket.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    host: `unix://${path}`,
    hits,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
