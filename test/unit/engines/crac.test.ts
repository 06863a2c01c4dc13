import test from 'ava';
import { type CracJvm, cracEngine } from '../../../src/engines/crac.ts';
import type { OptionName } from '../../../src/spec/options.ts';
import { parseOptions, type RawValue } from '../../../src/spec/values.ts';
import { jvm } from '../crac-jdk/listings.ts';

const parsed = (given: Partial<Record<OptionName, RawValue>> = {}) => parseOptions(given);

const engine = (name: string, ownCriu?: CracJvm['ownCriu']) => cracEngine({ facts: jvm(name), program: '/opt/jdk/bin/java', ownCriu });

const FORK = { path: '/opt/jdk/lib/criu', unprivileged: false, inheritsStdio: true } as const;

const FOLDER = '-XX:CRaCCheckpointTo=/opt/crac-bake/checkpoint';
const COMMON = '--no-default-config --manage-cgroups=ignore';
const AT_RESTORE = `${COMMON} --pidfile /dev/shm/crac-bake/pid -o /dev/shm/crac-bake/restore.log`;
const STREAMS = '--inherit-fd fd[1]:pipe:[11] --inherit-fd fd[2]:pipe:[12]';

test('the JVM finds crac-init in CRIU’s place, by the means that its version has', (t) => {
  t.deepEqual(engine('canonical-17').bakeEnvironment(parsed(), []) as object, {
    JAVA_TOOL_OPTIONS: `${FOLDER} -XX:CREngine=criuengine`,
    CRAC_CRIU_PATH: '/opt/crac-bake/jvm/criu',
    CRAC_CRIU_OPTS: `--unprivileged ${COMMON}`,
  });
  t.deepEqual(engine('openjdk-26').bakeEnvironment(parsed(), []) as object, {
    JAVA_TOOL_OPTIONS: `${FOLDER} -XX:CRaCEngine=criuengine "-XX:CRaCEngineOptions=criu_location=/opt/crac-bake/jvm/criu,args=--unprivileged ${COMMON}"`,
  });
});

test('the fork gets no option that it does not know', (t) => {
  t.is(engine('canonical-17', FORK).bakeEnvironment(parsed(), []).CRAC_CRIU_OPTS, COMMON);
});

test('what the image and the user give the JVM stays, before ours; other variables too', (t) => {
  const { JAVA_TOOL_OPTIONS, A } = engine('canonical-17').bakeEnvironment(parsed({ env: 'A=1' }), ['JAVA_TOOL_OPTIONS=-Xmx1g "-Da=b c"']);
  t.is(JAVA_TOOL_OPTIONS, `-Xmx1g "-Da=b c" ${FOLDER} -XX:CREngine=criuengine`);
  t.is(A, '1');
});

test('on-refresh: Spring is told', (t) => {
  const { JAVA_TOOL_OPTIONS } = engine('zulu-21').bakeEnvironment(parsed({ trigger: 'on-refresh' }), []);
  t.regex(JAVA_TOOL_OPTIONS ?? '', / -Dspring\.context\.checkpoint=onRefresh$/);
});

test('policies are a file in the JVM’s format, and the JVM is told where it is', (t) => {
  const options = parsed({ 'resource-policies': 'type: file\npath: /var/log/*\naction: reopen' });
  t.regex(
    engine('zulu-21').bakeEnvironment(options, []).JAVA_TOOL_OPTIONS ?? '',
    / -Djdk\.crac\.resource-policies=\/opt\/crac-bake\/jvm\/resource-policies$/,
  );
  t.deepEqual(
    [...engine('zulu-21').files(options)],
    [
      { name: 'jvm/criu', link: '../crac-init' },
      { name: 'jvm/resource-policies', content: 'type: file\npath: /var/log/*\naction: reopen\n' },
    ],
  );
  t.deepEqual([...engine('zulu-21').files(parsed())], [{ name: 'jvm/criu', link: '../crac-init' }]);
});

