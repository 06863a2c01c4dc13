// From an option's text to its value, by the type that the option table names. Every refusal says which option, what it got and what it takes.

import { BakeError } from '../errors.ts';
import { OPTIONS, type OptionEntry, type OptionName } from './options.ts';
import { parsePolicies, type ResourcePolicy } from './resource-policies.ts';

interface ValueOf {
  string: string;
  boolean: boolean;
  integer: number;
  percent: number;
  duration: number;
  list: readonly string[];
  pairs: Readonly<Record<string, string>>;
  choice: string;
  policies: readonly ResourcePolicy[];
}

type Entry<N extends OptionName> = (typeof OPTIONS)[N];
type Choice<N extends OptionName> = Entry<N> extends { choices: readonly (infer C)[] } ? C : never;
type Plain<N extends OptionName> = Entry<N>['type'] extends 'choice' ? Choice<N> : ValueOf[Entry<N>['type']];
type Always<N extends OptionName> =
  Entry<N> extends { default: string } | { type: 'boolean' | 'list' | 'pairs' | 'policies' } ? Plain<N> : Plain<N> | undefined;

/** The value of each option. Durations in milliseconds, percentages between 0 and 1; lists and pairs are empty when not given. */
export type OptionValues = { readonly [N in OptionName]: Always<N> };

/** Items that are taken as they are, line breaks and blanks included. */
export interface Items {
  readonly items: readonly string[];
}

/** What a front end has for an option: a text, several of them, each of one or more lines, a switch, or exact items. */
export type RawValue = string | readonly string[] | boolean | Items;

/** All options from what was given; what is absent takes the table's default. `environment` serves pairs given as a name alone. Throws `usage`. */
export function parseOptions(
  given: Readonly<Partial<Record<OptionName, RawValue>>>,
  environment: Readonly<Record<string, string | undefined>> = {},
): OptionValues {
  const values = Object.entries(OPTIONS as Record<string, OptionEntry>).map(([name, entry]) => {
    const raw = given[name as OptionName] ?? entry.default;
    return [name, raw === undefined ? emptyOf(entry) : parse(name, entry, raw, environment)];
  });
  return Object.fromEntries(values) as OptionValues;
}

function emptyOf(entry: OptionEntry): unknown {
  if (entry.type === 'list' || entry.type === 'policies') return [];
  if (entry.type === 'pairs') return {};
  return entry.type === 'boolean' ? false : undefined;
}

function parse(name: string, entry: OptionEntry, raw: RawValue, environment: Readonly<Record<string, string | undefined>>): unknown {
  if (entry.type === 'list') return lines(raw);
  if (entry.type === 'pairs') return Object.fromEntries(lines(raw).map((line) => pair(name, line, environment)));
  if (entry.type === 'policies') return policies(name, raw);
  if (entry.type === 'boolean') return typeof raw === 'boolean' ? raw : boolean(name, String(raw));
  const text = typeof raw === 'string' ? raw.trim() : Array.isArray(raw) ? String(raw.at(-1) ?? '').trim() : '';
  if (text === '') throw refuse(name, text, 'a value');
  switch (entry.type) {
    case 'integer':
      return integer(name, text, entry.min ?? 0, entry.max ?? Number.MAX_SAFE_INTEGER);
    case 'percent':
      return percent(name, text);
    case 'duration':
      return duration(name, text);
    case 'choice':
      return choice(name, text, entry.choices ?? []);
    default:
      return text;
  }
}

function refuse(name: string, text: string, takes: string): BakeError {
  return new BakeError('usage', 'options', `--${name} takes ${takes}, not "${text}"`);
}

function lines(raw: RawValue): readonly string[] {
  if (typeof raw === 'object' && 'items' in raw) return raw.items;
  const texts = typeof raw === 'string' ? [raw] : Array.isArray(raw) ? (raw as readonly string[]) : [];
  return texts
    .flatMap((text) => text.split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function pair(name: string, line: string, environment: Readonly<Record<string, string | undefined>>): [string, string] {
  const [, key, value] = /^([^=\s]+)(?:=([\s\S]*))?$/.exec(line) ?? [];
  if (key === undefined) throw refuse(name, line, 'NAME=VALUE');
  if (value !== undefined) return [key, value];
  const inherited = name === 'env' ? environment[key] : undefined;
  if (inherited === undefined)
    throw refuse(name, line, name === 'env' ? 'NAME=VALUE, or the name of a variable that is set' : 'NAME=VALUE');
  return [key, inherited];
}

function policies(name: string, raw: RawValue): readonly ResourcePolicy[] {
  const texts = typeof raw === 'object' && 'items' in raw ? raw.items : typeof raw === 'string' ? [raw] : Array.isArray(raw) ? raw : [];
  const read = parsePolicies(texts.join('\n---\n'));
  if ('problem' in read) throw new BakeError('usage', 'options', `--${name}, line ${read.line}: ${read.problem}`);
  return read;
}

function boolean(name: string, text: string): boolean {
  if (/^(true|yes|1)$/i.test(text)) return true;
  if (/^(false|no|0)$/i.test(text)) return false;
  throw refuse(name, text, 'true or false');
}

function integer(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    const upTo = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw refuse(name, text, `a whole number ${upTo}`);
  }
  return value;
}

function percent(name: string, text: string): number {
  const [, number] = /^(\d+(?:\.\d+)?)%?$/.exec(text) ?? [];
  const value = Number(number) / 100;
  if (number === undefined || value > 1) throw refuse(name, text, 'a percentage from 0% to 100%');
  return value;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function duration(name: string, text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  if (number === undefined) throw refuse(name, text, 'a time such as 500ms, 30s or 2m');
  return Math.round(Number(number) * (UNITS[unit ?? 's'] ?? 1000));
}

function choice(name: string, text: string, choices: readonly string[]): string {
  if (!choices.includes(text)) throw refuse(name, text, `one of ${choices.join(', ')}`);
  return text;
}
