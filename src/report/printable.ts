// Text of apps and tools, made harmless for terminals and for runners that read commands from the output.

/**
 * A text without what would steer the terminal: escape sequences, carriage returns, bells, C1 controls. Tabs and line breaks stay.
 * Workflow commands of GitHub (`::name::` at the start of a line, `##[name]` anywhere) are broken up.
 */
export function printable(text: string): string {
  return text
    .replace(/(?:\x1b\[|\x9b)[0-9;:<=>?]*[ -/]*[@-~]/g, '')
    .replace(/(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)/g, '')
    .replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, ' ')
    .replace(/^(\s*):(?=:)/gm, '$1: ')
    .replaceAll('##[', '# #[');
}
