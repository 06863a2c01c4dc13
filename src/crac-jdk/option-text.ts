// JAVA_TOOL_OPTIONS as text and as words. HotSpot splits it at white space and takes quotes away, single or double, wherever they stand;
// there is no escape character (arguments.cpp, parse_options_buffer).

/** The words of such a variable. */
export function splitJavaOptions(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (const char of text) {
    if (quote !== '') {
      if (char === quote) quote = '';
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** The variable for these words; `splitJavaOptions` gives them back. */
export function joinJavaOptions(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  if (word !== '' && !/[\s'"]/.test(word)) return word;
  if (!word.includes('"')) return `"${word}"`;
  if (!word.includes("'")) return `'${word}'`;
  // Both kinds of quotes: each in the other kind.
  return word.replaceAll(/"+|[^"]+/g, (part) => (part.startsWith('"') ? `'${part}'` : `"${part}"`));
}
