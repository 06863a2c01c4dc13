// action.yml, its page and the option table say the same, both ways.

import { readFileSync } from 'node:fs';
import test from 'ava';
import { INPUTS } from '../../action/inputs.ts';
import { OUTPUTS } from '../../action/outputs.ts';
import { renderActionMetadata, renderActionPage } from '../../scripts/docs/render.ts';
import { OPTIONS, type OptionEntry, type OptionName } from '../../src/spec/options.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** A section of action.yml as its names with their properties. Reads what is there, not what was rendered. */
function section(name: string): Map<string, Record<string, string>> {
  const [, body = ''] = new RegExp(`^${name}:\\n((?: .*\\n)*)`, 'm').exec(read('action.yml')) ?? [];
  const entries = new Map<string, Record<string, string>>();
  let properties: Record<string, string> = {};
  for (const line of body.split('\n')) {
    const [, entry] = /^ {2}([a-z-]+):$/.exec(line) ?? [];
    const [, property, value] = /^ {4}([a-z]+): (".*")$/.exec(line) ?? [];
    if (entry !== undefined) {
      properties = {};
      entries.set(entry, properties);
    } else if (property !== undefined) properties[property] = JSON.parse(value ?? '');
    else if (line !== '') throw new Error(`not understood: ${line}`);
  }
  return entries;
}

test('every option is an input or says why not, and every input is an option', (t) => {
  const inputs = section('inputs');
  const cliOnly = (name: string) => (OPTIONS[name as OptionName] as OptionEntry).cliOnly;
  t.deepEqual(
    [...inputs.keys()],
    Object.keys(OPTIONS).filter((name) => cliOnly(name) === undefined),
  );
  for (const name of Object.keys(OPTIONS)) if (!inputs.has(name)) t.regex(cliOnly(name) ?? '', /^\w.{10,}/);
});

test('inputs have no defaults of their own, which would win over the config file, but name those of the table', (t) => {
  for (const [name, { default: fallback, description }] of section('inputs')) {
    t.is(fallback, undefined, name);
    const its = (OPTIONS[name as OptionName] as OptionEntry).default;
    if (its !== undefined) t.true(description?.endsWith(` (default: ${its})`), name);
  }
});

test('every output that is set is declared, and every declared one is set', (t) => {
  t.deepEqual([...section('outputs').keys()], Object.keys(OUTPUTS));
});

test('names are in lower case with hyphens', (t) => {
  for (const name of [...INPUTS, ...Object.keys(OUTPUTS)]) t.regex(name, /^[a-z]+(-[a-z]+)*$/);
});

test('action.yml is what the tables say', (t) => {
  t.is(read('action.yml'), renderActionMetadata());
});

test('docs/action.md is what the tables say, and names every input and output', (t) => {
  const page = read('docs/action.md');
  t.is(page, renderActionPage(read('scripts/docs/action.md')));
  const rows = [...page.matchAll(/^\| `([a-z-]+)`/gm)].map(([, name]) => name);
  t.deepEqual([...rows].sort(), [...INPUTS, ...Object.keys(OUTPUTS)].sort());
});

test('workflows and README give the action only inputs that it has', (t) => {
  const known: readonly string[] = INPUTS;
  const texts = [
    'README.md',
    'docs/action.md',
    '.github/workflows/e2e.yml',
    'test/e2e/workflows/bakes.yml',
    'test/e2e/workflows/fails.yml',
  ];
  let uses = 0;
  for (const path of texts) {
    const blocks = read(path).matchAll(/^( *)(?:- )?uses: (?:\.\/|OWNER\/REPOSITORY@\S+)\n((?:\1 {0,2}\S.*\n|\1 {3,}.*\n|\n)*)/gm);
    for (const [, , block = ''] of blocks) {
      const [, indent = '', given = ''] = /^( *)with:\n((?:\1 .*\n)*)/m.exec(block) ?? [];
      uses += 1;
      for (const [, name = ''] of given.matchAll(new RegExp(`^${indent} {2}([a-z-]+):`, 'gm')))
        t.true(known.includes(name), `${path}: ${name}`);
    }
  }
  t.true(uses >= 5);
});