const triggers: readonly [
  title: string,
  name: string,
  own: CracJvm['ownCriu'],
  given: Partial<Record<OptionName, RawValue>>,
  words: string[],
][] = [
  ['the JVM is asked', 'canonical-17', undefined, {}, ['--trigger', 'jvm']],
  ['the app asks', 'canonical-17', undefined, { trigger: 'app' }, ['--trigger', 'jvm-wait']],
  ['Spring asks', 'canonical-17', undefined, { trigger: 'on-refresh' }, ['--trigger', 'jvm-wait']],
  ['the JDK’s own CRIU', 'canonical-17', FORK, {}, ['--trigger', 'jvm', '--criu-program', '/opt/jdk/lib/criu']],
  ['no CRIU at all', 'zulu-25-warp', undefined, {}, ['--trigger', 'jvm', '--not-criu']],
];

for (const [title, name, own, given, words] of triggers) {
  test(`the trigger in the runtime’s words: ${title}`, (t) => {
    t.deepEqual([...engine(name, own).trigger(parsed(given))], words);
  });
}

test('a restore names the folder, the engine of the bake, and the pipes where CRIU does not hand them on itself', (t) => {
  const dumped = { stdout: 'pipe:[11]', stderr: 'pipe:[12]' };
  const ours = engine('canonical-17').restore(parsed({ env: 'PASSWORD=x' }), ['JAVA_TOOL_OPTIONS=-Xmx1g'], dumped);
  t.like(ours, {
    program: '/opt/jdk/bin/java',
    arguments: ['-XX:CRaCRestoreFrom=/opt/crac-bake/checkpoint', '-XX:CREngine=criuengine'],
    environment: {
      CRAC_CRIU_PATH: '/opt/crac-bake/jvm/criu',
      CRAC_CRIU_OPTS: `--unprivileged ${AT_RESTORE} --cpu-cap=none ${STREAMS}`,
    },
    variables: ['PASSWORD', 'JAVA_TOOL_OPTIONS', 'CRAC_CRIU_PATH', 'CRAC_CRIU_OPTS'],
    bakeOptions: ['-Xmx1g', FOLDER, '-XX:CREngine=criuengine'],
    criu: '',
    notCriu: false,
  });
  t.false(JSON.stringify(ours).includes('"x"'), 'a value of the bake is in the manifest');
  t.true(ours?.settable.includes('CRaCRestoreFrom'));
  const own = engine('canonical-17', FORK).restore(parsed(), [], dumped);
  t.is(own?.environment.CRAC_CRIU_OPTS, `${AT_RESTORE} --cpu-cap=none`);
  t.is(own?.criu, '/opt/jdk/lib/criu');
});

test('an engine that is no CRIU needs no capability, no variable and no file of CRIU', (t) => {
  const warp = engine('zulu-25-warp');
  t.deepEqual([...warp.restoreCapabilities(['NET_BIND_SERVICE'], true)], ['NET_BIND_SERVICE']);
  t.deepEqual([...warp.requiredFiles(513)], ['core.img']);
  t.deepEqual(Object.keys(warp.bakeEnvironment(parsed(), [])), ['JAVA_TOOL_OPTIONS']);
  t.like(warp.restore(parsed(), [], { stdout: 'pipe:[11]', stderr: 'pipe:[12]' }), {
    arguments: ['-XX:CRaCRestoreFrom=/opt/crac-bake/checkpoint', '-XX:CRaCEngine=warp'],
    environment: {},
    notCriu: true,
  });
});

test('with CRIU the least capabilities and the files are those of the engine criu', (t) => {
  t.deepEqual([...engine('zulu-21').restoreCapabilities([], true)], ['CHECKPOINT_RESTORE', 'SETPCAP']);
  t.true(engine('zulu-21').requiredFiles(513).includes('core-513.img'));
});

test('a folder of the image’s own in the command makes way for that of the bake', (t) => {
  t.deepEqual([...engine('zulu-21').bakeCommand(['java', '-XX:CRaCCheckpointTo=/cr', '-jar', 'a.jar'])], ['java', '-jar', 'a.jar']);
});
