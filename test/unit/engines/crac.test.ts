import test from 'ava';
import { cracEngine } from '../../../src/engines/crac.ts';
import { parseOptions } from '../../../src/spec/values.ts';
import { ENGINE_HELP_26, jvm } from '../crac-jdk/listings.ts';

const OURS = { ownCriu: undefined, program: '/jdk/bin/java' };
const DUMPED = { stdout: 'pipe:[11]', stderr: 'pipe:[12]' };
const SHIM = '/opt/crac-bake/jvm/criu';
const RESTORE_OPTIONS =
  '--unprivileged --no-default-config --manage-cgroups=ignore --pidfile /dev/shm/crac-bake/pid -o /dev/shm/crac-bake/restore.log --skip-file-rwx-check';

test('17: folder and engine by flags, CRIU by variables; the image’s own options stay before them', (t) => {
  const engine = cracEngine({ facts: jvm('canonical-17'), ...OURS });
  t.deepEqual(engine.bakeEnvironment(parseOptions({ env: 'A=1' }), ['JAVA_TOOL_OPTIONS=-Xss1m'], 'native') as object, {
    A: '1',
    JAVA_TOOL_OPTIONS: '-Xss1m -XX:CRaCCheckpointTo=/opt/crac-bake/checkpoint -XX:CREngine=criuengine',
    CRAC_CRIU_PATH: SHIM,
    CRAC_CRIU_OPTS: '--unprivileged --no-default-config --manage-cgroups=ignore',
  });
  const restore = engine.restore(parseOptions({ env: 'A=1' }), ['JAVA_TOOL_OPTIONS=-Xss1m'], 'native', DUMPED);
  t.like(restore, {
    program: '/jdk/bin/java',
    arguments: ['-XX:CRaCRestoreFrom=/opt/crac-bake/checkpoint', '-XX:CREngine=criuengine'],
    variables: ['A', 'JAVA_TOOL_OPTIONS', 'CRAC_CRIU_PATH', 'CRAC_CRIU_OPTS'],
    bakeOptions: ['-Xss1m', '-XX:CRaCCheckpointTo=/opt/crac-bake/checkpoint', '-XX:CREngine=criuengine'],
    criu: '',
    notCriu: false,
  });
  t.is(restore?.environment.CRAC_CRIU_OPTS, `${RESTORE_OPTIONS} --cpu-cap=none --inherit-fd fd[1]:pipe:[11] --inherit-fd fd[2]:pipe:[12]`);
});

test('26: CRIU by the engine’s options, which hold blanks and so are quoted in JAVA_TOOL_OPTIONS', (t) => {
  const engine = cracEngine({ facts: jvm('openjdk-26', ENGINE_HELP_26), ...OURS });
  const { JAVA_TOOL_OPTIONS, ...others } = engine.bakeEnvironment(parseOptions({}), [], 'native');
  t.deepEqual(others, {});
  t.regex(
    JAVA_TOOL_OPTIONS ?? '',
    /"-XX:CRaCEngineOptions=criu_location=\/opt\/crac-bake\/jvm\/criu,args=--unprivileged --no-default-config/,
  );
  const restore = engine.restore(parseOptions({}), [], 'native', DUMPED);
  t.true(
    restore?.arguments.includes(
      `-XX:CRaCEngineOptions=criu_location=${SHIM},args=${RESTORE_OPTIONS} --inherit-fd fd[1]:pipe:[11] --inherit-fd fd[2]:pipe:[12]`,
    ),
  );
  t.deepEqual(restore?.environment, {});
});

test('the JDK’s own CRIU: PID 1 runs it in place of ours, without what its family does by itself or does not know', (t) => {
  const ownCriu = { path: '/jdk/lib/criu', unprivileged: false, inheritsStdio: true };
  const engine = cracEngine({ facts: jvm('zulu-21'), program: '/jdk/bin/java', ownCriu });
  t.deepEqual([...engine.trigger(parseOptions({}))], ['--trigger', 'jvm', '--criu-program', '/jdk/lib/criu']);
  const restore = engine.restore(parseOptions({}), [], 'native', DUMPED);
  t.is(restore?.criu, '/jdk/lib/criu');
  t.notRegex(restore?.environment.CRAC_CRIU_OPTS ?? '', /--unprivileged|--inherit-fd|--skip-file-rwx-check/);
});

