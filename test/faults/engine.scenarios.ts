// The engine falls ill in the middle of a bake.

import { setTimeout as pause } from 'node:timers/promises';
import type { SmallEngine } from '../docker/support/small-engine.ts';
import type { Effect, Fault } from './support/proxy.ts';
import { type EngineScenario, fails } from './support/scenario.ts';

const CREATE_APP = /^POST \/containers\/create\?name=crac-bake-\w+-bake$/;
const CREATE_PROOF = /^POST \/containers\/create\?name=crac-bake-\w+-proof$/;
const WAIT_FOR_APP = /^POST \/containers\/\S+-bake\/wait/;
const CHECK = /^POST \/containers\/crac-bake-\w+-check\/exec$/;
const DUMP = /^POST \/containers\/crac-bake-\w+-bake\/exec$/;
const COMMIT = /^POST \/commit\?.*container=crac-bake-\w+-bake&/;
const LOOK = /^GET \/images\/.*tiny:app\/json/;
const TAG = /^POST \/images\/crac-bake-run\/\w+:restore\/tag/;
const SECOND_TAG = /^POST \/images\/crac-bake-run\/\w+:restore\/tag\?.*tag=second/;

const once = (at: RegExp, effect: Effect) => (): Fault[] => [{ at, effect, lasts: 'once' }];
const forGood = (at: RegExp, effect: Effect) => (): Fault[] => [{ at, effect, lasts: 'from-then-on' }];
const refused = (message: string): Effect => ({ status: 500, message });

/** The daemon is killed as the request comes, and started again a moment later. */
const killedAt =
  (at: RegExp) =>
  (engine: SmallEngine): Fault[] => {
    const effect = {
      first: async () => {
        engine.kill();
        await pause(1000);
        engine.restart().catch(() => {});
      },
    };
    return [{ at, effect, lasts: 'once' }];
  };

const QUICK = ['--engine-timeout', '2s', '--ready-timeout', '2s', '--hooks-timeout', '1s', '--checkpoint-timeout', '1s'];

const TWO_TAGS = ['--tag', 'fault:second'];
const LOST = fails('engine-lost', 20);
const NO_ENGINE = fails('no-engine', 6);
const STAYS_AWAY = { args: QUICK, withinS: 25, staysAway: true } as const;

/** Those that kill the daemon come last: each start of it has the host checked anew. */
export const ENGINE_SCENARIOS: readonly EngineScenario[] = [
  { row: 2, title: 'the connection breaks while the host is checked', ...LOST, faults: once(CHECK, 'close') },
  { row: 2, title: 'the connection breaks as the process is dumped', quick: true, ...LOST, faults: once(DUMP, 'close') },
  { row: 2, title: 'the connection breaks during the dump', ...LOST, faults: once(/^POST \/exec\/\w+\/start/, 'close') },
  { row: 2, title: 'the connection breaks while the app becomes ready', ...LOST, faults: once(WAIT_FOR_APP, 'close') },
  {
    row: 2,
    title: 'the daemon goes away during the commit and does not come back',
    ...LOST,
    faults: forGood(COMMIT, 'close'),
    ...STAYS_AWAY,
  },
  {
    row: 4,
    title: 'no answer when the engine is asked who it is',
    quick: true,
    ...NO_ENGINE,
    faults: forGood(/^GET \/info/, 'hang'),
    args: QUICK,
  },
  {
    row: 4,
    title: 'no answer when the app’s container is created, nor ever after',
    ...LOST,
    faults: forGood(CREATE_APP, 'hang'),
    ...STAYS_AWAY,
  },
  { row: 4, title: 'no answer from the dump', ...LOST, withinS: 20, faults: once(DUMP, 'hang'), args: QUICK },
  { row: 4, title: 'no answer when the proof is started', ...LOST, faults: once(CREATE_PROOF, 'hang'), args: QUICK },
  {
    row: 4,
    title: 'an error when the app image is looked at',
    ...fails('engine-refused'),
    faults: once(LOOK, refused('database is locked')),
  },
  { row: 4, title: 'an error when the app’s container is created', ...fails('start-failed'), faults: once(CREATE_APP, refused('no room')) },
  { row: 4, title: 'an error from the commit', ...fails('assembly-failed'), faults: once(COMMIT, refused('layer store is broken')) },
  {
    row: 4,
    title: 'an error when the proof is started',
    ...fails('restore-failed'),
    faults: once(CREATE_PROOF, refused('quota exceeded')),
  },
  { row: 3, title: 'an error from the tag', ...fails('tag-failed'), faults: once(TAG, refused('reference is locked')) },
  {
    row: 3,
    title: 'an error from the second of two tags: the first stands for what it stood for',
    quick: true,
    ...fails('tag-failed'),
    faults: once(SECOND_TAG, refused('reference is locked')),
    args: TWO_TAGS,
  },
  {
    row: 3,
    title: 'the connection breaks between two tags: the first stands for what it stood for',
    ...LOST,
    faults: once(SECOND_TAG, 'close'),
    args: TWO_TAGS,
  },
  { row: 2, title: 'the daemon is killed as the process is dumped, and restarted', ...LOST, withinS: 20, faults: killedAt(DUMP) },
  { row: 2, title: 'the daemon is killed as the image is committed, and restarted', ...LOST, withinS: 20, faults: killedAt(COMMIT) },
  { row: 3, title: 'the daemon is killed between commit and tag, and restarted', ...LOST, withinS: 20, faults: killedAt(TAG) },
  {
    row: 3,
    title: 'the daemon is killed between two tags, and restarted: the first stands for what it stood for',
    ...LOST,
    withinS: 20,
    faults: killedAt(SECOND_TAG),
    args: TWO_TAGS,
  },
];

/** The tags stay half moved, which is said. */
export const AWAY_BETWEEN_TAGS: EngineScenario = {
  row: 3,
  title: 'the daemon goes away between two tags and does not come back: a warning says which tag was moved',
  ...LOST,
  withinS: 30,
  faults: forGood(SECOND_TAG, 'close'),
  args: [...TWO_TAGS, '--tag', 'fault:third', ...QUICK],
};
