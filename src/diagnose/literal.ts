// Words that a pattern cannot do without: a line that lacks them needs no look by the pattern, which the engine has to compile first.

const CACHE = new WeakMap<RegExp, string>();

/** Whether a line may match; `lower` is the line in lower case. */
export function mayMatch(pattern: RegExp, lower: string): boolean {
  let literal = CACHE.get(pattern);
  if (literal === undefined) {
    literal = literalOf(pattern.source).toLowerCase();
    CACHE.set(pattern, literal);
  }
  return lower.includes(literal);
}

const QUANTIFIER = /^(?:[*?]|\{0?,|\{0\})/;

/** The longest text at the outermost level that every match holds; empty where the pattern has alternatives there, or nothing fixed. */
export function literalOf(source: string): string {
  let longest = '';
  let run = '';
  const end = () => {
    if (run.length > longest.length) longest = run;
    run = '';
  };
  for (let at = 0; at < source.length; ) {
    const char = source[at] ?? '';
    if (char === '|') return '';
    if (char === '(' || char === '[') {
      end();
      at = char === '(' ? groupEnd(source, at) : classEnd(source, at);
      continue;
    }
    const escaped = char === '\\';
    const width = escaped ? 2 : 1;
    const next = source[at + 1] ?? '';
    // Letters and digits after a backslash stand for something else; any other sign stands for itself.
    const plain = escaped ? /\W/.test(next) : !/[\^$.*+?{}]/.test(char);
    const rest = source.slice(at + width, at + width + 4);
    if (!plain || QUANTIFIER.test(rest)) end();
    else run += escaped ? next : char;
    // What is repeated may stand there more than once: nothing follows it directly.
    if (/^[+{]/.test(rest)) end();
    at += width;
    if (char === '{' && !escaped) at = source.indexOf('}', at) + 1 || source.length;
  }
  end();
  return longest;
}

/** Where a group ends that begins at `from`. */
function groupEnd(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at += 1) {
    const char = source[at];
    if (char === '\\') at += 1;
    else if (char === '[') at = classEnd(source, at) - 1;
    else if (char === '(') depth += 1;
    else if (char === ')' && --depth === 0) return at + 1;
  }
  return source.length;
}

function classEnd(source: string, from: number): number {
  for (let at = from + 1; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === ']') return at + 1;
  }
  return source.length;
}
