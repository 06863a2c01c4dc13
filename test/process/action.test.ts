import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { OUTPUTS } from '../../action/outputs.ts';
import { commandIn, HOSTILE } from '../unit/action/runner-commands.ts';
import { action } from './action.ts';
import { startCacheService } from './cache-service.ts';
import { ENGINE, type Rule } from './cli.ts';

const before = (...rules: Rule[]) => [...rules, ...ENGINE];

const DOCKERFILE = { Dockerfile: 'FROM a\nENTRYPOINT ["x"]\n' };

const RUN = '01234567-89ab-cdef-0123-456789abcdef';

/** An engine that builds the helper image and never the app's. */
const HELPER_ONLY = before(
  { match: 'build --progress plain --build-arg BASE' },
  { match: 'build', hangs: true },
  { match: 'create', exitCode: 1 },
);

/** Commands to the runner among the lines, each as its name. */
const commands = (stdout: string) => stdout.split('\n').flatMap((line) => commandIn(line) ?? []);

const errors = (stdout: string) => stdout.split('\n').filter((line) => line.startsWith('::error'));

test('without any input: a usage failure with outputs, report, summary, one annotation and state', async (t) => {
  const run = await action('main');
  t.is(run.exitCode, 1);
  t.deepEqual(Object.keys(run.outputs).sort(), Object.keys(OUTPUTS).sort());
  t.like(run.outputs, { outcome: 'usage', image: '', 'cold-ms': '' });
  t.like(run.report, { version: 1, outcome: 'usage', exitCode: 2, error: { code: 'usage' } });
  t.regex(run.summary, /^## Not baked: There is no tag for the restore image/);
  t.deepEqual(errors(run.stdout).length, 1);
  t.regex(
    run.stdout,
    /^::error title=crac-bake%3A There is no tag for the restore image::What to do: Give `tags` NAME:TAG, or tags in crac-bake\.yml\.%0A\[usage, step options\]$/m,
  );
  t.regex(run.state.run ?? '', /^[\da-f-]{36}$/);
  t.deepEqual(run.calls, []);
  t.is(run.stderr, '');
});

test('a value that an input cannot take, in the words of inputs', async (t) => {
  const run = await action('main', { inputs: { tags: 'a:1', 'ready-timeout': 'soon' } });
  t.is(run.exitCode, 1);
  t.like(run.outputs, { outcome: 'usage' });
  t.regex(
    run.stdout,
    /::error title=crac-bake%3A `ready-timeout` takes a time such as 500ms%2C 30s or 2m%2C not "soon"::What to do: See docs\/action\.md\.%0A/,
  );
});

test('variables of the command line are not read', async (t) => {
  const run = await action('main', { env: { CRAC_BAKE_TAGS: 'a:1', CRAC_BAKE_JSON: 'true' } });
  t.regex(run.stdout, /There is no tag/);
  t.notRegex(run.stdout, /^\{/m);
});

test('options come from the config file in the workspace; inputs win over it, and its mistakes are told with their place', async (t) => {
  const files = { ...DOCKERFILE, 'crac-bake.yml': 'tags: [shop:crac]\nready: ftp:1\n' };
  const bad = await action('main', { files });
  t.is(bad.outputs.outcome, 'usage');
  t.regex(bad.stdout, /^Options of crac-bake\.yml$/m);
  t.regex(bad.stdout, /::error title=crac-bake%3A crac-bake\.yml%3A2%3A8%3A ready takes/);
  const good = await action('main', { files, inputs: { ready: 'tcp:1' } });
  t.is(good.outputs.outcome, 'build');
  const elsewhere = await action('main', { files: { ...DOCKERFILE, 'ci.yml': 'tag: a\n' }, inputs: { config: 'ci.yml' } });
  t.regex(elsewhere.stdout, /ci\.yml%3A1%3A1%3A there is no option tag\. Is tags meant\?/);
});

test('without a docker command: outcome host and what to install', async (t) => {
  const run = await action('main', { docker: 'none', inputs: { tags: 'a:1' }, files: DOCKERFILE });
  t.is(run.exitCode, 1);
  t.is(run.outputs.outcome, 'host');
  t.regex(run.stdout, /::error title=crac-bake%3A There is no docker command::What to do: Install Docker/);
});

const HOSTILE_BUILD = before(
  { match: 'build --progress plain --build-arg BASE', hangs: true },
  { match: 'build', exitCode: 1, stderr: `#7 \x1b[31mboom\x1b[0m hunter2\n${HOSTILE.join('\n')}\nERROR: failed to solve\n` },
);

test('what a build writes cannot speak to the runner, and the user’s values are not shown', async (t) => {
  const inputs = { tags: 'a:1', 'build-args': 'DB_PASSWORD=hunter2\nBASE=boom', env: 'OTHER=failed to' };
  const run = await action('main', { docker: HOSTILE_BUILD, inputs, files: DOCKERFILE });
  t.is(run.outputs.outcome, 'build');
  t.deepEqual(commands(run.stdout), ['add-mask', 'group', 'endgroup', 'group', 'endgroup', 'group', 'endgroup', 'error']);
  t.deepEqual(run.stdout.match(/^::add-mask::.*$/gm), ['::add-mask::hunter2']);
  const shown = run.stdout.replace(/^::add-mask::.*$/gm, '') + run.summary + JSON.stringify(run.report);
  t.notRegex(shown, /hunter2|failed to|\x1b/);
  t.regex(run.summary, /boom \*\*\*[\s\S]*ERROR: \*\*\* solve/);
  t.regex(run.stdout, /^ {2}\| #7 boom \*\*\*$/m);
});

test('groups do not nest, though two steps run side by side', async (t) => {
  const docker = before(
    { match: 'build --progress plain --build-arg BASE', stderr: 'of the helper\n', exitCode: 1 },
    { match: 'build', hangs: true },
  );
  const run = await action('main', { docker, inputs: { tags: 'a:1' }, files: DOCKERFILE });
  let open = 0;
  for (const command of commands(run.stdout)) {
    if (command === 'group') open += 1;
    if (command === 'endgroup') open -= 1;
    t.true(open === 0 || open === 1);
  }
  t.is(open, 0);
  const [, helper = ''] = /^::group::✗ Check the engine.*\n([\s\S]*?)^::endgroup::$/m.exec(run.stdout) ?? [];
  t.regex(helper, /\| of the helper/);
  t.notRegex(helper, /crac-bake-run/);
  t.regex(run.stdout, /^::group::✗ Get the app image.*\n\$ docker build .*crac-bake-run.*\n::endgroup::$/m);
});

test('the app image tagged unchanged: green, outcome plain, a warning', async (t) => {
  const image = JSON.stringify([
    { Id: 'sha256:1', Os: 'linux', Architecture: 'amd64', Config: { Entrypoint: ['x'], ExposedPorts: { '80/tcp': {} } } },
  ]);
  const docker = before({ match: 'image inspect app:1', stdout: image }, { match: 'tag app:1 b:1' });
  const run = await action('main', { docker, inputs: { image: 'app:1', tags: 'b:1', 'on-failure': 'plain' } });
  t.is(run.exitCode, 0);
  t.like(run.outputs, { outcome: 'plain', image: 'b:1', 'image-id': '', 'restore-flags': '' });
  t.deepEqual(errors(run.stdout), []);
  t.regex(run.stdout, /^::warning title=crac-bake::Not baked: The helper image with CRIU could not be built/m);
  t.regex(run.summary, /^## Tagged unchanged: b:1/);
});

test('a cancelled job: outcome interrupted, the build ended, the clean-up done', async (t) => {
  const docker = before({ match: 'build', hangs: true });
  const signal = { name: 'SIGINT', when: 'Get the app image' } as const;
  const run = await action('main', { docker, inputs: { tags: 'a:1' }, files: DOCKERFILE, signal });
  t.like(run, { exitCode: 1, timedOut: false });
  t.is(run.outputs.outcome, 'interrupted');
  t.true(run.calls.some(({ args }) => args.startsWith('ps --all')));
});

const IMAGE = 'crac-bake/helper:0123-amd64';

test('a helper image that was built is saved, and loaded by a later run', async (t) => {
  const cache = await startCacheService();
  const folder = await mkdtemp(join(tmpdir(), 'machine-'));
  const bakes = { inputs: { tags: 'a:1' }, files: DOCKERFILE, env: cache.env, folder };
  try {
    const built = await action('main', { ...bakes, docker: HELPER_ONLY });
    t.regex(built.state.helper ?? '', /^crac-bake\/helper:\w+-amd64$/);
    t.notRegex(built.stdout, /::warning/);
    const docker = before({ match: 'save', file: 'the image' });
    const saved = await action('post', { docker, state: built.state, env: cache.env, folder });
    t.is(saved.exitCode, 0);
    t.notRegex(saved.stdout, /::warning/);
    t.is(cache.stored.length, 1);
    const loaded = await action('main', { ...bakes, docker: before({ match: 'load' }, ...HELPER_ONLY) });
    const load = loaded.calls.find(({ args }) => args.startsWith('load'))?.args;
    t.regex(load ?? '', /^load --input \S+\/crac-bake-helper-\w+-amd64\.tar$/);
    t.notRegex(loaded.stdout, /could not be taken from the cache/);
    t.deepEqual(await readdir(join(folder, 'runner')).then((names) => names.filter((name) => name.endsWith('.tar'))), []);
  } finally {
    await cache.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

test('a cache that refuses is a warning, and the helper is built', async (t) => {
  const cache = await startCacheService({ refuses: true });
  try {
    const run = await action('main', { docker: HELPER_ONLY, inputs: { tags: 'a:1' }, files: DOCKERFILE, env: cache.env });
    t.true(cache.asked > 0);
    t.true(run.calls.some(({ args }) => args.startsWith('build --progress plain --build-arg BASE')));
    const post = await action('post', { docker: before({ match: 'save', file: 'x' }), state: { run: RUN, helper: IMAGE }, env: cache.env });
    t.is(post.exitCode, 0);
    t.regex(post.stdout, /^::warning::/m);
  } finally {
    await cache.stop();
  }
});

test('without files of the runner the outputs go to the log, and nothing fails for it', async (t) => {
  const run = await action('main', { env: { GITHUB_OUTPUT: '', GITHUB_STATE: '', GITHUB_STEP_SUMMARY: '' } });
  t.is(run.exitCode, 1);
  t.regex(run.stdout, /^::set-output name=outcome::usage$/m);
});

test('the bundle runs from a folder that holds nothing else', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'dist-test-'));
  try {
    const dist = fileURLToPath(new URL('../../dist', import.meta.url));
    for (const name of await readdir(dist)) if (name.endsWith('.js')) await cp(join(dist, name), join(folder, name));
    t.is((await action('main', { dist: folder })).outputs.outcome, 'usage');
    t.is((await action('post', { dist: folder })).exitCode, 0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('the post step removes what its run left, and nothing of others', async (t) => {
  const docker = before(
    { match: 'ps', stdout: `abc ${RUN}\n` },
    { match: 'images', stdout: 'crac-bake-run/01234567:app\n' },
    { match: 'rm --force --volumes abc' },
    { match: 'rmi --force crac-bake-run/01234567:app' },
  );
  const run = await action('post', { docker, state: { run: RUN } });
  t.like(run, { exitCode: 0, stdout: 'Removed 1 containers, 1 images.\n', stderr: '' });
  for (const { args } of run.calls) if (/^(ps|images|volume ls|network ls)/.test(args)) t.regex(args, /01234567/);
});

test('the post step says when nothing was left, and does nothing without a run', async (t) => {
  t.is((await action('post', { state: { run: RUN } })).stdout, 'Nothing was left.\n');
  const none = await action('post');
  t.like(none, { exitCode: 0, stdout: '', calls: [] });
});

for (const [title, docker] of [
  ['a docker command', 'none'],
  ['a daemon', [{ match: '', exitCode: 1, stderr: 'Cannot connect to the Docker daemon\n' }]],
] as const) {
  test(`the post step does not fail without ${title}`, async (t) => {
    const run = await action('post', { docker, state: { run: RUN } });
    t.like(run, { exitCode: 0, stderr: '' });
    t.regex(run.stdout, /^The engine was not asked for what is left: /);
    t.deepEqual(commands(run.stdout), []);
  });
}

test.serial('before the first docker command the action takes at most 250 ms more than an empty program', async (t) => {
  const costs: number[] = [];
  const empty: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const run = await action('main', { inputs: { tags: 'a:1' }, files: DOCKERFILE });
    costs.push((run.calls[0]?.at ?? Number.POSITIVE_INFINITY) - run.startedAt);
    const start = Date.now();
    execFileSync(process.execPath, ['--eval', '']);
    empty.push(Date.now() - start);
  }
  const overhead = Math.min(...costs) - Math.min(...empty);
  t.log(`${Math.round(overhead)} ms more than ${Math.min(...empty)} ms`);
  // On a machine so busy that an empty program takes long, as many times that.
  t.true(overhead <= Math.max(250, Math.min(...empty) * 6), `${overhead} ms`);
});

test('the cache library is a chunk of its own, which nothing loads without a cache', async (t) => {
  const dist = fileURLToPath(new URL('../../dist', import.meta.url));
  const chunks = (await readdir(dist)).filter((name) => name.startsWith('action-cache-'));
  t.is(chunks.length, 1);
  const env = { NODE_OPTIONS: '--no-warnings', NODE_DEBUG: 'module,esm' };
  const { stderr } = await action('main', { inputs: { tags: 'a:1' }, files: DOCKERFILE, env });
  t.false(stderr.includes(chunks[0] ?? 'x'));
});
