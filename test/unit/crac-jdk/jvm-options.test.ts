import test from 'ava';
import {
  type CheckpointWishes,
  type CriuWish,
  checkpointOptions,
  type RestoreWishes,
  restoreOptions,
} from '../../../src/crac-jdk/jvm-options.ts';
import { BakeError } from '../../../src/errors.ts';
import { jvm } from './listings.ts';

const IMAGES_CRIU: CriuWish = { path: undefined, unprivileged: false, inheritsStdio: true, options: [] };
const OUR_CRIU: CriuWish = { path: '/opt/crac-bake/criu/criu', unprivileged: true, inheritsStdio: false, options: ['--file-locks'] };

const DIR = '/opt/crac-bake/checkpoint';
const PLAIN: CheckpointWishes = { checkpointTo: DIR, criu: IMAGES_CRIU, cpu: 'native' };

type Mapped = readonly [options: readonly string[], environment?: Readonly<Record<string, string>>];

const checkpoints: readonly [title: string, name: string, wishes: CheckpointWishes, expected: Mapped][] = [
  ['17, as it is', 'canonical-17', PLAIN, [[`-XX:CRaCCheckpointTo=${DIR}`, '-XX:CREngine=criuengine']]],
  [
    '17, our CRIU',
    'canonical-17',
    { ...PLAIN, criu: OUR_CRIU },
    [
      [`-XX:CRaCCheckpointTo=${DIR}`, '-XX:CREngine=criuengine'],
      { CRAC_CRIU_PATH: '/opt/crac-bake/criu/criu', CRAC_CRIU_OPTS: '--unprivileged --file-locks' },
    ],
  ],
  [
    '17, generic processor',
    'canonical-17',
    { ...PLAIN, cpu: 'generic' },
    [[`-XX:CRaCCheckpointTo=${DIR}`, '-XX:CREngine=criuengine', '-XX:CPUFeatures=generic']],
  ],
  [
    '21 of Zulu, which has the new names, our CRIU',
    'zulu-21',
    { ...PLAIN, criu: OUR_CRIU },
    [
      [`-XX:CRaCCheckpointTo=${DIR}`, '-XX:CRaCEngine=criu'],
      { CRAC_CRIU_PATH: '/opt/crac-bake/criu/criu', CRAC_CRIU_OPTS: '--unprivileged --file-locks' },
    ],
  ],
  ['21 of Liberica, which has the old ones', 'liberica-21', PLAIN, [[`-XX:CRaCCheckpointTo=${DIR}`, '-XX:CREngine=criuengine']]],
  ['25', 'canonical-25', PLAIN, [[`-XX:CRaCCheckpointTo=${DIR}`, '-XX:CRaCEngine=criuengine']]],
  [
    '26, our CRIU, by the engine’s options',
    'openjdk-26',
    { ...PLAIN, criu: OUR_CRIU },
    [
      [
        `-XX:CRaCCheckpointTo=${DIR}`,
        '-XX:CRaCEngine=criuengine',
        '-XX:CRaCEngineOptions=criu_location=/opt/crac-bake/criu/criu,args=--unprivileged --file-locks',
      ],
    ],
  ],
  ['26, as it is', 'openjdk-26', PLAIN, [[`-XX:CRaCCheckpointTo=${DIR}`, '-XX:CRaCEngine=criuengine']]],
  ['Warp needs no CRIU', 'zulu-25-warp', { ...PLAIN, criu: OUR_CRIU }, [[`-XX:CRaCCheckpointTo=${DIR}`, '-XX:CRaCEngine=warp']]],
  [
    'policies and stack traces',
    'canonical-17',
    { ...PLAIN, policiesFile: '/opt/crac-bake/policies', stackTraces: true },
    [
      [
        `-XX:CRaCCheckpointTo=${DIR}`,
        '-XX:CREngine=criuengine',
        '-Djdk.crac.resource-policies=/opt/crac-bake/policies',
        '-Djdk.crac.collect-fd-stacktraces=true',
      ],
    ],
  ],
];

for (const [title, name, wishes, [args, environment = {}]] of checkpoints) {
  test(`options for a checkpoint: ${title}`, (t) => {
    t.deepEqual(checkpointOptions(jvm(name), wishes) as unknown, { arguments: args, environment });
  });
}

const RESTORE: RestoreWishes = { restoreFrom: DIR, criu: IMAGES_CRIU, stdout: 'pipe:[11]', stderr: 'pipe:[12]', engineName: 'criuengine' };
const STREAMS = '--inherit-fd fd[1]:pipe:[11] --inherit-fd fd[2]:pipe:[12]';

