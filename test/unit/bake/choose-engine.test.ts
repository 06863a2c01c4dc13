import test from 'ava';
import { chooseEngine, jvmWords, wantsJvm } from '../../../src/bake/choose-engine.ts';
import { BakeError } from '../../../src/errors.ts';
import { type JvmReport, parseJvmReport } from '../../../src/runtime/jvm-report.ts';
import type { OptionName } from '../../../src/spec/options.ts';
import { parseOptions, type RawValue } from '../../../src/spec/values.ts';
import { listing } from '../crac-jdk/listings.ts';

const HOST = { kernel: '6.18.44', architecture: 'amd64' };
const OLD_HOST = { kernel: '6.8.0', architecture: 'amd64' };

function report(name: string, more: Partial<JvmReport> = {}): JvmReport {
  return { ...parseJvmReport(JSON.stringify({ program: '/opt/jdk/bin/java', listing: listing(name), jcmd: true })), ...more };
}

const own = (version: string, executable = true): JvmReport['criu'] => ({ path: '/opt/jdk/lib/criu', version, executable });

function choose(given: Partial<Record<OptionName, RawValue>>, asked: JvmReport | undefined, host = HOST, words: readonly string[] = []) {
  return chooseEngine(parseOptions(given), asked, host, '4.2.1', words);
}

const chosen: readonly [
  title: string,
  given: Partial<Record<OptionName, RawValue>>,
  asked: JvmReport | undefined,
  engine: 'crac' | 'criu',
  criu: string | undefined,
  version: string,
  host?: typeof HOST,
][] = [
  ['a CRaC JDK without a CRIU', {}, report('canonical-17'), 'crac', 'ours', '4.2.1'],
  [
    'a CRaC JDK whose CRIU works here',
    {},
    report('canonical-17', { criu: own('Version: 3.17.1-crac') }),
    'crac',
    'image',
    '3.17.1-crac',
    OLD_HOST,
  ],
  ['a CRaC JDK whose CRIU cannot work here', {}, report('canonical-17', { criu: own('Version: 3.17.1-crac') }), 'crac', 'ours', '4.2.1'],
  ['a CRaC JDK whose CRIU may not work here', {}, report('canonical-17', { criu: own('Version: 4.1.1') }), 'crac', 'ours', '4.2.1'],
  [
    'its CRIU cannot, but is insisted on',
    { criu: 'image' },
    report('canonical-17', { criu: own('3.17.1-crac') }),
    'crac',
    'image',
    '3.17.1-crac',
  ],
  ['its CRIU works, but ours is insisted on', { criu: 'ours' }, report('canonical-17', { criu: own('4.2') }), 'crac', 'ours', '4.2.1'],
  ['its CRIU cannot be executed', {}, report('canonical-17', { criu: own('', false) }), 'crac', 'ours', '4.2.1', OLD_HOST],
  ['AMX', {}, report('canonical-17', { criu: own('3.17.1-crac'), cpuFeatures: ['amx_tile'] }), 'crac', 'ours', '4.2.1', OLD_HOST],
  ['Warp', {}, report('zulu-25-warp'), 'crac', 'none', ''],
  ['a stock JVM', {}, report('debian-17-stock'), 'criu', undefined, '4.2.1'],
  ['no java', {}, report('debian-17-stock', { listing: '', program: '' }), 'criu', undefined, '4.2.1'],
  ['not asked', { engine: 'criu' }, undefined, 'criu', undefined, '4.2.1'],
];

for (const [title, given, asked, engine, criu, version, host] of chosen) {
  test(`which engine and CRIU: ${title}`, (t) => {
    const choice = choose(given, asked, host);
    t.is(choice.engine.name, engine);
    t.is(choice.jvm?.criu, criu as never);
    t.is(choice.criuVersion, version);
  });
}

test('the report says what the JVM is and why its CRIU was not taken', (t) => {
  const { jvm } = choose({}, report('zulu-21', { criu: own('3.17.1-crac') }));
  t.like(jvm, { vendor: 'Azul Systems, Inc.', version: '21.0.9', build: 'Zulu21.46+19-CRaC-CA', engine: 'criu', hasJcmd: true });
  t.like(jvm?.ownCriu, { path: '/opt/jdk/lib/criu', version: '3.17.1-crac', verdict: 'cannot' });
  t.regex(jvm?.ownCriu?.reasons[0] ?? '', /split vDSO/);
  t.true(jvm?.flags.includes('CRaCEngineOptions'));
});

