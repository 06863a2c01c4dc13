// Removing a tag in a registry, which docker has no command for: DELETE /v2/NAME/manifests/TAG of the OCI distribution specification
// (github.com/opencontainers/distribution-spec, "Deleting tags"). It is never done by digest, for that would remove every tag of the image.

import { splitReference } from '../image/reference.ts';
import type { Network } from '../ports.ts';
import type { RegistryCredentials } from './credentials.ts';

export interface RegistryAccess {
  readonly fetch: Network['fetch'];
  readonly credentials: (registry: string) => Promise<RegistryCredentials | undefined>;
}

/** Docker speaks HTTP without TLS only to registries on loopback, unless it is configured otherwise. */
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/;

/** Removes a tag; undefined when it is gone, else why it is not. Registries may refuse: distribution before 3, GHCR and Docker Hub do. */
export async function deleteTag(access: RegistryAccess, reference: string): Promise<string | undefined> {
  const { registry, path, tag } = splitReference(reference);
  const address = `${LOOPBACK.test(registry) ? 'http' : 'https'}://${registry}/v2/${path}/manifests/${tag}`;
  try {
    let answer = await access.fetch('DELETE', address, {});
    if (answer.status === 401) {
      const authorization = await authorize(access, answer.challenge, registry, path);
      if (authorization === undefined) return 'the registry asks for a login';
      answer = await access.fetch('DELETE', address, { authorization });
    }
    return answer.status === 202 || answer.status === 404 ? undefined : `the registry answers ${answer.status}`;
  } catch (error) {
    return `the registry does not answer: ${(error as Error).message}`;
  }
}

/** The Authorization header that a challenge asks for (distribution.github.io/distribution/spec/auth/token). */
async function authorize(access: RegistryAccess, challenge: string, registry: string, path: string): Promise<string | undefined> {
  const login = await access.credentials(registry);
  const basic = login && `Basic ${Buffer.from(`${login.username}:${login.secret}`).toString('base64')}`;
  if (/^basic\b/i.test(challenge)) return basic;
  const parameter = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1];
  const realm = parameter('realm');
  // A login goes nowhere without TLS.
  if (realm === undefined || !realm.startsWith('https://')) return undefined;
  const address = new URL(realm);
  address.searchParams.set('service', parameter('service') ?? '');
  address.searchParams.set('scope', `repository:${path}:pull,push,delete`);
  const { status, body } = await access.fetch('GET', address.href, basic === undefined ? {} : { authorization: basic });
  if (status !== 200) return undefined;
  const answer = JSON.parse(body) as { token?: unknown; access_token?: unknown };
  const token = answer.token ?? answer.access_token;
  return typeof token === 'string' ? `Bearer ${token}` : undefined;
}
