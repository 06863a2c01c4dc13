// Builds dist/: the bundles of CLI and action with their licences, crac-init for both architectures, the context agent.
// With names as arguments only those parts: bundles, init, agent.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { profileModule } from './seccomp.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Some dependencies are CommonJS and call require, which an ES module does not have. */
const REQUIRE = "import{createRequire as $cr}from'node:module';const require=$cr(import.meta.url);";

const SHARED = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'esm',
  minify: true,
  legalComments: 'none',
  // One byte a character is compiled faster, and `explain` is to answer at once.
  charset: 'ascii',
  metafile: true,
  define: { CRAC_BAKE_VERSION: JSON.stringify(version) },
};

/** Loads Node's own modules when they are first used, not when the bundle starts: `explain` is to answer at once. */
const lazyBuiltins = {
  name: 'lazy-builtins',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'require-call' ? { path, external: true } : { path, namespace: 'lazy-builtin' },
    );
    build.onLoad({ filter: /.*/, namespace: 'lazy-builtin' }, ({ path }) => ({ contents: `module.exports = require('${path}');` }));
  },
};

/** Bundles: the action's two entries and the command line's, and the chunks that they share or read only when needed. */
export const isBundle = (name) => /^(?:main|post|cli|(?:action|cli)-.*)\.js$/.test(name);

/** Bundles the CLI and the action, with the licences of the packages whose code is in them. */
async function buildBundles(out) {
  const { build } = await import('esbuild');
  // Chunks have their content's hash in their names.
  for (const name of readdirSync(out).filter(isBundle)) rmSync(join(out, name));
  const results = await Promise.all([
    build({
      ...SHARED,
      entryPoints: { cli: 'src/cli/main.ts' },
      outdir: out,
      // What other commands need, `explain` does not even read.
      chunkNames: 'cli-[name]-[hash]',
      splitting: true,
      plugins: [lazyBuiltins],
      target: 'node20',
      banner: { js: `#!/usr/bin/env node\n${REQUIRE}` },
    }),
    build({
      ...SHARED,
      entryPoints: ['action/main.ts', 'action/post.ts'],
      outdir: out,
      // Beside the entries: the package's folder is found from where the code is.
      chunkNames: 'action-[name]-[hash]',
      splitting: true,
      target: 'node24',
      banner: { js: REQUIRE },
    }),
  ]);
  const packages = new Set(
    results
      .flatMap(({ metafile }) => Object.keys(metafile.inputs))
      .flatMap((input) => input.match(/.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []),
  );
  writeFileSync(join(out, 'licenses.txt'), [...[...packages].sort().map(licenceOf), ...runtimeLicences()].join(''));
}

/** Of what crac-init and the context agent have built in, and of what the seccomp profile was made from. */
function runtimeLicences() {
  const ask = (...args) => execFileSync('go', args, { cwd: join(root, 'runtime', 'init'), encoding: 'utf8' }).trim();
  execFileSync('go', ['mod', 'download'], { cwd: join(root, 'runtime', 'init') });
  const profile = profileModule();
  const files = [
    ['Go', join(ask('env', 'GOROOT'), 'LICENSE')],
    ['golang.org/x/sys', join(ask('list', '-m', '-f', '{{.Dir}}', 'golang.org/x/sys'), 'LICENSE')],
    ['org.crac', join(root, 'runtime/context/src/main/resources/META-INF/licenses/org.crac.txt')],
    [`${profile.name}, of which seccomp/crac-bake.json is a changed copy\nApache-2.0`, join(profile.folder, 'LICENSE')],
  ];
  return files.map(([name, file]) => entry(name, readFileSync(file, 'utf8').trim()));
}

function entry(heading, text) {
  return `${heading}\n\n${text}\n\n${'-'.repeat(80)}\n\n`;
}

function licenceOf(folder) {
  const path = join(root, folder);
  const { name, version: its, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const file = ['LICENSE', 'LICENSE.md', 'license', 'LICENCE', 'LICENSE.txt', 'license.md', 'License.txt'].find((each) => {
    try {
      return readFileSync(join(path, each));
    } catch {
      return false;
    }
  });
  const text = file === undefined ? '(the package has no licence file)' : readFileSync(join(path, file), 'utf8').trim();
  return entry(`${name} ${its}\n${license}`, text);
}

function runScript(script, out) {
  execFileSync('bash', [join(root, script), out], { stdio: ['ignore', 'ignore', 'inherit'] });
}

export async function build(out, parts = ['bundles', 'init', 'agent']) {
  mkdirSync(out, { recursive: true });
  if (parts.includes('bundles')) await buildBundles(out);
  if (parts.includes('init')) runScript('runtime/init/build.sh', out);
  if (parts.includes('agent')) runScript('runtime/context/build.sh', out);
  if (out !== join(root, 'dist')) copyFileSync(join(root, 'package.json'), join(out, 'package.json'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const parts = process.argv.slice(2);
  await build(join(root, 'dist'), parts.length > 0 ? parts : undefined);
}
