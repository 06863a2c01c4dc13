import test from 'ava';
import { isTagReference } from '../../../src/image/reference.ts';

const good = [
  'app',
  'app:1',
  'app:1.0-crac',
  'app:LATEST_1',
  'team/app',
  'a/b/c/d:e',
  'registry.example.com/team/app:1.0-crac',
  'registry.example.com:5000/app',
  'Registry.Example.com/app',
  'localhost:5000/app:x',
  'localhost/app',
  '[::1]:5000/app:1',
  '127.0.0.1:5000/a',
  'a__b/c_d/e-f/g--h/i.j',
  `app:${'x'.repeat(128)}`,
  'a'.repeat(255),
  `${'a'.repeat(64)}:1`.replaceAll('a', 'z'),
];

const bad = [
  '',
  ' app',
  'app ',
  'App',
  'team/App:1',
  'app:',
  ':1',
  'app:1:2',
  'app:-x',
  'app:.x',
  'app:a b',
  'app/',
  '/app',
  'a//b',
  '-app',
  'app-',
  'a___b',
  'a..b',
  'a.-b',
  'app@sha256:0123',
  'app\n',
  'https://example.com/app',
  'app:ä',
  'app;rm',
  '$APP:1',
  `app:${'x'.repeat(129)}`,
  'a'.repeat(256),
  '0123456789abcdef'.repeat(4),
  `${'0123456789abcdef'.repeat(4)}:1`,
];

for (const text of good) {
  test(`a tag: ${text.slice(0, 60)} (${text.length})`, (t) => {
    t.true(isTagReference(text));
  });
}

for (const text of bad) {
  test(`no tag: ${JSON.stringify(text.slice(0, 80))} (${text.length})`, (t) => {
    t.false(isTagReference(text));
  });
}

test('a long text is judged in no time', (t) => {
  const started = performance.now();
  for (const text of [`${'a-'.repeat(50_000)}`, `${'a.'.repeat(127)}!`, `${'a'.repeat(380)}!`, `${'a1'.repeat(190)}/`])
    t.false(isTagReference(text));
  t.true(performance.now() - started < 500);
});