const restores: readonly [title: string, name: string, wishes: RestoreWishes, expected: Mapped][] = [
  [
    '17, the image’s CRIU, which hands on the streams itself',
    'canonical-17',
    RESTORE,
    [[`-XX:CRaCRestoreFrom=${DIR}`, '-XX:CREngine=criuengine'], { CRAC_CRIU_OPTS: '--cpu-cap=none' }],
  ],
  [
    '17, our CRIU: the streams are named',
    'canonical-17',
    { ...RESTORE, criu: OUR_CRIU },
    [
      [`-XX:CRaCRestoreFrom=${DIR}`, '-XX:CREngine=criuengine'],
      { CRAC_CRIU_PATH: '/opt/crac-bake/criu/criu', CRAC_CRIU_OPTS: `--unprivileged --file-locks --cpu-cap=none ${STREAMS}` },
    ],
  ],
  [
    'a stream that is no pipe is not named',
    'canonical-17',
    { ...RESTORE, criu: OUR_CRIU, stdout: '/dev/null' },
    [
      [`-XX:CRaCRestoreFrom=${DIR}`, '-XX:CREngine=criuengine'],
      {
        CRAC_CRIU_PATH: '/opt/crac-bake/criu/criu',
        CRAC_CRIU_OPTS: '--unprivileged --file-locks --cpu-cap=none --inherit-fd fd[2]:pipe:[12]',
      },
    ],
  ],
  [
    '26, which says itself that it looks at the processor',
    'openjdk-26',
    { ...RESTORE, criu: OUR_CRIU, criuLog: '/dev/shm/crac-bake/restore.log' },
    [
      [
        `-XX:CRaCRestoreFrom=${DIR}`,
        '-XX:CRaCEngine=criuengine',
        `-XX:CRaCEngineOptions=criu_location=/opt/crac-bake/criu/criu,args=--unprivileged --file-locks ${STREAMS} -v4 -o /dev/shm/crac-bake/restore.log`,
      ],
    ],
  ],
  [
    'the engine of the checkpoint',
    'zulu-25-warp',
    { ...RESTORE, engineName: 'warp' },
    [[`-XX:CRaCRestoreFrom=${DIR}`, '-XX:CRaCEngine=warp']],
  ],
];

for (const [title, name, wishes, [args, environment = {}]] of restores) {
  test(`options for a restore: ${title}`, (t) => {
    t.deepEqual(restoreOptions(jvm(name), wishes) as unknown, { arguments: args, environment });
  });
}

test('flags that are locked are unlocked before', (t) => {
  const facts = jvm('openjdk-26');
  const flag = facts.crac?.flags.cpuFeatures;
  const locked = { ...facts, crac: { ...facts.crac, flags: { ...facts.crac?.flags, cpuFeatures: { ...flag, kind: 'experimental' } } } };
  const [first, ...rest] = checkpointOptions(locked as typeof facts, { ...PLAIN, cpu: 'generic' }).arguments;
  t.is(first, '-XX:+UnlockExperimentalVMOptions');
  t.is(rest.at(-1), '-XX:CPUFeatures=generic');
});

test('an engine that the image sets itself is left to it at the checkpoint, and named at the restore', (t) => {
  const facts = jvm('zulu-21');
  const engine = { ...facts.crac?.flags.engine, origin: 'environment' };
  const set = { ...facts, crac: { ...facts.crac, flags: { ...facts.crac?.flags, engine } } } as typeof facts;
  t.deepEqual(checkpointOptions(set, PLAIN).arguments as string[], [`-XX:CRaCCheckpointTo=${DIR}`]);
  t.true(restoreOptions(set, { ...RESTORE, engineName: 'criu' }).arguments.includes('-XX:CRaCEngine=criu'));
});

test('a wish for which the version has no flag is refused by name, not dropped', (t) => {
  const error = t.throws(() => checkpointOptions(jvm('canonical-25'), { ...PLAIN, cpu: 'generic' }), { instanceOf: BakeError });
  t.is(error?.code, 'jvm-lacks-flag');
  t.regex(error?.message ?? '', /processor baseline/);
  t.regex(error?.details ?? '', /^Java 25\.0\.1 /);
});

test('a JVM without CRaC gets no options', (t) => {
  for (const ask of [() => checkpointOptions(jvm('debian-17-stock'), PLAIN), () => restoreOptions(jvm('debian-17-stock'), RESTORE)]) {
    const error = t.throws(ask, { instanceOf: BakeError });
    t.is(error?.code, 'no-crac-jdk');
    t.regex(error?.message ?? '', /OpenJDK 64-Bit Server VM 17\.0\.15/);
  }
});
