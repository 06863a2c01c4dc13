import test from 'ava';
import { BakeError } from '../../../src/errors.ts';
import { parseHttpFile } from '../../../src/warmup/http-file.ts';

const parse = (text: string, headers = {}) => parseHttpFile(text, 'r.http', headers);

const understood: readonly [title: string, text: string, expected: object[]][] = [
  ['a request line', 'GET /a?b=c\n', [{ method: 'GET', path: '/a?b=c', headers: {} }]],
  ['a URL alone', 'http://localhost:8080/a\n', [{ method: 'GET', path: '/a', headers: {} }]],
  ['a URL without a path', 'GET https://example.org\n', [{ method: 'GET', path: '/', headers: {} }]],
  ['a host without a scheme', 'GET localhost:8080/a\n', [{ method: 'GET', path: '/a', headers: {} }]],
  ['a query without a path', 'GET http://x?a=1\n', [{ method: 'GET', path: '/?a=1', headers: {} }]],
  ['an HTTP version', 'POST /a HTTP/1.1\n', [{ method: 'POST', path: '/a', headers: {} }]],
  [
    'headers and a body',
    'POST /orders\nX-A: 1\nContent-Type: text/plain\n\nfirst\n\nsecond\n',
    [{ method: 'POST', path: '/orders', headers: { 'x-a': '1', 'content-type': 'text/plain' }, body: 'first\n\nsecond' }],
  ],
  [
    'a JSON body without a content type',
    'POST /orders\n\n{"a": 1}\n',
    [{ method: 'POST', path: '/orders', headers: { 'content-type': 'application/json' }, body: '{"a": 1}' }],
  ],
  [
    'several requests with names and comments',
    '### first\n# @name one\n// comment\nGET /a\n# comment\nX-A: 1\n\n### second\n\nGET /b\n###\n',
    [
      { method: 'GET', path: '/a', headers: { 'x-a': '1' } },
      { method: 'GET', path: '/b', headers: {} },
    ],
  ],
  [
    'variables, one in the other, and an address from elsewhere',
    '@id = 7\n@path=/items/{{id}}\nGET {{host}}{{path}}\nX-Id: {{ id }}\n\n{"id": {{id}}}\n',
    [{ method: 'GET', path: '/items/7', headers: { 'x-id': '7', 'content-type': 'application/json' }, body: '{"id": 7}' }],
  ],
  ['an address in a variable', '@base = http://localhost:9000/api\nGET {{base}}/a\n', [{ method: 'GET', path: '/api/a', headers: {} }]],
  ['an address from elsewhere', 'GET {{host}}/a\n', [{ method: 'GET', path: '/a', headers: {} }]],
  ['a query in lines of its own', 'GET /a\n    ?b=1\n    &c=2\nX-A: 1\n', [{ method: 'GET', path: '/a?b=1&c=2', headers: { 'x-a': '1' } }]],
  [
    'scripts that look at the answer',
    'GET /a\n\n> {%\n  client.test("x", () => {});\n%}\n\n###\nPOST /b\n\n{}\n\n> check.js\n<> last.json\n',
    [
      { method: 'GET', path: '/a', headers: {} },
      { method: 'POST', path: '/b', headers: { 'content-type': 'application/json' }, body: '{}' },
    ],
  ],
  ['Windows line ends', 'GET /a\r\nX-A: 1\r\n\r\n', [{ method: 'GET', path: '/a', headers: { 'x-a': '1' } }]],
];

for (const [title, text, expected] of understood) {
  test(`an .http file: ${title}`, (t) => {
    t.deepEqual(parse(text) as object[], expected);
  });
}

test('headers of all requests are sent where a request’s own do not say otherwise', (t) => {
  t.deepEqual(parse('GET /a\nX-A: mine\n', { 'x-a': 'all', 'x-b': 'all' })[0]?.headers, { 'x-a': 'mine', 'x-b': 'all' });
});

const refused: readonly [title: string, text: string, message: RegExp][] = [
  ['no request', '# nothing\n', /^r\.http holds no request$/],
  ['an unknown method', 'GET /a\n###\nFETCH /b\n', /^r\.http:3: the methods are GET, .+, not "FETCH"$/],
  ['no URL', 'GET a b\n', /^r\.http:1: a request is \[METHOD\] URL/],
  ['a header that is none', 'GET /a\nsecret\n', /^r\.http:2: a header is NAME: VALUE; an empty line begins the body$/],
  ['a header of the connection', 'GET /a\nContent-Length: 3\n', /^r\.http:2: Content-Length cannot be set/],
  ['a variable that is not set', 'GET /a/{{id}}\n', /^r\.http:1: \{\{id\}\} is not set in this file; add a line @id = VALUE$/],
  ['a value that the editor makes up', 'POST /a\n\n{"id": "{{$uuid}}"}\n', /^r\.http:3: \{\{\$uuid\}\} is made up by the editor/],
  ['variables in a circle', '@a = {{b}}\n@b = {{a}}\nGET /{{a}}\n', /leads back to itself$/],
  ['a body from a file', 'POST /a\n\n< ./body.json\n', /^r\.http:3: bodies from files and scripts before a request are not supported$/],
];

for (const [title, text, message] of refused) {
  test(`an .http file is refused: ${title}`, (t) => {
    const error = t.throws(() => parse(text), { instanceOf: BakeError });
    t.is(error?.code, 'usage');
    t.regex(error?.message ?? '', message);
  });
}
