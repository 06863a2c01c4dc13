// The config file's text as raw values of options, each with its place. Whatever is not understood is refused with line and column.

import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { BakeError } from '../errors.ts';
import { nearest } from './near.ts';
import { OPTIONS, type OptionEntry, type OptionName } from './options.ts';
import { type PolicyField, readPolicy, renderPolicies } from './resource-policies.ts';
import type { RawValue } from './values.ts';

/** One key of the file. */
export interface FileSetting {
  readonly raw: RawValue;
  /** `crac-bake.yml:3:1`. */
  readonly place: string;
}

/** More than this is no list of options. */
const LARGEST = 1024 * 1024;

const table: Readonly<Record<string, OptionEntry>> = OPTIONS;
const keys = (Object.keys(OPTIONS) as OptionName[]).filter((name) => table[name]?.flagOnly !== true);

/** The options that a file may hold, in the table's order. */
export const FILE_OPTIONS: readonly OptionName[] = keys;

/** Reads a config file's text; `name` is what messages call the file. Throws `config-invalid`. */
export function parseConfigFile(text: string, name: string): ReadonlyMap<OptionName, FileSetting> {
  if (text.length > LARGEST) throw new BakeError('config-invalid', 'options', `${name} is larger than 1 MB`);
  const counter = new LineCounter();
  // Numbers and switches are read from their source, so that 1.10 stays 1.10 where text is wanted.
  const document = read(text, name, counter);
  const place = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw refuse(place(problem.pos[0]), plain(problem.code, problem.message));
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) return new Map();
  if (!isMap(root)) throw refuse(place(startOf(root)), 'the file has to be a map of options, such as "tags: [app:crac]"');
  const found = root.items.map((pair) => {
    const key = keyOf(pair, place);
    const value = pair.value as Node | null;
    const at = place(startOf(value ?? (pair.key as Node)));
    const entry = checkKey(key, value, place(startOf(pair.key as Node)));
    return [key as OptionName, { raw: rawOf(key, entry, value, at, place), place: at }] as const;
  });
  return new Map(found);
}

function read(text: string, name: string, lineCounter: LineCounter) {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false });
  } catch (error) {
    // The parser's stack has an end, too.
    if (error instanceof RangeError) throw new BakeError('config-invalid', 'options', `${name} is nested too deeply`);
    throw error;
  }
}

function checkKey(key: string, value: Node | null, at: string): OptionEntry {
  const entry = table[key];
  if (entry?.flagOnly) throw refuse(at, `${key} is no key of a config file; give it as a flag: --${key}`);
  if (entry !== undefined) return entry;
  const flat = isMap(value) ? value.items.map(({ key: inner }) => `${key}-${isScalar(inner) ? inner.value : ''}`) : [];
  const meant = flat.find((each) => each in table);
  if (meant !== undefined) throw refuse(at, `there is no option ${key}. Options are flat: write ${meant}: at the top level`);
  const near = nearest(
    key
      .replace(/([a-z])([A-Z])/g, '$1-$2')
      .replaceAll('_', '-')
      .toLowerCase(),
    keys,
  );
  throw refuse(at, `there is no option ${key}.${near === undefined ? '' : ` Is ${near} meant?`}`);
}

type Place = (offset: number) => string;

