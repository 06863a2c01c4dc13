import test from 'ava';
import { type CacheLibrary, hasCacheService, helperStore, saveHelper } from '../../../action/cache-store.ts';
import { ensureHelper } from '../../../src/bake/helper-image.ts';
import type { CommandResult } from '../../../src/ports.ts';

const IMAGE = 'crac-bake/helper:0123-amd64';

interface Given {
  readonly library?: Partial<CacheLibrary>;
  readonly fails?: RegExp;
  readonly signal?: AbortSignal;
}

function bench({ library = {}, fails = /^$/, signal = new AbortController().signal }: Given = {}) {
  const commands: string[] = [];
  const warnings: string[] = [];
  const calls: unknown[][] = [];
  const run = async ({ args }: { args: readonly string[] }): Promise<CommandResult> => {
    commands.push(args.join(' '));
    const failed = fails.test(args.join(' '));
    return {
      exitCode: failed ? 1 : 0,
      stdout: new TextEncoder().encode('[{"Id":"sha256:1","Os":"linux","Architecture":"amd64","Config":{}}]'),
      stderr: failed ? 'no' : '',
      timedOut: false,
    };
  };
  const cache: CacheLibrary = {
    restoreCache: async (...args) => {
      calls.push(['restore', ...args]);
      return 'found';
    },
    saveCache: async (...args) => {
      calls.push(['save', ...args]);
      return 1;
    },
    ...library,
  };
  const parts = {
    world: { run, emit: () => {}, signal },
    folder: '/no-such-folder',
    library: async () => cache,
    warn: (text: string) => warnings.push(text),
  };
  return { parts, commands, warnings, calls };
}

test('a cache is used only where the runner offers one', (t) => {
  t.false(hasCacheService({}));
  t.false(hasCacheService({ ACTIONS_RESULTS_URL: 'x' }));
  t.true(hasCacheService({ ACTIONS_RESULTS_URL: 'x', ACTIONS_RUNTIME_TOKEN: 'y' }));
  t.true(hasCacheService({ ACTIONS_CACHE_URL: 'x', ACTIONS_RUNTIME_TOKEN: 'y' }));
});

test('a hit is loaded, under a key made of the image’s name', async (t) => {
  const { parts, commands, calls } = bench();
  t.true(await helperStore(parts, () => {}).load(IMAGE));
  const file = '/no-such-folder/crac-bake-helper-0123-amd64.tar';
  t.deepEqual(calls, [['restore', [file], 'crac-bake-helper-0123-amd64']]);
  t.deepEqual(commands, [`load --input ${file}`]);
});

test('a miss is no warning', async (t) => {
  const { parts, commands, warnings } = bench({ library: { restoreCache: async () => undefined } });
  t.false(await helperStore(parts, () => {}).load(IMAGE));
  t.deepEqual([commands, warnings], [[], []]);
});

for (const [title, given] of [
  ['a service that fails', { library: { restoreCache: () => Promise.reject(new Error('503')) } }],
  ['a file that the engine does not take', { fails: /^load/ }],
] as const) {
  test(`${title} is a warning, and the image is built`, async (t) => {
    const { parts, warnings } = bench(given);
    t.false(await helperStore(parts, () => {}).load(IMAGE));
    t.is(warnings.length, 1);
    t.regex(warnings[0] ?? '', /could not be taken from the cache, so it is built: /);
  });
}

test('an interruption ends the wait for the cache', async (t) => {
  const controller = new AbortController();
  const { parts } = bench({ library: { restoreCache: () => new Promise(() => {}) }, signal: controller.signal });
  const loading = helperStore(parts, () => {}).load(IMAGE);
  controller.abort(new Error('interrupted'));
  t.false(await loading);
});

test('an image is saved under the same key, and what fails there is a warning', async (t) => {
  const good = bench();
  await saveHelper(good.parts, IMAGE);
  const file = '/no-such-folder/crac-bake-helper-0123-amd64.tar';
  t.deepEqual(good.commands, [`save --output ${file} ${IMAGE}`]);
  t.deepEqual(good.calls, [['save', [file], 'crac-bake-helper-0123-amd64']]);
  for (const given of [{ fails: /^save/ }, { library: { saveCache: () => Promise.reject(new Error('read-only')) } }]) {
    const bad = bench(given);
    await saveHelper(bad.parts, IMAGE);
    t.regex(bad.warnings[0] ?? '', /not put into the cache/);
  }
});

test('the core asks the store before it builds, and tells it of what it built', async (t) => {
  const files = { readText: async () => 'FROM scratch' };
  const asked: string[] = [];
  const ensure = async (loads: boolean, present: boolean) => {
    asked.length = 0;
    let known = present;
    const run = async ({ args }: { args: readonly string[] }): Promise<CommandResult> => {
      if (args[0] === 'build') asked.push('build');
      const there = args[0] === 'build' || known;
      return {
        exitCode: there ? 0 : 1,
        stdout: new TextEncoder().encode('[{"Id":"sha256:1","Os":"linux","Architecture":"amd64","Config":{}}]'),
        stderr: there ? '' : 'No such image',
        timedOut: false,
      };
    };
    const store = {
      load: async () => {
        asked.push('load');
        known = loads;
        return loads;
      },
      built: () => asked.push('built'),
    };
    const world = { run, emit: () => {}, signal: new AbortController().signal, files: files as never };
    const { built } = await ensureHelper(world, '/x', 'base', 'amd64', store);
    return [built, ...asked];
  };
  t.deepEqual(await ensure(true, true), [false]);
  t.deepEqual(await ensure(true, false), [false, 'load']);
  t.deepEqual(await ensure(false, false), [true, 'load', 'build', 'built']);
});
