// Which entries of the catalogue match which lines.

import { CATALOGUE } from './catalogue.ts';
import { type Failure, type Match, RANKS, type Rank } from './failure.ts';
import type { CollectedLog, LogLine } from './lines.ts';
import { mayMatch } from './literal.ts';

/** An entry that matches a line. */
export interface Hit {
  readonly entry: Failure;
  readonly rank: Rank;
  readonly line: LogLine;
  /** Where in the line. */
  readonly index: number;
  readonly values: Readonly<Record<string, string>>;
}

/** Longest text of a value that goes into a sentence, in characters. */
const VALUE_LIMIT = 160;

/** All hits in the order of the log; of several on one line the more specific ones. */
export function findHits(log: CollectedLog, catalogue: readonly Failure[] = CATALOGUE): Hit[] {
  const elsewhere = new Elsewhere(log);
  return log.lines.flatMap((line) => {
    const lower = line.text.toLowerCase();
    return mostSpecific(catalogue.flatMap((entry) => hit(entry, line, lower, elsewhere) ?? []));
  });
}

function hit(entry: Failure, line: LogLine, lower: string, elsewhere: Elsewhere): Hit | undefined {
  for (const match of entry.match) {
    const wanted: Match = match instanceof RegExp ? { line: match } : match;
    const found = mayMatch(wanted.line, lower) ? wanted.line.exec(line.text) : null;
    if (found === null || !elsewhere.allows(wanted)) continue;
    const rank = entry.rank ?? 'root';
    const onlyWarned = line.criu === 'warning' && !entry.warning && rank !== 'fine';
    return { entry, rank: onlyWarned ? 'hint' : rank, line, index: found.index, values: valuesOf(found) };
  }
  return undefined;
}

function valuesOf({ groups = {} }: RegExpExecArray): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).flatMap(([name, value]) => {
      const text = value?.replace(/^['"\s(]+|['"\s,;:\\]+$/g, '').slice(0, VALUE_LIMIT);
      return text ? [[name, text]] : [];
    }),
  );
}

/** What else a match asks of the log, looked up once for each pattern. */
class Elsewhere {
  readonly #log: CollectedLog;
  readonly #found = new Map<RegExp, boolean>();

  constructor(log: CollectedLog) {
    this.#log = log;
  }

  allows({ also, unless, exit }: Match): boolean {
    if (exit !== undefined && !this.#log.facts.exits.includes(exit)) return false;
    if (also !== undefined && !this.#has(also)) return false;
    return unless === undefined || !this.#has(unless);
  }

  #has(pattern: RegExp): boolean {
    let found = this.#found.get(pattern);
    if (found === undefined) {
      found = this.#log.lines.some(({ text }) => pattern.test(text));
      this.#found.set(pattern, found);
    }
    return found;
  }
}

/** Of the hits on one line those to which no other is preferred. */
export function mostSpecific(hits: readonly Hit[]): readonly Hit[] {
  return hits.length < 2 ? hits : hits.filter((one) => !hits.some((other) => isPreferred(other, one)));
}

function isPreferred(other: Hit, one: Hit): boolean {
  if (other.entry.id.startsWith(`${one.entry.id}-`)) return true;
  const better = RANKS.indexOf(one.rank) - RANKS.indexOf(other.rank);
  return one.entry.general === true && other.entry.general !== true && better >= 0;
}