const refused: readonly [
  title: string,
  given: Partial<Record<OptionName, RawValue>>,
  asked: JvmReport | undefined,
  words: string[],
  code: string,
  message: RegExp,
][] = [
  [
    'crac on a stock JVM',
    { engine: 'crac' },
    report('debian-17-stock'),
    [],
    'no-crac-jdk',
    /OpenJDK 64-Bit Server VM 17\.0\.15, which has no CRaC/,
  ],
  ['crac without java', { engine: 'crac' }, report('debian-17-stock', { listing: '' }), [], 'no-crac-jdk', /no java/],
  ['jcmd on a stock JVM', { trigger: 'jcmd' }, report('debian-17-stock'), [], 'no-crac-jdk', /--trigger jcmd needs a CRaC JDK/],
  ['a CRIU of the image that there is not', { criu: 'image' }, report('canonical-17'), [], 'no-image-criu', /brings no CRIU/],
  [
    'a CRIU of the image that cannot be executed',
    { criu: 'image' },
    report('canonical-17', { criu: own('', false) }),
    [],
    'no-image-criu',
    /cannot be executed/,
  ],
  ['ZGC on 17', {}, report('canonical-17'), ['-XX:+UseZGC'], 'jvm-cannot-checkpoint', /UseZGC/],
  ['ZGC on 17 by the image’s variable', {}, report('zulu-17-zgc'), [], 'jvm-cannot-checkpoint', /UseZGC/],
  ['a flag that the version lacks', {}, report('canonical-17'), ['-XX:CRaCImageLabels=a=b'], 'jvm-lacks-flag', /CRaCImageLabels/],
];

for (const [title, given, asked, words, code, message] of refused) {
  test(`refused before the start: ${title}`, (t) => {
    const error = t.throws(() => choose(given, asked, HOST, words), { instanceOf: BakeError });
    t.is(error?.code, code as never);
    t.is(error?.exitCode, 2);
    t.regex(error?.message ?? '', message);
  });
}

test('policies that nothing reads, or that the version cannot follow, are warned of', (t) => {
  const policies = { 'resource-policies': 'type: socket\nlocalPort: 8080\naction: reopen' };
  t.regex(choose(policies, report('debian-17-stock')).warnings.join(), /without one nothing reads them/);
  t.regex(choose(policies, report('canonical-17')).warnings.join(), /cannot reopen sockets/);
  t.deepEqual([...choose(policies, report('openjdk-26')).warnings], []);
});

test('an image’s CRIU that is insisted on, and cannot work, is warned of', (t) => {
  t.regex(choose({ criu: 'image' }, report('canonical-17', { criu: own('3.17.1-crac') })).warnings.join(), /split vDSO/);
});

const asks: readonly [given: Partial<Record<OptionName, RawValue>>, asks: boolean][] = [
  [{}, true],
  [{ engine: 'crac' }, true],
  [{ engine: 'criu' }, false],
  [{ trigger: 'agent' }, false],
  [{ trigger: 'none' }, false],
  [{ trigger: 'on-refresh' }, true],
];

for (const [given, expected] of asks) {
  test(`the JVM is ${expected ? '' : 'not '}asked with ${JSON.stringify(given)}`, (t) => {
    t.is(wantsJvm(parseOptions(given)), expected);
  });
}

test('a trigger that the engine does not have is refused', (t) => {
  for (const given of [
    { engine: 'crac', trigger: 'agent' },
    { engine: 'crac', trigger: 'none' },
    { engine: 'criu', trigger: 'jcmd' },
  ]) {
    const error = t.throws(() => wantsJvm(parseOptions(given)), { instanceOf: BakeError });
    t.is(error?.code, 'usage');
    t.regex(error?.remedy ?? '', /--trigger/);
  }
});

test('the words that the JVM starts with: its variable, by the user or else the image, then the command', (t) => {
  const image = { environment: ['JAVA_TOOL_OPTIONS=-Xmx1g "-Da=b c"'], entrypoint: ['java', '-jar'], command: ['a.jar'] };
  t.deepEqual(jvmWords(image, {}), ['-Xmx1g', '-Da=b c', 'java', '-jar', 'a.jar']);
  t.deepEqual(jvmWords(image, { JAVA_TOOL_OPTIONS: '-Xss1m' }), ['-Xss1m', 'java', '-jar', 'a.jar']);
  t.deepEqual(jvmWords({ ...image, environment: [] }, {}), ['java', '-jar', 'a.jar']);
});
