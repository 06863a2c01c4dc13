import test from 'ava';
import { isWorthRetrying, pulledDigest, pushedDigest, transferError } from '../../../src/registry/push-output.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

test('the digest of a push and of a pull', (t) => {
  t.is(pushedDigest(`The push refers to repository [r/app]\n5f70bf18a086: Pushed\n1.0: digest: ${DIGEST} size: 1570\n`), DIGEST);
  t.is(pulledDigest(`1.0: Pulling from app\nDigest: ${DIGEST}\nStatus: Image is up to date for r/app:1.0\n`), DIGEST);
  t.is(pushedDigest('nothing'), undefined);
  t.is(pulledDigest('nothing'), undefined);
});

const said: readonly (readonly [string, string, boolean])[] = [
  ['denied: requested access to the resource is denied', 'push-denied', false],
  ['unauthorized: authentication required', 'push-denied', false],
  ['no basic auth credentials', 'push-denied', false],
  ['error parsing HTTP 403 response body: no error details found', 'push-denied', false],
  ['denied: permission_denied: write_package', 'push-denied', false],
  ['unexpected status from POST request to http://r/v2/app/blobs/uploads/: 401 Unauthorized', 'push-denied', false],
  ['write tcp 127.0.0.1:1->127.0.0.1:2: write: connection reset by peer', 'push-failed', true],
  ['received unexpected HTTP status: 503 Service Unavailable', 'push-failed', true],
  ['Get "https://r/v2/": net/http: TLS handshake timeout', 'push-timeout', true],
  [`manifest verification failed for digest ${DIGEST}`, 'digest-mismatch', false],
  [`failed commit on ref "manifest-${DIGEST}": got digest sha256:${'b'.repeat(64)}, expected ${DIGEST}`, 'digest-mismatch', false],
];

for (const [text, code, again] of said) {
  test(`"${text.slice(0, 60)}" is ${code}`, (t) => {
    const error = transferError(text, false);
    t.is(error, code as typeof error);
    t.is(isWorthRetrying(error), again);
  });
}

test('no end in time is a timeout, whatever was said', (t) => t.is(transferError('denied', true), 'push-timeout'));
