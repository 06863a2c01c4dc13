// The pages for users, tried as they are written: their files and commands in one folder, in their order, with the answers that they promise.

import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { BASES } from '../../scripts/setup/base-list.mjs';
import { CLI } from '../docker/support/cli.ts';
import { docker, runRestored, untilLogged } from '../docker/support/engine.ts';
import { type Block, blocksOf } from './page.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Names under which the pages know base images that the set-up has made itself, where no registry answers. */
const lent: string[] = [];

test.before(async () => {
  for (const { registry, local } of [BASES.jdk21, BASES.debian]) {
    if (await hasImage(registry)) continue;
    await docker('tag', local, registry);
    lent.push(registry);
  }
});

test.after.always(async () => {
  if (lent.length > 0) await docker('rmi', ...lent);
});

const PAGES: readonly [page: string, sample?: string][] = [['spring-boot', 'spring-hello'], ['plain-java'], ['other-processes']];

for (const [page, sample] of PAGES) {
  test(`docs/${page}.md, as it is written`, async (t) => {
    const blocks = blocksOf(await readFile(join(ROOT, 'docs', `${page}.md`), 'utf8'));
    const all = blocks.map((block) => (block.kind === 'commands' ? block.text : '')).join('\n');
    const containers = [...all.matchAll(/--name (\S+)/g)].map(([, name = '']) => name);
    const taken = (await docker('ps', '--all', '--format', '{{.Names}}')).split('\n').filter((name) => containers.includes(name));
    if (taken.length > 0) return t.fail(`The page needs these names, which containers of somebody else have: ${taken.join(', ')}`);
    const folder = await mkdtemp(join(tmpdir(), 'page-'));
    const baked: string[] = [];
    try {
      const work = join(folder, 'work');
      await mkdir(work);
      if (sample !== undefined)
        for (const name of ['pom.xml', 'src']) await cp(join(ROOT, 'test/apps', sample, name), join(work, name), { recursive: true });
      const path = await commandOnPath(folder);
      for (const block of blocks) await follow(t, block, work, path, baked);
      t.is(baked.length, all.split('\n').filter((line) => /^crac-bake bake\b/.test(line)).length);
      t.true(blocks.some((block) => block.kind === 'commands' && block.answer !== ''));
    } finally {
      await docker('rm', '--force', '--volumes', ...containers).catch(() => '');
      if (baked.length > 0) await docker('rmi', '--force', ...new Set(baked));
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** Does what a block says; adds the images that it baked to `baked`, each of which restores with the fallback off. */
async function follow(t: ExecutionContext, block: Block, cwd: string, path: string, baked: string[]): Promise<void> {
  const run = (command: string, args: readonly string[]) =>
    execa(command, args, {
      cwd,
      env: { PATH: path, SPRING_DATASOURCE_PASSWORD: 'for-the-bake' },
      stdin: 'ignore',
      timeout: 300_000,
      all: true,
      reject: false,
    });
  if (block.kind === 'file') {
    await write(join(cwd, block.path), block.text);
    return;
  }
  if (block.kind === 'options') {
    const file = join(cwd, 'options-of-the-page.yml');
    await write(file, block.text);
    const { exitCode, all } = await run('crac-bake', ['config', '--config', file]);
    t.is(exitCode, 0, all);
    await rm(file);
    return;
  }
  const { exitCode, stdout, all } = await run('bash', ['-euo', 'pipefail', '-c', block.text]);
  const printed = stripVTControlCharacters(stdout);
  const tags = [...printed.matchAll(/^Baked (\S+)$/gm)].map(([, tag = '']) => tag);
  // By their ids: a later bake may move the tag.
  for (const tag of tags) baked.push(await docker('image', 'inspect', '--format', '{{.Id}}', tag));
  t.is(exitCode, 0, all);
  t.regex(printed, linesOf(block.answer), all);
  for (const tag of tags) await restores(tag);
}

async function restores(tag: string): Promise<void> {
  const container = await runRestored(tag);
  try {
    await untilLogged(container, /^crac-init: restored pid \d+/m);
  } finally {
    await container.remove();
  }
}

/** Matches text that has these lines in a row. */
function linesOf(answer: string): RegExp {
  const lines = answer
    .trim()
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${lines}$`, 'm');
}

/** A file of its own; a dependency goes where the reader would put it, into the pom. */
async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  if (!text.startsWith('<dependency>')) return writeFile(file, text);
  const pom = await readFile(file, 'utf8');
  await writeFile(file, pom.replace('</dependencies>', `${text}</dependencies>`));
}

/** A path on which `crac-bake` is the command that was built here. */
async function commandOnPath(folder: string): Promise<string> {
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin', 'crac-bake'), `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`, { mode: 0o755 });
  return [join(folder, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter);
}

async function hasImage(name: string): Promise<boolean> {
  return docker('image', 'inspect', name).then(
    () => true,
    () => false,
  );
}
