// Twins: two restores of one image must not give out the same identifiers. Here: what in an answer looks like one, and which repeat. Pure.

export interface TwinAnswer {
  /** Names in lower case; several values of one name are lines. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Long enough that two of them are not equal by chance (60 bits and more), and made of nothing that words are made of. */
const RANDOM = [
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  /^(?=.*\d)[0-9a-f]{16,}$/i,
  /^-?\d{15,}$/,
  /^-?\d*\.\d{12,}(?:E-?\d+)?$/i,
  /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w+/=.~-]{16,}$/,
];

/** A time in ms, µs or ns is long, too, and two twins may have the same. */
const isTime = (text: string, nowMs: number) => /^\d{13,19}$/.test(text) && text.startsWith(String(Math.floor(nowMs / 1e8)));

/** Identifiers of an answer by where they stand: `cookie NAME`, `header NAME`, `$.path` of a JSON body, else the words before it. */
export function identifiersOf({ headers, body }: TwinAnswer, nowMs: number): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const add = (name: string, value: string) => {
    if (RANDOM.some((pattern) => pattern.test(value)) && !isTime(value, nowMs)) found.set(name, value);
  };
  for (const [header, text] of Object.entries(headers)) {
    for (const line of text.split('\n')) {
      const [, cookie = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
      if (header === 'set-cookie') add(`cookie ${cookie.trim()}`, value);
      else for (const token of tokensOf(line)) add(`header ${header}`, token);
    }
  }
  const json = parse(body);
  if (json === undefined) {
    for (const { token, before } of placesOf(body)) add(before === '' ? 'the body' : `after "${before}"`, token);
  } else walk('$', json, add);
  return found;
}

/**
 * Names of identifiers that two restores share. Each pair holds the answers of both to the first and to the second request of one kind: what a
 * restore gives out twice is a constant of the image and no identifier that it made.
 */
export function sharedBy(
  first: readonly [ReadonlyMap<string, string>, ReadonlyMap<string, string>],
  second: readonly [ReadonlyMap<string, string>, ReadonlyMap<string, string>],
): { readonly compared: readonly string[]; readonly shared: readonly string[] } {
  const [a, b] = first;
  const compared = [...a].flatMap(([name, value]) => (b.has(name) && second[0].get(name) !== value ? [name] : []));
  return { compared, shared: compared.filter((name) => a.get(name) === b.get(name)) };
}

function parse(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Strings and numbers of a JSON value with their paths. Numbers of more digits than JavaScript keeps are cut alike in both answers. */
function walk(path: string, value: unknown, add: (name: string, value: string) => void): void {
  if (typeof value === 'string' || typeof value === 'number') add(path, String(value));
  else if (Array.isArray(value)) for (const [index, each] of value.entries()) walk(`${path}[${index}]`, each, add);
  else if (value !== null && typeof value === 'object')
    for (const [name, each] of Object.entries(value)) walk(`${path}.${name}`, each, add);
}

const TOKEN = /-?[\w+/=.~-]{15,}/g;

const tokensOf = (text: string) => text.match(TOKEN) ?? [];

/** Tokens of a text with up to three words before each. */
function placesOf(text: string): { token: string; before: string }[] {
  return [...text.matchAll(TOKEN)].map((match) => ({
    token: match[0],
    before: (text.slice(Math.max(0, match.index - 60), match.index).match(/[A-Za-z][\w-]*/g) ?? []).slice(-3).join(' '),
  }));
}
