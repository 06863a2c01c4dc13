import test from 'ava';
import { CATALOGUE } from '../../../src/diagnose/catalogue.ts';
import { diagnoseText } from '../../../src/diagnose/diagnose.ts';
import type { Failure, Match } from '../../../src/diagnose/failure.ts';
import { collect, LINE_LIMIT } from '../../../src/diagnose/lines.ts';
import { findHits } from '../../../src/diagnose/match.ts';
import { placeholders } from '../../../src/diagnose/template.ts';
import { ALL_SAMPLES, transcript, transcriptNames } from './fixtures.ts';

const patterns = ({ match }: Failure): Match[] => match.map((each) => (each instanceof RegExp ? { line: each } : each));
const groups = ({ line }: Match) => new Set([...line.source.matchAll(/\(\?<(\w+)>/g)].map(([, name]) => name));

test('ids are unique and in kebab case', (t) => {
  const ids = CATALOGUE.map(({ id }) => id);
  t.is(new Set(ids).size, ids.length);
  for (const id of ids) t.regex(id, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
});

test('texts are sentences of their own', (t) => {
  for (const { id, cause, remedy, source } of CATALOGUE) {
    t.regex(cause, /[.}]$/, id);
    t.true(remedy.length > 10 && source.length > 3, id);
  }
});

test('placeholders name values that a pattern finds', (t) => {
  for (const entry of CATALOGUE) {
    const found = new Set([...patterns(entry).flatMap((match) => [...groups(match)]), 'criu', 'kernel']);
    const texts = [entry.cause, entry.remedy, ...Object.values(entry.on ?? {})];
    for (const { name } of texts.flatMap(placeholders)) t.true(found.has(name), `${entry.id}: {${name}}`);
  }
});

test('no text of a diagnosis has a placeholder left, or a gap where a value is missing', (t) => {
  for (const { id, log } of [...ALL_SAMPLES, ...transcriptNames().map((name) => ({ id: name, log: transcript(name) }))]) {
    const { root, others, along } = diagnoseText(log);
    for (const named of [root, ...others, ...along]) {
      if (named === undefined) continue;
      for (const text of [named.cause, named.remedy, ...Object.values(named.on)]) {
        t.notRegex(text, /\{\w+(?:\|[^}]*)?\}/, id);
        t.notRegex(text, /\(\)|\s[,.;](?![\w/])|: ?\.(?!\w)| {2}/, `${id}: ${named.id}: ${text}`);
      }
    }
  }
});

test('what a failure explains is in the catalogue', (t) => {
  const ids = new Set(CATALOGUE.map(({ id }) => id));
  for (const { id, explains = [] } of CATALOGUE) for (const other of explains) t.true(ids.has(other), `${id} explains ${other}`);
});

test('every entry is the answer to a sample', (t) => {
  const answers = new Set(ALL_SAMPLES.map(({ log }) => diagnoseText(log).root?.id));
  t.deepEqual(
    CATALOGUE.filter(({ id }) => !answers.has(id)).map(({ id }) => id),
    [],
  );
});

test('no two entries want the same line', (t) => {
  for (const { log } of ALL_SAMPLES) {
    const lines = new Map<number, string[]>();
    for (const { entry, rank, line } of findHits(collect(log))) {
      if (rank === 'root') lines.set(line.number, [...(lines.get(line.number) ?? []), entry.id]);
    }
    for (const ids of lines.values()) t.is(ids.length, 1, `${ids.join(', ')}: ${log}`);
  }
});

// Texts that make a pattern with nested or adjacent repetitions take its time: long runs of what its parts begin with.
const EVIL = [
  'a'.repeat(LINE_LIMIT),
  '/a'.repeat(LINE_LIMIT / 2),
  ': '.repeat(LINE_LIMIT / 2),
  '"'.repeat(LINE_LIMIT),
  'error '.repeat(LINE_LIMIT / 6),
  "Can't open ".repeat(LINE_LIMIT / 11),
  'CheckpointOpenSocketException: '.repeat(LINE_LIMIT / 31),
  'exit code '.repeat(LINE_LIMIT / 10),
  'exec: "'.repeat(LINE_LIMIT / 7),
  'fsnotify: cg: tty: unix: '.repeat(LINE_LIMIT / 25),
  '1'.repeat(LINE_LIMIT),
  'x.y.Z.'.repeat(LINE_LIMIT / 6),
];

test('no pattern takes long on any line', (t) => {
  for (const entry of CATALOGUE) {
    const started = performance.now();
    for (const { line, also, unless } of patterns(entry)) {
      for (const text of EVIL) for (const pattern of [line, also, unless]) pattern?.exec(text);
    }
    // A linear pattern takes a few ms for all of them, an exponential one never ends, a quadratic one seconds.
    t.true(performance.now() - started < 2000, entry.id);
  }
});

test('a log of a hundred thousand lines of complaints is diagnosed in seconds', (t) => {
  const started = performance.now();
  const text = `${'ERROR something failed: Exception in handler, cannot continue\n'.repeat(100_000)}Error (criu/cr-dump.c:1): Dumping FAILED.`;
  t.is(diagnoseText(text).root?.id, 'criu-dump-failed');
  t.true(performance.now() - started < 15_000);
});
