// Servers on loopback that behave well or badly.

import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';

export interface Served {
  readonly port: number;
  /** Connections taken so far. */
  readonly connections: () => number;
  /** Connections that are open. */
  readonly open: () => number;
  readonly stop: () => Promise<void>;
}

/** Listens on a free port of 127.0.0.1 until the test ends. */
async function listen(t: ExecutionContext, server: Server): Promise<Served> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  t.teardown(stop);
  return { port: (server.address() as AddressInfo).port, connections: () => connections, open: () => sockets.size, stop };
}

export function serveHttp(t: ExecutionContext, listener: RequestListener): Promise<Served> {
  return listen(t, createHttpServer(listener));
}

export function serveTcp(t: ExecutionContext, onConnection: (socket: Socket) => void): Promise<Served> {
  return listen(t, createServer(onConnection));
}

/** A port where nobody listens. */
export async function freePort(t: ExecutionContext): Promise<number> {
  const served = await serveTcp(t, () => {});
  await served.stop();
  return served.port;
}
