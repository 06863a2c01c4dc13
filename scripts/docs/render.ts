// The reference pages that are made from the tables in the source.

import { INPUTS } from '../../action/inputs.ts';
import { OUTPUTS } from '../../action/outputs.ts';
import { CATALOGUE } from '../../src/diagnose/catalogue.ts';
import { type Failure, type RANKS, STAGES, type Stage } from '../../src/diagnose/failure.ts';
import { fill } from '../../src/diagnose/template.ts';
import { firstSentence } from '../../src/diagnose/text.ts';
import { ERRORS, EXIT_CODES } from '../../src/errors.ts';
import { environmentName, OPTIONS, type OptionEntry, type OptionName } from '../../src/spec/options.ts';
import { configSchema } from '../../src/spec/schema.ts';
import { cell, table } from './table.ts';

const GROUPS: Readonly<Record<OptionEntry['group'], string>> = {
  image: 'The image',
  surroundings: 'The app’s surroundings',
  readiness: 'When the app is ready',
  'warm-up': 'Warm-up',
  checkpoint: 'Checkpoint',
  proof: 'Proof',
  push: 'Push',
  output: 'Output',
};

const TYPES: Readonly<Record<OptionEntry['type'], string>> = {
  string: 'text',
  boolean: 'switch',
  integer: 'whole number',
  percent: 'percentage',
  duration: 'time (`500ms`, `30s`, `2m`)',
  list: 'list: the flag repeated, or lines',
  pairs: 'list of `NAME=VALUE`',
  policies: 'policies: lines `key: value`',
  choice: '',
};

function optionRow(name: OptionName): string[] {
  const entry: OptionEntry = OPTIONS[name];
  const type = entry.choices === undefined ? TYPES[entry.type] : entry.choices.map((choice) => `\`${choice}\``).join(', ');
  const fallback = entry.default === undefined ? '' : `\`${entry.default}\``;
  return [`\`--${name}\``, type, fallback, cell(entry.help), `\`${environmentName(name)}\``];
}

/** docs/options.md. */
export function renderOptions(): string {
  const sections = Object.entries(GROUPS).map(([group, heading]) => {
    const rows = (Object.keys(OPTIONS) as OptionName[]).filter((name) => OPTIONS[name].group === group).map(optionRow);
    return [`## ${heading}`, '', ...table([['flag', 'value', 'default', 'what it does', 'environment'], ...rows]), ''].join('\n');
  });
  return `${['<!-- Made by npm run docs from src/spec/options.ts. -->', '# Options of `crac-bake bake`', '', 'A flag wins over its environment variable, which wins over [the config file](config.md), which wins over the default. List flags may be written in the singular (`--tag`). In the config file an option is a key of the same name; those under *Output* are flags only.', '', ...sections].join('\n')}`;
}

/** docs/errors.md. */
export function renderErrors(): string {
  const codes = Object.entries(EXIT_CODES).map(([outcome, code]) => [String(code), `\`${outcome}\``]);
  const errors = Object.entries(ERRORS).map(([code, { outcome, meaning, remedy }]) =>
    [
      `### ${code}`,
      '',
      `${meaning}`,
      '',
      `**What to do:** ${remedy}`,
      '',
      `Outcome \`${outcome}\`, exit code ${EXIT_CODES[outcome]}.`,
      '',
    ].join('\n'),
  );
  return [
    '<!-- Made by npm run docs from src/errors.ts. -->',
    '# Failures',
    '',
    'Every failure has a code, a cause and a remedy. With `--json` they are in the report under `error`: `code`, `step`, `message`, `details`, `remedy`, `log`, and `failure` where its log shows one of the [known failures](failures.md) (`id`, `cause`, `remedy`, `link`; else null).',
    '',
    '## Exit codes and outcomes',
    '',
    ...table([['exit code', 'outcome'], ...codes, ['143', '`interrupted`, by SIGTERM']]),
    '',
    '`crac-init`, in the restore image, ends with 80 when a restore was required (`CRAC_INIT_RESTORE=require`) and not possible.',
    '',
    '## Codes',
    '',
    ...errors,
  ].join('\n');
}

/** schema/crac-bake.schema.json. */
export function renderSchema(): string {
  return `${JSON.stringify(configSchema(), null, 2)}\n`;
}

/** What an input takes, for docs/action.md. */
function inputType(entry: OptionEntry): string {
  if (entry.choices !== undefined) return entry.choices.map((choice) => `\`${choice}\``).join(', ');
  return {
    ...TYPES,
    list: 'list, one a line',
    pairs: '`NAME=VALUE`, one a line',
    policies: 'lines `key: value`, policies parted by `---`',
  }[entry.type];
}

function inputRow(name: OptionName): string[] {
  const entry: OptionEntry = OPTIONS[name];
  return [`\`${name}\``, inputType(entry), entry.default === undefined ? '' : `\`${entry.default}\``, cell(entry.help)];
}

