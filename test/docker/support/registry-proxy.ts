// A proxy before a registry on loopback, which does what networks and registries do on bad days.

import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Looks at a request; where it returns true, the request is dealt with and does not reach the registry. */
export type Fault = (incoming: IncomingMessage, answer: ServerResponse) => boolean;

export interface RegistryProxy {
  readonly address: string;
  /** What goes wrong from now on; nothing at first. */
  fault: Fault;
  /** Headers that are changed on their way back. */
  rewrite: (incoming: IncomingMessage, headers: Record<string, string | string[] | undefined>) => void;
  /** Method and path of every request. */
  readonly seen: string[];
  reset(): void;
  stop(): Promise<void>;
}

const nothing: Fault = () => false;

export async function startProxy(registry: string): Promise<RegistryProxy> {
  const [hostname, port] = registry.split(':');
  const server = createServer((incoming, answer) => {
    proxy.seen.push(`${incoming.method} ${incoming.url}`);
    if (proxy.fault(incoming, answer)) return;
    const { method, url: path, headers } = incoming;
    const outgoing = request({ hostname, port, method, path, headers }, (back) => {
      const changed = { ...back.headers };
      proxy.rewrite(incoming, changed);
      answer.writeHead(back.statusCode ?? 502, changed);
      back.pipe(answer);
    });
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: RegistryProxy = {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: nothing,
    rewrite: () => {},
    seen: [],
    reset: () => {
      proxy.fault = nothing;
      proxy.rewrite = () => {};
      proxy.seen.length = 0;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

/** Answers as registries refuse (OCI distribution specification, "Error codes"). */
export function refuse(status: 401 | 403, of: 'POST' | 'PUT' = 'POST'): Fault {
  return (incoming, answer) => {
    if (incoming.method !== of || (of === 'PUT' && !incoming.url?.includes('/manifests/'))) return false;
    const code = status === 401 ? 'UNAUTHORIZED' : 'DENIED';
    const headers = { 'content-type': 'application/json', ...(status === 401 ? { 'www-authenticate': 'Basic realm="registry"' } : {}) };
    answer.writeHead(status, headers).end(JSON.stringify({ errors: [{ code, message: 'requested access to the resource is denied' }] }));
    return true;
  };
}

/** Cuts the connection after the first bytes of an upload, as often as told. */
export function cutUploads(times: number): Fault {
  let left = times;
  return (incoming) => {
    if (incoming.method !== 'PATCH' || left === 0) return false;
    left--;
    incoming.once('data', () => incoming.socket.destroy());
    return true;
  };
}

/** Takes requests that match and never answers them. */
export function hang(pattern: RegExp): Fault {
  return (incoming) => pattern.test(`${incoming.method} ${incoming.url}`);
}

/** Cuts connections of requests that match before any answer. */
export function cut(pattern: RegExp): Fault {
  return (incoming) => {
    const hit = pattern.test(`${incoming.method} ${incoming.url}`);
    if (hit) incoming.socket.destroy();
    return hit;
  };
}

/** Serves these bytes as the manifest in place of what the registry has. */
export function answerManifest(
  pattern: RegExp,
  manifest: { readonly type: string; readonly body: string; readonly digest: string },
): Fault {
  return (incoming, answer) => {
    if (!pattern.test(`${incoming.method} ${incoming.url}`)) return false;
    const headers = {
      'content-type': manifest.type,
      'content-length': String(manifest.body.length),
      'docker-content-digest': manifest.digest,
    };
    answer.writeHead(200, headers).end(incoming.method === 'HEAD' ? undefined : manifest.body);
    return true;
  };
}
