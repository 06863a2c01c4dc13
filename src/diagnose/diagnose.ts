// From a log to the failure at its root.

import { CATALOGUE } from './catalogue.ts';
import { type Failure, RANKS, type Rank } from './failure.ts';
import { type CollectedLog, collect, type LogLine } from './lines.ts';
import { findHits, type Hit } from './match.ts';
import { fill } from './template.ts';

/** A failure with the values that were found in the log. */
export interface NamedFailure {
  readonly id: string;
  readonly stage: string;
  readonly rank: Rank;
  readonly cause: string;
  readonly remedy: string;
  readonly on: Readonly<Record<string, string>>;
  /** Section of the documentation. */
  readonly link: string;
  /** Where it shows, counted from 1, and how. */
  readonly line: number;
  readonly text: string;
}

export interface Diagnosis {
  /** The root; undefined where the log holds no failure that is known, or only that something failed and not why. */
  readonly root: NamedFailure | undefined;
  /** Other failures of their own, in the order of the log. */
  readonly others: readonly NamedFailure[];
  /** What followed from the root, says only that something failed, or may be a sign. */
  readonly along: readonly NamedFailure[];
  /** Without root: the lines that matter. With one: lines that nobody knows and that came before it. */
  readonly evidence: readonly { readonly number: number; readonly text: string }[];
}

/** Names what failed in a log. */
export function diagnose(log: CollectedLog, catalogue: readonly Failure[] = CATALOGUE): Diagnosis {
  const harmless = beforeSuccess(log.lines);
  const all = findHits(log, catalogue).filter(({ line, rank }) => rank === 'fine' || !harmless.has(line.number));
  const hits = distinct(byWeight(explained(all)));
  const known = new Set(all.map(({ line }) => line.number));
  const strangers = log.lines.filter((line) => !known.has(line.number) && !harmless.has(line.number) && complains(line));
  const [first] = hits;
  const facts = { criu: log.facts.criu, kernel: log.facts.kernel };
  const named = hits.map((hit) => name(hit, facts));
  if (first === undefined || !says(first.rank, strangers)) {
    return { root: undefined, others: [], along: named, evidence: matters(log, strangers) };
  }
  const before = first.rank === 'follow' ? strangers.filter((line) => line.criu === 'error' && line.number < first.line.number) : [];
  return {
    root: named[0],
    others: named.slice(1).filter(({ rank }) => rank === 'root'),
    along: named.slice(1).filter(({ rank }) => rank !== 'root' && rank !== 'fine'),
    evidence: before.slice(0, 3),
  };
}

/** As `diagnose`, for a text. */
export function diagnoseText(text: string): Diagnosis {
  return diagnose(collect(text));
}

export function linkOf(id: string): string {
  return `docs/failures.md#${id}`;
}

const SUCCESS = /Dumping finished successfully|Restore finished successfully|Tasks resumed\./;
const FAILURE = /Dumping FAILED|Restoring FAILED/;

/** The numbers of CRIU's errors and warnings before its word of success: they did no harm. */
function beforeSuccess(lines: readonly LogLine[]): ReadonlySet<number> {
  const ends = lines.filter(({ text }) => SUCCESS.test(text) || FAILURE.test(text));
  if (!ends.some(({ text }) => SUCCESS.test(text))) return new Set();
  const endOf = (line: LogLine) => ends.find(({ number }) => number > line.number)?.text ?? '';
  return new Set(lines.filter((line) => line.criu !== undefined && SUCCESS.test(endOf(line))).map(({ number }) => number));
}

/** Failures that another one of the log has brought about come after it; what belongs to a good run is left out. */
function explained(hits: readonly Hit[]): Hit[] {
  const by = (wanted: Rank) => new Set(hits.flatMap(({ entry, rank }) => (rank === wanted ? (entry.explains ?? []) : [])));
  const consequences = by('root');
  const good = by('fine');
  const criuSays = hits.some(({ entry, rank, line }) => rank === 'root' && line.criu !== undefined && !entry.yields);
  return hits
    .filter(({ entry, rank }) => !(good.has(entry.id) && (rank === 'umbrella' || rank === 'fine')))
    .map((hit) => {
      const second = consequences.has(hit.entry.id) || (hit.entry.yields === true && criuSays);
      return hit.rank === 'root' && second ? { ...hit, rank: 'follow' } : hit;
    });
}

