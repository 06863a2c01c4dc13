// Values that the user gave the app or its build, kept out of logs, annotations, summary and report: the app may print them.

import type { BakeReport } from '../src/report/report.ts';
import type { OptionValues } from '../src/spec/values.ts';

/** Shorter values, switches and small numbers are no secrets, and hiding them would make every line unreadable. */
const SHORTEST = 4;
const PLAIN = /^(?:true|false|null|none|\d{1,6})$/i;
const SWITCH = /^(?:true|false|null|none)$/i;

/** Names of variables whose values the runner is told to mask in everything that it shows, of later steps too. */
const SECRET_NAME = /passw|passphrase|(?:^|_)pass$|secret|token|credential|private|api_?key|access_?key|auth(?!or)/i;

type Given = Pick<OptionValues, 'env' | 'build-args'>;

/** A value and, where it has several lines, each of them, but for what is as `shown`. */
function parts(value: string, shown: RegExp): string[] {
  return [value, ...value.split(/\r?\n/)].map((part) => part.trim()).filter((part) => part.length >= SHORTEST && !shown.test(part));
}

/** Values to be masked by the runner itself. */
export function secretValues(options: Given): string[] {
  const pairs = [...Object.entries(options.env), ...Object.entries(options['build-args'])];
  return [...new Set(pairs.flatMap(([name, value]) => (SECRET_NAME.test(name) ? parts(value, SWITCH) : [])))];
}

export type Redact = (text: string) => string;

/**
 * Replaces every value of `env`, and of `build-args` those whose names say that they are secret, by three stars, the longest first. Other build
 * arguments are names of base images and versions, without which no log can be read.
 */
export function redactor(options: Given): Redact {
  const values = new Set([...Object.values(options.env).flatMap((value) => parts(value, PLAIN)), ...secretValues(options)]);
  const longestFirst = [...values].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((rest, value) => rest.replaceAll(value, '***'), text);
}

/**
 * The same for inputs that could not be read: each line of both, and what follows its first `=`. What looks like the name of a variable is
 * shown, for a name that is not set is the most frequent mistake.
 */
export function rawRedactor(given: Readonly<Partial<Record<string, unknown>>>): Redact {
  const lines = ['env', 'build-args'].flatMap((name) => String(given[name] ?? '').split('\n')).map((line) => line.trim());
  const values = lines
    .filter((line) => !/^[A-Z_][A-Z0-9_]*$/.test(line))
    .flatMap((line) => [line, line.slice(line.indexOf('=') + 1)])
    .filter((text) => text.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  return (text) => values.reduce((rest, value) => rest.replaceAll(value, '***'), text);
}

/** A report in which everything that the app or a tool may have said is redacted; names that the user chose, such as tags, stay. */
export function redactReport(report: BakeReport, redact: Redact): BakeReport {
  const deep = <T>(value: T): T => {
    if (typeof value === 'string') return redact(value) as T;
    if (Array.isArray(value)) return value.map(deep) as T;
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, deep(each)])) as T;
  };
  const { steps, warmUp, hooks, connections, warnings, error } = report;
  return {
    ...report,
    steps: steps.map((step) => (step.step === 'tag' ? step : { ...step, detail: redact(step.detail) })),
    warmUp: deep(warmUp),
    hooks: deep(hooks),
    connections: deep(connections),
    warnings: deep(warnings),
    error: error === null ? null : { ...deep(error), code: error.code, step: error.step },
  };
}
