import test from 'ava';
import { BakeError } from '../../../src/errors.ts';
import { defaultRequests, parseHeaders, parseRequests, type WarmupRequest } from '../../../src/warmup/requests.ts';

const json = { 'content-type': 'application/json' };

const lines: readonly [line: string, request: WarmupRequest][] = [
  ['/', { method: 'GET', path: '/', headers: {} }],
  ['/a?b=c&d=%20', { method: 'GET', path: '/a?b=c&d=%20', headers: {} }],
  ['GET /a', { method: 'GET', path: '/a', headers: {} }],
  ['delete   /a/1 ', { method: 'DELETE', path: '/a/1', headers: {} }],
  ['POST /a', { method: 'POST', path: '/a', headers: {} }],
  ['POST /a name=x y', { method: 'POST', path: '/a', headers: {}, body: 'name=x y' }],
  ['POST /a {"name": "x"}', { method: 'POST', path: '/a', headers: json, body: '{"name": "x"}' }],
  ['PUT /a [1, 2]', { method: 'PUT', path: '/a', headers: json, body: '[1, 2]' }],
  ['PUT /a 12', { method: 'PUT', path: '/a', headers: {}, body: '12' }],
  ['PUT /a {broken', { method: 'PUT', path: '/a', headers: {}, body: '{broken' }],
];

for (const [line, request] of lines) {
  test(`the request "${line}" is understood`, (t) => {
    t.deepEqual(parseRequests([line], {}), [request]);
  });
}

test('headers are those of every request, and their content type wins', (t) => {
  const headers = { 'x-a': '1', 'content-type': 'application/vnd.a+json' };
  t.deepEqual(parseRequests(['/a', 'POST /b {}'], headers), [
    { method: 'GET', path: '/a', headers },
    { method: 'POST', path: '/b', headers, body: '{}' },
  ]);
});

const badLines: readonly [line: string, message: RegExp][] = [
  ['', /^--warmup-requests takes "\[METHOD\] PATH \[BODY\]" with a path that begins with \/, not ""$/],
  ['health', /not "health"$/],
  ['GET', /not "GET"$/],
  ['GET http://localhost/a', /not "GET http:\/\/localhost\/a"$/],
  ['CONNECT /a', /knows the methods GET, .*, not "CONNECT"$/],
  ['FETCH /a', /not "FETCH"$/],
];

for (const [line, message] of badLines) {
  test(`the request "${line}" is refused`, (t) => {
    const error = t.throws(() => parseRequests(['/fine', line], {}), { instanceOf: BakeError, message });
    t.like(error, { code: 'usage', step: 'options', exitCode: 2 });
  });
}

test('headers are read with their names in lower case', (t) => {
  t.deepEqual(parseHeaders(['Accept: application/json', 'X-Empty:', 'Authorization:Bearer a:b ']), {
    accept: 'application/json',
    'x-empty': '',
    authorization: 'Bearer a:b',
  });
  t.deepEqual(parseHeaders([]), {});
});

const badHeaders: readonly [lines: readonly string[], message: string][] = [
  [['X-A: 1', 'secret'], '--warmup-headers takes "NAME: VALUE"; header 2 is not of this form'],
  [['X A: secret'], '--warmup-headers takes "NAME: VALUE"; header 1 is not of this form'],
  [[': secret'], '--warmup-headers takes "NAME: VALUE"; header 1 is not of this form'],
  [['Content-Length: 5'], '--warmup-headers cannot set Content-Length: it follows from the request and the connection'],
  [['X-A: secret', 'x-a: secret'], '--warmup-headers has x-a twice; give one header with all its values'],
  [['X-A: secret\u20ac'], '--warmup-headers has a character in the value of X-A that no HTTP header can carry'],
  [['X-A: secret\r\nX-B: 1'], '--warmup-headers has a character in the value of X-A that no HTTP header can carry'],
];

for (const [given, message] of badHeaders) {
  test(`headers beginning with "${given[0]}" are refused: ${message}`, (t) => {
    t.like(
      t.throws(() => parseHeaders(given), { instanceOf: BakeError, message }),
      { code: 'usage', step: 'options' },
    );
  });
}

test('without requests the path of the HTTP probe is asked, and nothing where the probe is not HTTP', (t) => {
  const headers = { 'x-a': '1' };
  const status = { from: 200, to: 399 };
  t.deepEqual(defaultRequests({ kind: 'http', port: 80, path: '/health', status }, headers), [{ method: 'GET', path: '/health', headers }]);
  t.deepEqual(defaultRequests({ kind: 'any', port: 80 }, headers), []);
  t.deepEqual(defaultRequests({ kind: 'tcp', port: 80 }, headers), []);
  t.deepEqual(defaultRequests({ kind: 'log', pattern: 'x' }, headers), []);
});