function rawOf(key: string, entry: OptionEntry, value: Node | null, at: string, place: Place): RawValue {
  switch (entry.type) {
    case 'list':
      if (!isSeq(value)) {
        // What may be secret is not shown.
        const example = isScalar(value) && entry.shown === undefined ? `: write "- ${sourceOf(value)}" on a line of its own` : '';
        throw refuse(at, `${key} takes a list${example}`);
      }
      return { items: value.items.map((item) => textOf(`${key} takes a list of texts`, item as Node | null, place, at)) };
    case 'pairs':
      if (!isMap(value)) throw refuse(at, `${key} takes a map of NAME: VALUE`);
      return { items: value.items.map((pair) => pairOf(key, value, pair, place)) };
    case 'policies':
      if (!isSeq(value)) throw refuse(at, `${key} takes a list of policies, each with its type and action`);
      return { items: value.items.map((item) => policyOf(key, item as Node | null, place, at)) };
    case 'boolean':
      if (isScalar(value) && typeof value.value === 'boolean') return value.value;
      throw refuse(at, `${key} takes true or false, not ${describe(value)}`);
    case 'integer':
      if (isScalar(value) && typeof value.value === 'number') return sourceOf(value);
      throw refuse(at, `${key} takes a whole number, not ${describe(value)}`);
    default:
      return textOf(`${key} takes a text`, value, place, at);
  }
}

function pairOf(key: string, map: YAMLMap, pair: Pair, place: Place): string {
  const name = keyOf(pair, place);
  const at = place(startOf(pair.key as Node));
  // With a dash it is hardly a variable's name; an option that is indented too far is more likely.
  if (name.includes('-') && name in table && key !== 'labels')
    throw refuse(at, `${name} is an option; it belongs to the top level, not under ${key}`);
  if (/[\s=]/.test(name) || name === '') throw refuse(at, `${key} takes names without blanks and equals signs, not "${name}"`);
  const value = pair.value as Node | null;
  if (value === null || (isScalar(value) && value.value === null)) {
    if (key === 'env') return name;
    throw refuse(at, `${key} has no value for ${name}; an empty one is written ""`);
  }
  return `${name}=${textOf(`${key} takes texts`, value, place, place(startOf(map)))}`;
}

/** A policy as a section of the JVM's format. */
function policyOf(key: string, item: Node | null, place: Place, at: string): string {
  if (!isMap(item))
    throw refuse(item === null ? at : place(startOf(item)), `${key} takes maps with type and action, not ${describe(item)}`);
  const fields = item.items.map((pair): PolicyField & { readonly at: string } => {
    const value = pair.value as Node | null;
    const name = keyOf(pair, place);
    return {
      key: name,
      value: textOf(`${name} takes a text`, value, place, place(startOf(pair.key as Node))),
      at: place(startOf(value ?? (pair.key as Node))),
    };
  });
  const policy = readPolicy(fields);
  if ('problem' in policy) throw refuse(policy.field?.at ?? place(startOf(item)), policy.problem);
  return renderPolicies([policy]);
}

/** A scalar as text: strings by their value, everything else as it is written. */
function textOf(takes: string, value: Node | null, place: Place, at: string): string {
  if (isAlias(value)) throw refuse(place(startOf(value)), 'aliases are not supported');
  if (isScalar(value) && value.value !== null) return sourceOf(value);
  throw refuse(value === null ? at : place(startOf(value)), `${takes}, not ${describe(value)}`);
}

function sourceOf(value: Node): string {
  if (!isScalar(value)) return '';
  return typeof value.value === 'string' ? value.value : (value.source ?? String(value.value));
}

function keyOf(pair: Pair, place: Place): string {
  const key = pair.key as Node;
  if (isScalar(key) && key.value !== null) return sourceOf(key);
  throw refuse(place(startOf(key)), 'a key has to be a text');
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

function describe(value: Node | null): string {
  if (isMap(value)) return 'a map';
  if (isSeq(value)) return 'a list';
  if (isAlias(value)) return 'an alias';
  return value === null || (isScalar(value) && value.value === null) ? 'nothing' : `"${sourceOf(value)}"`;
}

/** The parser's own messages, where they need more than they say. */
function plain(code: string, message: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'YAML is indented by blanks; here is a tab';
    case 'DUPLICATE_KEY':
      return 'this key is there already';
    case 'MULTIPLE_DOCS':
      return 'the file has to be one document';
    default:
      return message;
  }
}

function refuse(place: string, text: string): BakeError {
  return new BakeError('config-invalid', 'options', `${place}: ${text}`);
}
