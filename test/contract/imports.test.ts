// Imports go one way, and pure modules import only pure modules.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/** What each folder of src may import from others; its own files always. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'errors.ts': [],
  'ports.ts': ['errors.ts'],
  spec: ['errors.ts'],
  readiness: ['errors.ts', 'ports.ts', 'spec'],
  twins: [],
  warmup: ['errors.ts', 'ports.ts', 'readiness'],
  runtime: [],
  diagnose: [],
  cpu: [],
  image: ['cpu', 'engines', 'readiness', 'runtime'],
  'crac-jdk': ['diagnose', 'errors.ts', 'spec'],
  engines: ['cpu', 'crac-jdk', 'runtime', 'spec'],
  dockerfile: ['plan'],
  docker: ['errors.ts', 'ports.ts'],
  plan: ['cpu', 'docker', 'engines', 'errors.ts', 'image', 'readiness', 'runtime', 'spec', 'warmup'],
  registry: ['docker', 'errors.ts', 'image', 'ports.ts'],
  report: ['diagnose', 'engines', 'errors.ts', 'image', 'runtime', 'warmup'],
  host: ['docker', 'errors.ts', 'runtime'],
  bake: [
    'cpu',
    'crac-jdk',
    'docker',
    'dockerfile',
    'engines',
    'errors.ts',
    'host',
    'image',
    'plan',
    'ports.ts',
    'readiness',
    'registry',
    'report',
    'runtime',
    'spec',
    'twins',
    'warmup',
  ],
  doctor: ['bake', 'diagnose', 'docker', 'engines', 'errors.ts', 'host', 'image', 'plan', 'ports.ts', 'runtime', 'spec'],
  inspect: ['docker', 'engines', 'errors.ts', 'image', 'plan', 'ports.ts', 'registry', 'runtime'],
  rehearse: ['bake', 'docker', 'engines', 'errors.ts', 'image', 'plan', 'ports.ts', 'report', 'runtime', 'spec'],
  adapters: ['ports.ts'],
  config: ['errors.ts', 'plan', 'ports.ts', 'spec', 'warmup'],
  init: ['config', 'dockerfile', 'errors.ts', 'plan', 'ports.ts', 'spec'],
  cli: [
    'adapters',
    'bake',
    'config',
    'diagnose',
    'docker',
    'doctor',
    'engines',
    'errors.ts',
    'host',
    'image',
    'init',
    'inspect',
    'plan',
    'ports.ts',
    'rehearse',
    'report',
    'spec',
    'registry',
  ],
};

/** Modules without side effects may use these of Node and of the packages. */
const PURE = ['errors.ts', 'ports.ts', 'spec', 'cpu', 'image', 'engines', 'dockerfile', 'plan', 'report', 'diagnose', 'crac-jdk', 'twins'];
const PURE_MAY_USE = ['dockerfile-ast', 'yaml'];

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

const imports: readonly Import[] = files.flatMap((file) =>
  [...readFileSync(join(SRC, file), 'utf8').matchAll(/^(?:import|export) [^;]*?from '([^']+)';/gms)].map(([, target = '']) => ({
    file,
    from: file.split('/')[0] ?? '',
    to: target.startsWith('.') ? (relative(SRC, join(SRC, dirname(file), target)).split('/')[0] ?? '') : target,
  })),
);

test('the imports of all files were found', (t) => {
  t.true(files.length > 40);
  t.true(imports.length > 150);
});

test('every folder of src has its rule', (t) => {
  t.deepEqual([...new Set(files.map((file) => file.split('/')[0] ?? ''))].sort(), Object.keys(MAY_IMPORT).sort());
});

test('imports between folders go one way', (t) => {
  const wrong = imports.filter(({ from, to }) => to in MAY_IMPORT && to !== from && !MAY_IMPORT[from]?.includes(to));
  t.deepEqual(wrong, []);
});

test('pure modules use nothing that has side effects', (t) => {
  const wrong = imports.filter(({ from, to }) => PURE.includes(from) && !(to in MAY_IMPORT) && !PURE_MAY_USE.includes(to));
  t.deepEqual(wrong, []);
});

const ACTION = join(SRC, '..', 'action');

/** Of src, and of the command line only what both front ends need. */
const ACTION_MAY_IMPORT = ['adapters', 'bake', 'config', 'docker', 'errors.ts', 'image', 'plan', 'ports.ts', 'report', 'spec'];
const SHARED_BY_FRONT_ENDS = ['cli/file-terms.ts', 'cli/installation.ts', 'cli/interrupt.ts', 'cli/progress.ts'];

test('the action imports of src what a front end may', (t) => {
  const own = readdirSync(ACTION).filter((name) => name.endsWith('.ts'));
  const targets = own.flatMap((file) =>
    [...readFileSync(join(ACTION, file), 'utf8').matchAll(/ from '\.\.\/src\/([^']+)';/g)].map(([, target = '']) => target),
  );
  t.true(own.length > 8 && targets.length > 20);
  const wrong = targets.filter(
    (target) => !SHARED_BY_FRONT_ENDS.includes(target) && !ACTION_MAY_IMPORT.includes(target.split('/')[0] ?? ''),
  );
  t.deepEqual(wrong, []);
});

test('only the action imports @actions', (t) => {
  t.deepEqual(
    imports.filter(({ to }) => to.startsWith('@actions/')),
    [],
  );
  const dist = join(SRC, '..', 'dist');
  const bundles = readdirSync(dist).filter((name) => /^cli(?:-.*)?\.js$/.test(name));
  t.true(bundles.includes('cli.js'));
  for (const name of bundles) t.false(readFileSync(join(dist, name), 'utf8').includes('@actions/'), name);
});