test('Warp: no CRIU, no capability, the host’s clock, and a file of its own', (t) => {
  const engine = cracEngine({ facts: jvm('zulu-25-warp'), ...OURS });
  t.deepEqual([...engine.trigger(parseOptions({}))], ['--trigger', 'jvm', '--not-criu']);
  t.deepEqual([...engine.bakePrivileges(parseOptions({}), '')], ['--cap-drop', 'ALL']);
  t.deepEqual([...engine.bakePrivileges(parseOptions({}), '1000')], ['--cap-drop', 'ALL', '--cap-add', 'SETUID', '--cap-add', 'SETGID']);
  t.deepEqual([...engine.restoreCapabilities([], true)], []);
  t.deepEqual(engine.runRequest, { jvm: true, clock: 'host' });
  t.deepEqual([...engine.requiredFiles(513)], ['core.img']);
  t.true(engine.restore(parseOptions({}), [], 'native', DUMPED)?.notCriu);
  t.deepEqual(Object.keys(engine.bakeEnvironment(parseOptions({}), [], 'native')), ['JAVA_TOOL_OPTIONS']);
});

test('who asks: the JVM by PID 1, or the app, and Spring is told', (t) => {
  const engine = cracEngine({ facts: jvm('canonical-17'), ...OURS });
  t.deepEqual([...engine.trigger(parseOptions({ trigger: 'jcmd' }))], ['--trigger', 'jvm']);
  t.deepEqual([...engine.trigger(parseOptions({ trigger: 'app' }))], ['--trigger', 'jvm-wait']);
  t.deepEqual([...engine.trigger(parseOptions({ trigger: 'on-refresh' }))], ['--trigger', 'jvm-wait']);
  t.regex(
    engine.bakeEnvironment(parseOptions({ trigger: 'on-refresh' }), [], 'native').JAVA_TOOL_OPTIONS ?? '',
    / -Dspring\.context\.checkpoint=onRefresh$/,
  );
});

test('resource policies become a file, and a property that names it', (t) => {
  const engine = cracEngine({ facts: jvm('canonical-17'), ...OURS });
  const options = parseOptions({ 'resource-policies': 'type: file\npath: /a\naction: close' });
  t.deepEqual(
    [...engine.files(options)],
    [
      { name: 'jvm/criu', link: '../crac-init' },
      { name: 'jvm/resource-policies', content: 'type: file\npath: /a\naction: close\n' },
    ],
  );
  t.regex(
    engine.bakeEnvironment(options, [], 'native').JAVA_TOOL_OPTIONS ?? '',
    /-Djdk\.crac\.resource-policies=\/opt\/crac-bake\/jvm\/resource-policies/,
  );
  t.is(engine.files(parseOptions({})).length, 1);
});

test('a checkpoint folder in the image’s command makes way for that of the bake', (t) => {
  const engine = cracEngine({ facts: jvm('canonical-17'), ...OURS });
  t.deepEqual([...engine.bakeCommand(['java', '-XX:CRaCCheckpointTo=/cr', '-jar', '/app.jar'])], ['java', '-jar', '/app.jar']);
});

test('a baseline is the JVM’s own business', (t) => {
  const engine = cracEngine({ facts: jvm('canonical-17'), ...OURS });
  const words = (baseline: 'native' | 'generic') => engine.bakeEnvironment(parseOptions({}), [], baseline).JAVA_TOOL_OPTIONS ?? '';
  t.notRegex(words('native'), /CPUFeatures/);
  t.regex(words('generic'), /-XX:CPUFeatures=generic/);
  t.is(engine.hold('generic'), undefined);
});