/** docs/action.md: the text of scripts/docs/action.md, with the tables of inputs and outputs in the place of its marks. */
export function renderActionPage(text: string): string {
  const inputs = Object.entries(GROUPS).flatMap(([group, heading]) => {
    const rows = INPUTS.filter((name) => OPTIONS[name].group === group).map(inputRow);
    return rows.length === 0 ? [] : [`### ${heading}`, '', ...table([['input', 'value', 'default', 'what it does'], ...rows]), ''];
  });
  const left = (Object.entries(OPTIONS) as [OptionName, OptionEntry][]).flatMap(([name, { cliOnly }]) =>
    cliOnly === undefined ? [] : [`* \`--${name}\`: ${cliOnly}.`],
  );
  const outputs = Object.entries(OUTPUTS).map(([name, { help }]) => [`\`${name}\``, cell(help)]);
  return text
    .replace('INPUTS\n', () => inputs.join('\n'))
    .replace('CLI_ONLY\n', () => `${left.join('\n')}\n`)
    .replace('OUTPUTS\n', () => `${table([['output', 'what it is'], ...outputs]).join('\n')}\n`);
}

/** A double-quoted string of JSON is one of YAML. */
const quoted = (text: string) => JSON.stringify(text);

/** action.yml. */
export function renderActionMetadata(): string {
  const inputs = INPUTS.flatMap((name) => {
    const entry: OptionEntry = OPTIONS[name];
    const several = entry.type === 'list' || entry.type === 'pairs' ? `; ${entry.placeholder ?? 'VALUE'}, one a line` : '';
    const choices = entry.choices === undefined ? '' : `; ${entry.choices.join(', ')}`;
    // A default of the input would count as given, and win over the config file.
    const fallback = entry.default === undefined ? '' : ` (default: ${entry.default})`;
    return [`  ${name}:`, `    description: ${quoted(`${entry.help}${several}${choices}${fallback}`)}`];
  });
  const outputs = Object.entries(OUTPUTS).flatMap(([name, { help }]) => [`  ${name}:`, `    description: ${quoted(help)}`]);
  return [
    '# Made by npm run docs from src/spec/options.ts and action/outputs.ts.',
    'name: "crac-bake: pre-warmed container images"',
    'description: "Bakes a container image that starts warm: run, warm up, checkpoint (CRIU, CRaC hooks), prove the restore, tag"',
    'author: "crac-bake"',
    'branding:',
    '  icon: "zap"',
    '  color: "orange"',
    'inputs:',
    ...inputs,
    'outputs:',
    ...outputs,
    'runs:',
    '  using: "node24"',
    '  main: "dist/main.js"',
    '  post: "dist/post.js"',
    '',
  ].join('\n');
}
const PLACES: Readonly<Record<string, string>> = { github: 'GitHub Actions', docker: 'Docker', kubernetes: 'Kubernetes' };

const RANK_MEANINGS: Readonly<Record<(typeof RANKS)[number], string>> = {
  root: 'this is why',
  follow: 'a consequence; the reason stands just before it, or in another log',
  doubtful: 'apps survive such lines: the reason only where nothing better is found',
  umbrella: 'says that it failed, not why',
  hint: 'an early sign',
  fine: 'a good run prints it too',
};

/** A template with words for its values: `{path|the file}` becomes `the file`, `{path}` becomes *path*. */
function general(text: string): string {
  return markdown(fill(text.replace(/\{(\w+)\}/g, '‹$1›'), {}));
}

/** Text as Markdown shows it: angle brackets, stars and bars are themselves. */
function markdown(text: string): string {
  return text.replace(/[<>*_|`]/g, (sign) => `\\${sign}`);
}

function failureSection(entry: Failure): string {
  const { id, rank = 'root', cause, remedy, on = {}, source } = entry;
  const places = Object.entries(on).map(([place, text]) => `- ${PLACES[place]}: ${general(text)}`);
  return [
    `### ${id}`,
    '',
    general(cause),
    '',
    `**What to do:** ${general(remedy)}`,
    '',
    ...(places.length > 0 ? [...places, ''] : []),
    `${rank === 'root' ? '' : `Rank: ${rank}, ${RANK_MEANINGS[rank]}. `}Source: ${markdown(source)}.`,
    '',
  ].join('\n');
}

/** docs/failures.md. */
export function renderFailures(): string {
  const stages = Object.keys(STAGES) as Stage[];
  return [
    '<!-- Made by npm run docs from src/diagnose. -->',
    '# Known failures',
    '',
    'What `crac-bake explain` knows, and what a bake that fails names: the failure at the root of a log, whatever tool wrote it.',
    '',
    '```sh',
    'docker logs app 2>&1 | crac-bake explain -   # any log: of a container, a build, CRIU, a JVM',
    'crac-bake explain dump4.log --json           # exit 0: named, 1: unknown, 2: not readable',
    'crac-bake explain --list',
    '```',
    '',
    'Of several failures the root comes first, then others of their own, then what followed. Words in ‹ › are values that the log shows.',
    '',
    ...stages.flatMap((stage) => {
      const entries = CATALOGUE.filter((entry) => entry.stage === stage);
      const rows = entries.map(({ id, cause }) => `- [${id}](#${id}): ${general(firstSentence(cause))}`);
      return [`## ${STAGES[stage]}`, '', ...rows, '', ...entries.map(failureSection)];
    }),
  ].join('\n');
}
