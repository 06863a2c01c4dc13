import test from 'ava';
import type { Files } from '../../../src/ports.ts';
import { registryCredentials } from '../../../src/registry/credentials.ts';

async function credentials(config: unknown, registry = 'r.example', answer = '') {
  const asked: string[] = [];
  const found = await registryCredentials(
    {
      files: {
        exists: async () => config !== undefined,
        readText: async () => JSON.stringify(config),
      } as unknown as Files,
      run: async ({ file, input }) => {
        asked.push(`${file} ${new TextDecoder().decode(input)}`);
        return { exitCode: answer === '' ? 1 : 0, stdout: new TextEncoder().encode(answer), stderr: '', timedOut: false };
      },
    },
    '/docker',
    registry,
  );
  return { found, asked };
}

const auth = Buffer.from('me:a:b').toString('base64');

test('from the configuration file', async (t) => {
  t.deepEqual((await credentials({ auths: { 'r.example': { auth } } })).found, { username: 'me', secret: 'a:b' });
  t.is((await credentials({ auths: { 'other.example': { auth } } })).found, undefined);
  t.is((await credentials({})).found, undefined);
  t.is((await credentials(undefined)).found, undefined);
});

test('from a credential helper', async (t) => {
  const answer = JSON.stringify({ Username: 'me', Secret: 'it' });
  const { found, asked } = await credentials({ credHelpers: { 'r.example': 'pass' } }, 'r.example', answer);
  t.deepEqual(found, { username: 'me', secret: 'it' });
  t.deepEqual(asked, ['docker-credential-pass r.example']);
  t.is((await credentials({ credsStore: 'desktop' })).found, undefined);
  t.is((await credentials({ credsStore: 'x' }, 'r', JSON.stringify({ Username: '<token>', Secret: 'it' }))).found, undefined);
});
