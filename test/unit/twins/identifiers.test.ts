import test from 'ava';
import { identifiersOf, sharedBy, type TwinAnswer } from '../../../src/twins/identifiers.ts';

const NOW = Date.UTC(2026, 0, 2);

const answers: readonly [what: string, answer: Partial<TwinAnswer>, expected: Record<string, string>][] = [
  [
    'a session’s cookie',
    { headers: { 'set-cookie': 'JSESSIONID=0123456789ABCDEF0123456789ABCDEF; Path=/; HttpOnly\nlang=en' } },
    { 'cookie JSESSIONID': '0123456789ABCDEF0123456789ABCDEF' },
  ],
  [
    'a request’s id in a header',
    { headers: { 'x-request-id': '6f1c2d3e-0000-4000-8000-0123456789ab' } },
    { 'header x-request-id': '6f1c2d3e-0000-4000-8000-0123456789ab' },
  ],
  [
    'values of a JSON body, at their paths',
    { body: '{"id":"-1234567890123456789","list":[{"token":"aB3dE6gH9jK2mN5p"}],"name":"an ordinary name","count":12}' },
    { '$.id': '-1234567890123456789', '$.list[0].token': 'aB3dE6gH9jK2mN5p' },
  ],
  ['a random fraction', { body: '{"x":0.1234567890123}' }, { '$.x': '0.1234567890123' }],
  ['a text', { body: 'your order number is 123456789012345678\n' }, { 'after "order number is"': '123456789012345678' }],
  ['nothing but a token', { body: '0123456789ABCDEF0123456789ABCDEF\n' }, { 'the body': '0123456789ABCDEF0123456789ABCDEF' }],
  [
    'times, words, dates, small numbers',
    { headers: { date: 'Fri, 02 Jan 2026 00:00:00 GMT' }, body: `{"at":${NOW},"us":"${NOW}123","a":"incomprehensibilities","n":12345678}` },
    {},
  ],
  ['HTML', { body: '<html><body class="container-fluid-wrapper">hello</body></html>' }, {}],
];

for (const [what, answer, expected] of answers) {
  test(`identifiers: ${what}`, (t) => {
    t.deepEqual(Object.fromEntries(identifiersOf({ headers: {}, body: '', ...answer }, NOW)), expected);
  });
}

const map = (values: Record<string, string>) => new Map(Object.entries(values));

test('shared is what both restores made anew and alike; constants of the image and what differs are not', (t) => {
  const first = [map({ same: '1', other: '2', constant: '3', once: '9' }), map({ same: '1', other: '4', constant: '3' })] as const;
  const second = [map({ same: '5', other: '6', constant: '3' }), map({ same: '7', other: '8', constant: '3' })] as const;
  t.deepEqual(sharedBy(first, second), { compared: ['same', 'other'], shared: ['same'] });
});

test('a cookie that is set once only is compared as well', (t) => {
  t.deepEqual(sharedBy([map({ c: '1' }), map({ c: '1' })], [map({}), map({})]), { compared: ['c'], shared: ['c'] });
});
