// The name that was probably meant. Pure.

/** Edits of one character, and no more of them than this, are taken for a slip. */
const MOST_EDITS = 3;

/** The nearest of the known names, or undefined where none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const near = known.map((each) => ({ each, by: distance(name, each) })).sort((a, b) => a.by - b.by)[0];
  // A short name is near to everything.
  return near !== undefined && near.by <= Math.min(MOST_EDITS, Math.floor(name.length / 2)) ? near.each : undefined;
}

/** Edits of one character that make one text of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min((row[j] ?? 0) + (letter === other ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
