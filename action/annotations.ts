// What a run says beside the code: one error for a failure, one warning for each thing that the user should act on.

import { printable } from '../src/report/printable.ts';
import type { BakeReport } from '../src/report/report.ts';
import { asInputs } from './inputs.ts';

export interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly message: string;
}

/** GitHub shows ten of each level for a step and drops the rest. */
const MOST = 10;

/** The app's own words may be long; GitHub cuts at 64 KB, a reader much earlier. */
const LONGEST = 4000;

export function annotationsOf(report: BakeReport): Annotation[] {
  const { warnings, error } = report;
  const shown = warnings.length > MOST ? warnings.slice(0, MOST - 1) : warnings;
  const rest = warnings.length - shown.length;
  return [
    ...shown.map((message) => annotation('warning', 'crac-bake', asInputs(message))),
    ...(rest === 0 ? [] : [annotation('warning', 'crac-bake', `${rest} more warnings are in the summary and in the report.`)]),
    ...(error === null || report.exitCode === 0
      ? []
      : [
          annotation(
            'error',
            `crac-bake: ${asInputs(error.message)}`,
            [
              asInputs(error.failure?.cause ?? error.details),
              `What to do: ${asInputs(error.failure?.remedy ?? error.remedy)}`,
              `[${error.code}, step ${error.step}]`,
            ]
              .filter((line) => line !== '')
              .join('\n'),
          ),
        ]),
  ];
}

function annotation(level: Annotation['level'], title: string, message: string): Annotation {
  const text = printable(message);
  return { level, title: printable(title).replaceAll('\n', ' '), message: text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text };
}
