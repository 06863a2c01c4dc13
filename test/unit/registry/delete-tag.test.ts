import test from 'ava';
import type { Network } from '../../../src/ports.ts';
import { deleteTag } from '../../../src/registry/delete-tag.ts';

type Answer = Awaited<ReturnType<Network['fetch']>>;

const answer = (status: number, more: Partial<Answer> = {}): Answer => ({ status, challenge: '', body: '', ...more });

/** Deletes with these answers in turn; what was sent, with the Authorization header. */
async function deleted(reference: string, answers: readonly Answer[], login?: { username: string; secret: string }) {
  const sent: string[] = [];
  const left = await deleteTag(
    {
      fetch: async (method, address, headers) => {
        sent.push([method, address, headers.authorization].filter(Boolean).join(' '));
        return answers[sent.length - 1] ?? answer(500);
      },
      credentials: async () => login,
    },
    reference,
  );
  return { left, sent };
}

const LOGIN = { username: 'me', secret: 'it' };
const BASIC = `Basic ${Buffer.from('me:it').toString('base64')}`;

test('by tag, without TLS on loopback only', async (t) => {
  t.deepEqual(await deleted('127.0.0.1:5000/a/b:t', [answer(202)]), {
    left: undefined,
    sent: ['DELETE http://127.0.0.1:5000/v2/a/b/manifests/t'],
  });
  t.deepEqual((await deleted('r.example/b:t', [answer(202)])).sent, ['DELETE https://r.example/v2/b/manifests/t']);
  t.deepEqual((await deleted('b:t', [answer(202)])).sent, ['DELETE https://registry-1.docker.io/v2/library/b/manifests/t']);
});

test('a registry that does not let tags be removed', async (t) => {
  t.is((await deleted('r.example/b:t', [answer(405)])).left, 'the registry answers 405');
});

test('a challenge for Basic gets the login', async (t) => {
  const challenge = answer(401, { challenge: 'Basic realm="r"' });
  const { left, sent } = await deleted('r.example/b:t', [challenge, answer(202)], LOGIN);
  t.is(left, undefined);
  t.is(sent[1], `DELETE https://r.example/v2/b/manifests/t ${BASIC}`);
  t.is((await deleted('r.example/b:t', [challenge])).left, 'the registry asks for a login');
});

test('a challenge for a token fetches one', async (t) => {
  const challenge = answer(401, { challenge: 'Bearer realm="https://auth.example/token",service="r.example"' });
  const { left, sent } = await deleted('r.example/b:t', [challenge, answer(200, { body: '{"token":"abc"}' }), answer(202)], LOGIN);
  t.is(left, undefined);
  t.deepEqual(sent.slice(1), [
    `GET https://auth.example/token?service=r.example&scope=repository%3Ab%3Apull%2Cpush%2Cdelete ${BASIC}`,
    'DELETE https://r.example/v2/b/manifests/t Bearer abc',
  ]);
});

test('a login is not sent to an address without TLS', async (t) => {
  const challenge = answer(401, { challenge: 'Bearer realm="http://auth.example/token"' });
  const { left, sent } = await deleted('r.example/b:t', [challenge], LOGIN);
  t.is(left, 'the registry asks for a login');
  t.is(sent.length, 1);
});
