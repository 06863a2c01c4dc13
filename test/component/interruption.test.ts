import test from 'ava';
import { bakeOnce, type Given } from './bench.ts';

const TWO_TAGS = { options: { tags: ['app:crac', 'app:2'] } };

/** Which commands a bake runs; those of the clean-up come after an interruption could matter. */
async function commandsOf(given: Given): Promise<string[]> {
  const { engine } = await bakeOnce(given);
  return engine.argvs.slice(
    0,
    engine.argvs.findIndex((argv) => argv.startsWith('ps ')),
  );
}

const runs: readonly [title: string, given: Given][] = [
  ['a bake that builds its image', TWO_TAGS],
  [
    'a bake of an image with volumes, without a helper image',
    { ...TWO_TAGS, script: { hasHelper: false, config: { Volumes: { '/data': {} } } } },
  ],
  ['a bake that the app triggers', { options: { ...TWO_TAGS.options, trigger: 'app' } }],
];

for (const [title, given] of runs) {
  for (const when of ['before', 'after'] as const) {
    test(`${title} leaves nothing when it is interrupted ${when} any of its commands`, async (t) => {
      const commands = await commandsOf(given);
      t.true(commands.length > 30);
      for (const [at, argv] of commands.entries()) {
        const { report, engine, folders, interrupted } = await bakeOnce({
          ...given,
          interruptAt: (its, _, index) => its === when && index === at,
        });
        const where = `${when} command ${at}, docker ${argv.slice(0, 60)}`;
        // Once the first tag is on its way, it is too late. What is cut off, as a log that is followed, never comes to its end.
        const late = (argv.startsWith('tag') && argv.includes(':restore app:')) || !interrupted;
        t.like(report, late ? { outcome: 'baked', exitCode: 0 } : { outcome: 'interrupted', exitCode: 130, tags: [] }, where);
        t.deepEqual(engine.left, { containers: [], images: late ? ['app:crac', 'app:2'] : [] }, where);
        t.is(folders.size, 0, where);
        t.deepEqual([...report.warnings], [], where);
      }
    });
  }
}

for (const [verb, step] of [
  ['create --name crac-bake-01234567-bake', 'start'],
  ['exec --user 0 crac-bake-01234567-bake', 'trigger'],
  ['commit --change ENTRYPOINT ["/opt/crac-bake/crac-init","restore"] --change CMD [] --change USER', 'assemble'],
  ['run --detach --name crac-bake-01234567-proof', 'prove'],
] as const) {
  test(`an interruption in the step ${step} names it`, async (t) => {
    const { report } = await bakeOnce({ interruptAt: (when, argv) => when === 'before' && argv.join(' ').startsWith(verb) });
    t.like(report.error, { code: 'interrupted', step });
    t.like(report.steps.at(-1), { detail: 'failed' });
  });
}

test('an interruption while the app becomes ready ends the wait at once', async (t) => {
  const given: Given = { script: { app: {}, buildMs: 0 }, options: { 'ready-timeout': '1h' } };
  const { report } = await bakeOnce({ ...given, interruptAtMs: 5000 });
  t.like(report.error, { code: 'interrupted', step: 'ready' });
  t.true((report.steps.at(-1)?.elapsedMs ?? Number.POSITIVE_INFINITY) < 6000);
});

test('--on-failure plain does not forgive an interruption', async (t) => {
  const { report, engine } = await bakeOnce({
    options: { 'on-failure': 'plain' },
    interruptAt: (when, argv) => when === 'before' && argv[0] === 'commit' && argv.join(' ').includes(':restore'),
  });
  t.is(report.outcome, 'interrupted');
  t.deepEqual(engine.left.images, []);
});
