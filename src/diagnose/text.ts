// A diagnosis for people, and the catalogue as a list.

import { CATALOGUE } from './catalogue.ts';
import type { Diagnosis, NamedFailure } from './diagnose.ts';
import { STAGES, type Stage } from './failure.ts';
import { fill } from './template.ts';

const PLACES: Readonly<Record<string, string>> = { github: 'GitHub Actions', docker: 'Docker', kubernetes: 'Kubernetes' };

/** Longest line of a log that is shown, in characters. */
const SHOWN = 300;

/** What `crac-bake explain` prints. */
export function renderDiagnosis({ root, others, along, evidence }: Diagnosis): string {
  if (root === undefined) return renderUnknown(along, evidence);
  const lines = [...section(root)];
  if (evidence.length > 0) {
    lines.push('', 'No entry knows these lines, which came before it:', ...evidence.map(shown));
  }
  for (const other of others) lines.push('', 'Also:', ...section(other));
  if (along.length > 0)
    lines.push('', 'Along with it:', ...along.map(({ id, line, cause }) => `  ${id} (line ${line}): ${firstSentence(cause)}`));
  return `${lines.join('\n')}\n`;
}

function section({ id, line, text, cause, remedy, on, link }: NamedFailure): string[] {
  return [
    `${id}: ${cause}`,
    shown({ number: line, text }),
    `What to do: ${remedy}`,
    ...Object.entries(on).map(([place, what]) => `  ${PLACES[place]}: ${what}`),
    `More: ${link}`,
  ];
}

function shown({ number, text }: { readonly number: number; readonly text: string }): string {
  return `  line ${number}: ${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}`;
}

function renderUnknown(along: readonly NamedFailure[], evidence: Diagnosis['evidence']): string {
  const lines = ['Unknown: no entry of the catalogue names the root of this log.'];
  if (evidence.length > 0) lines.push('', 'The lines that matter:', ...evidence.map(shown));
  if (along.length > 0)
    lines.push('', 'Known, but not the root:', ...along.map(({ id, line, cause }) => `  ${id} (line ${line}): ${firstSentence(cause)}`));
  lines.push(
    '',
    'What to do: give explain the whole log (CRIU’s with -v4, the container’s, the build’s), not only its end.',
    'If it stays unknown, please report these lines as an issue, with the versions of CRIU, kernel and engine (crac-bake doctor) and what was run.',
  );
  return `${lines.join('\n')}\n`;
}

export function firstSentence(text: string): string {
  return /^.{10,}?[.:](?= [A-Z“])/.exec(text)?.[0].replace(/:$/, '.') ?? text;
}

/** The entries as a table, by stage. */
export function renderList(): string {
  const width = Math.max(...CATALOGUE.map(({ id }) => id.length));
  return (Object.keys(STAGES) as Stage[])
    .map((stage) => {
      const entries = CATALOGUE.filter((entry) => entry.stage === stage);
      return `${STAGES[stage]}\n${entries.map(({ id, cause }) => `  ${id.padEnd(width)}  ${firstSentence(fill(cause, {}))}`).join('\n')}\n`;
    })
    .join('\n');
}
