// Sentences with the values that a log has shown.

const PLACEHOLDER = /\{(\w+)(?:\|([^}]*))?\}/g;

/** Replaces `{name}` and `{name|instead}`; braces with anything else in them stay (YAML of remedies). */
export function fill(text: string, values: Readonly<Record<string, string | undefined>>): string {
  return text.replace(PLACEHOLDER, (_, key: string, instead: string | undefined) => values[key] ?? instead ?? '').trim();
}

/** The placeholders of a text: name, and whether it has a word for a value that is missing. */
export function placeholders(text: string): { readonly name: string; readonly hasDefault: boolean }[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name = '', instead]) => ({ name, hasDefault: instead !== undefined }));
}