/** Best rank first; within a rank what the log says first. */
function byWeight(hits: readonly Hit[]): Hit[] {
  return hits.toSorted((a, b) => RANKS.indexOf(a.rank) - RANKS.indexOf(b.rank) || a.line.number - b.line.number || a.index - b.index);
}

/** So many cases of one failure are named: other files, other ports. */
const CASES = 5;

/**
 * Each failure once, with the values of lines in a row that say the same; failures that are a root once for each set of values
 * (several open files are several things to close).
 */
function distinct(hits: readonly Hit[]): Hit[] {
  const cases = new Map<string, Hit[]>();
  for (const hit of hits) {
    const known = cases.get(hit.entry.id) ?? [];
    cases.set(hit.entry.id, known);
    const last = known.at(-1);
    if (last !== undefined && supplements(last, hit)) known[known.length - 1] = { ...last, values: { ...hit.values, ...last.values } };
    else if (last === undefined || (hit.rank === 'root' && known.length < CASES && known.every((one) => differs(one, hit))))
      known.push(hit);
  }
  return byWeight([...cases.values()].flat());
}

function supplements(known: Hit, hit: Hit): boolean {
  return hit.rank === known.rank && hit.line.number - known.line.number <= 2 && !Object.keys(hit.values).some((key) => key in known.values);
}

function differs(known: Hit, hit: Hit): boolean {
  return Object.entries(hit.values).some(([key, value]) => key !== 'pid' && key in known.values && known.values[key] !== value);
}

const COMPLAINS = /\b(?:errors?|exception|fatal|failed|failure|panic|cannot|can't|unable|denied|refused)\b|(?:Exception|Error)\b/i;

/** Whether a line tells of a failure, of CRIU's or any other. */
function complains({ text, criu }: LogLine): boolean {
  if (criu === 'warning' || FAILURE.test(text) || NOISE.test(text)) return false;
  return criu === 'error' || COMPLAINS.test(text);
}

/** Lines of which every log is full, or that repeat another. */
const NOISE =
  /RLIMIT_NOFILE|Unable to create tun|^(?:at|\.\.\. \d+ more)\b|\b0 (?:errors?|failures?|failed)\b|CR: Checkpoint|Starting checkpoint|^INFO\b|^\[INFO\]/i;

/** Whether a failure of this rank may be called the root. */
function says(rank: Rank, strangers: readonly LogLine[]): boolean {
  switch (rank) {
    case 'root':
    case 'follow':
    case 'doubtful':
      return true;
    case 'umbrella':
    case 'hint':
      return !strangers.some(({ criu }) => criu === 'error');
    case 'fine':
      return strangers.length === 0;
  }
}

const EVIDENCE = 12;

/** The lines to report: CRIU's errors, the first and the last complaints, or the end of the log. */
function matters(log: CollectedLog, strangers: readonly LogLine[]): Diagnosis['evidence'] {
  const criu = strangers.filter((line) => line.criu === 'error').slice(0, EVIDENCE / 2);
  const others = strangers.filter((line) => line.criu !== 'error');
  const chosen = [...criu, ...others.slice(0, 3), ...others.slice(-3)];
  const lines = chosen.length > 0 ? chosen : log.tail.slice(-EVIDENCE);
  const ended = log.lines.filter(({ text }) => FAILURE.test(text)).slice(-1);
  const unique = new Map([...lines, ...ended].map((line) => [line.number, line.text]));
  return [...unique].sort(([a], [b]) => a - b).map(([number, text]) => ({ number, text }));
}

function name({ entry, rank, line, values }: Hit, facts: Readonly<Record<string, string | undefined>>): NamedFailure {
  const all = { ...facts, ...values };
  return {
    id: entry.id,
    stage: entry.stage,
    rank,
    cause: fill(entry.cause, all),
    remedy: fill(entry.remedy, all),
    on: Object.fromEntries(Object.entries(entry.on ?? {}).map(([where, text]) => [where, fill(text, all)])),
    link: linkOf(entry.id),
    line: line.number,
    text: line.text,
  };
}
