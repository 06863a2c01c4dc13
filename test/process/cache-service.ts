// The service behind @actions/cache 6, as far as the library needs it: three calls over Twirp, and blobs (results service v2 of GitHub's runners).

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Keeps what is stored in memory. `refuses`: answers every call as for a token that may not. */
export async function startCacheService({ refuses = false } = {}) {
  const blobs = new Map<string, Buffer>();
  const blocks = new Map<string, Buffer>();
  let asked = 0;
  const answer = async (request: IncomingMessage): Promise<[status: number, body: object | Buffer]> => {
    asked += 1;
    const url = new URL(request.url ?? '', 'http://localhost');
    const body = await buffer(request);
    if (refuses) return [403, { code: 'permission_denied', msg: 'refused' }];
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    if (url.pathname.startsWith('/blob/')) {
      const name = url.pathname;
      if (request.method === 'GET') return [200, blobs.get(name) ?? Buffer.alloc(0)];
      const part = url.searchParams.get('comp');
      if (part === 'block') blocks.set(url.searchParams.get('blockid') ?? '', body);
      else if (part === 'blocklist') {
        const ids = [...body.toString().matchAll(/<Latest>([^<]+)</g)].map(([, id = '']) => id);
        blobs.set(name, Buffer.concat(ids.map((id) => blocks.get(id) ?? Buffer.alloc(0))));
      } else blobs.set(name, body);
      return [201, Buffer.alloc(0)];
    }
    const { key, version } = JSON.parse(body.toString() || '{}') as { key: string; version: string };
    const name = `/blob/${key}-${version}`;
    if (url.pathname.endsWith('/CreateCacheEntry')) return [200, { ok: true, signed_upload_url: address + name }];
    if (url.pathname.endsWith('/FinalizeCacheEntryUpload')) return [200, { ok: true, entry_id: '1' }];
    const found = blobs.has(name);
    return [200, { ok: found, signed_download_url: found ? address + name : '', matched_key: found ? key : '' }];
  };
  const server = createServer((request, response) => {
    void answer(request).then(([status, body]) => {
      const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
      const type = Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json';
      response.writeHead(status, { 'content-type': type, 'content-length': bytes.length }).end(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    /** For the action. */
    env: {
      ACTIONS_CACHE_SERVICE_V2: 'true',
      ACTIONS_RESULTS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      // The library reads the scopes of the token's payload nowhere, but it must be there.
      ACTIONS_RUNTIME_TOKEN: 'token',
    },
    get stored() {
      return [...blobs.keys()];
    },
    get asked() {
      return asked;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
