// A page of docs/ as a sequence of things to do: files to write, commands to run, what they print.

/** A code block of a page, by what it is for the reader. */
export type Block =
  /** Under a line that ends with its path. */
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  /** Commands, with the lines that they print among others; `…` stands for what differs. */
  | { readonly kind: 'commands'; readonly text: string; readonly answer: string }
  /** Options for a config file that is not written. */
  | { readonly kind: 'options'; readonly text: string };

/** With the line before it, its language and its text. */
const FENCE = /([^\n]*)\n\n```(\w+)\n([\s\S]*?)^```$/gm;

/** The blocks in their order. Throws on one that nobody could follow. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  const fences = [...page.matchAll(FENCE)];
  if (fences.length * 2 !== page.match(/^```/gm)?.length)
    throw new Error('There is a block without a language, or without an empty line before it');
  for (const [, before = '', language, text = ''] of fences) {
    const path = /`([\w./-]+)`:$/.exec(before)?.[1];
    const last = blocks.at(-1);
    if (path !== undefined) blocks.push({ kind: 'file', path, text });
    else if (language === 'sh') blocks.push({ kind: 'commands', text, answer: '' });
    else if (language === 'yaml') blocks.push({ kind: 'options', text });
    else if (language === 'text' && last?.kind === 'commands') blocks.splice(-1, 1, { ...last, answer: text });
    else throw new Error(`What is this block of ${language} for?\n${text}`);
  }
  return blocks;
}
