import test from 'ava';
import { printable } from '../../../src/report/printable.ts';

const texts: readonly [title: string, text: string, expected: string][] = [
  ['colours', '\x1b[31;1mred\x1b[0m', 'red'],
  ['cursor and screen', 'a\x1b[2J\x1b[1;1H\x1b[?25lb', 'ab'],
  ['a window title', '\x1b]0;owned\x07text', 'text'],
  ['a link', '\x1b]8;;http://x\x1b\\here\x1b]8;;\x1b\\', 'here'],
  ['an 8-bit sequence', '\x9b31mred', 'red'],
  ['an escape alone', 'a\x1bcb', 'a cb'],
  ['a carriage return', 'progress 1\rprogress 2', 'progress 1 progress 2'],
  ['a bell, a backspace, a null', 'a\x07b\x08c\x00d\x7fe', 'a b c d e'],
  ['other C1 controls', 'a\x85b\x90c', 'a b c'],
  ['tabs and line breaks', 'a\tb\nc', 'a\tb\nc'],
  ['a workflow command', 'a\n ::error::x::y', 'a\n : :error::x::y'],
  ['an old workflow command', 'a ##[error]x', 'a # #[error]x'],
  ['letters of any script', 'äß✓日本', 'äß✓日本'],
];

for (const [title, text, expected] of texts) {
  test(`printable text: ${title}`, (t) => {
    t.is(printable(text), expected);
  });
}
