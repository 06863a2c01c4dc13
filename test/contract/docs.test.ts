import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import test from 'ava';
import { Command } from 'commander';
import { renderErrors, renderFailures, renderOptions, renderSchema } from '../../scripts/docs/render.ts';
import { addOptions } from '../../src/cli/flags.ts';
import { CATALOGUE } from '../../src/diagnose/catalogue.ts';

const page = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

test('docs/options.md is what the option table says', (t) => {
  t.is(page('options.md'), renderOptions());
});

test('docs/errors.md lists every failure', (t) => {
  t.is(page('errors.md'), renderErrors());
});

test('docs/failures.md is what the catalogue says', (t) => {
  t.is(page('failures.md'), renderFailures());
});

test('every failure has one section, whose anchor is its id', (t) => {
  const headings = [...page('failures.md').matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
  t.deepEqual(headings.toSorted(), CATALOGUE.map(({ id }) => id).toSorted());
});

test('every reason that crac-init gives for a normal start is in the catalogue', (t) => {
  const [, table = ''] = page('restore-image.md').split('| id | what it means |');
  const reasons = [...(table.split('\n\n')[0] ?? '').matchAll(/^\| `([a-z-]+)` \| .+ \|$/gm)].map(([, id]) => id);
  t.true(reasons.length >= 10);
  t.deepEqual(
    reasons.filter((id) => !CATALOGUE.some((entry) => entry.id === id)),
    [],
  );
});

test('the config file’s schema is what the option table says, and is in the package', (t) => {
  t.is(readFileSync(new URL('../../schema/crac-bake.schema.json', import.meta.url), 'utf8'), renderSchema());
  const { files } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { files: string[] };
  t.true(files.includes('schema'));
});

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Every page by its path. */
const PAGES = new Map(
  ['README.md', 'CONTRIBUTING.md', ...readdirSync(new URL('../../docs', import.meta.url)).map((name) => `docs/${name}`)].map((path) => [
    path,
    read(path),
  ]),
);

/** Links of a page to other pages, as path and anchor. */
function linksOf(path: string): { readonly path: string; readonly anchor: string }[] {
  return [...(PAGES.get(path) ?? '').matchAll(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/g)].map(([, to = '', anchor = '']) => ({
    path: to === '' ? path : posix.join(posix.dirname(path), to),
    anchor,
  }));
}

/** As GitHub makes them of headings. */
function anchorsOf(path: string): string[] {
  return [...(PAGES.get(path) ?? '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('links between pages lead somewhere', (t) => {
  const links = [...PAGES.keys()].flatMap((from) => linksOf(from).map((link) => ({ from, ...link })));
  t.true(links.length > 50);
  t.deepEqual(
    links.filter(({ path, anchor }) => !PAGES.has(path) || (anchor !== '' && !anchorsOf(path).includes(anchor))),
    [],
  );
});

test('every page is found from the README', (t) => {
  const found = new Set(['README.md']);
  for (const page of found) for (const { path } of linksOf(page)) found.add(path);
  t.deepEqual(
    [...PAGES.keys()].filter((path) => !found.has(path)),
    [],
  );
});

test('commands on the pages have only flags that there are', (t) => {
  const known = addOptions(new Command()).options.map(({ long }) => long ?? '');
  const commands = [...PAGES].flatMap(([path, text]) =>
    [...text.replaceAll('\\\n', '').matchAll(/crac-bake (?:bake|rehearse) ([^`\n#|]*)/g)].map(([, words = '']) => ({ path, words })),
  );
  t.true(commands.filter(({ words }) => words.includes('--')).length > 10);
  for (const { path, words } of commands)
    for (const [, flag = ''] of words.matchAll(/(?<!\S)(--[a-z-]+)/g)) t.true([...known, '--help'].includes(flag), `${path}: ${flag}`);
});
