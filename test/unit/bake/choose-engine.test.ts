import test from 'ava';
import { chooseEngine, jvmWords, wantsJvm } from '../../../src/bake/choose-engine.ts';
import type { BakeError } from '../../../src/errors.ts';
import type { JvmReport } from '../../../src/runtime/jvm-report.ts';
import type { OptionName } from '../../../src/spec/options.ts';
import { parseOptions, type RawValue } from '../../../src/spec/values.ts';
import { listing } from '../crac-jdk/listings.ts';

const HOST = { kernel: '6.8.0-generic', architecture: 'amd64' };

function report(name: string, more: Partial<JvmReport> = {}): JvmReport {
  return { program: '/jdk/bin/java', listing: listing(name), engineHelp: '', jcmd: true, criu: null, cpuFeatures: ['avx2'], ...more };
}

const criu = (version: string, executable = true) => ({ path: '/jdk/lib/criu', version, executable });
const FORK = criu('Version: 3.17.1-crac');

type Given = Partial<Record<OptionName, RawValue>>;
const choose = (given: Given, jvm: JvmReport | undefined, host = HOST, words: string[] = []) =>
  chooseEngine(parseOptions(given), jvm, host, '4.2.1', words);

const asked: readonly [Given, boolean][] = [
  [{}, true],
  [{ engine: 'crac' }, true],
  [{ trigger: 'jcmd' }, true],
  [{ trigger: 'app' }, true],
  [{ trigger: 'agent' }, false],
  [{ trigger: 'none' }, false],
  [{ engine: 'criu' }, false],
  [{ engine: 'criu', trigger: 'app' }, false],
];
for (const [given, expected] of asked)
  test(`the image’s JVM is ${expected ? 'asked' : 'left alone'} with ${JSON.stringify(given)}`, (t) => {
    t.is(wantsJvm(parseOptions(given)), expected);
  });

for (const given of [
  { engine: 'criu', trigger: 'jcmd' },
  { engine: 'crac', trigger: 'agent' },
  { engine: 'crac', trigger: 'none' },
])
  test(`an engine without the trigger: ${JSON.stringify(given)}`, (t) => {
    t.is(t.throws<BakeError>(() => wantsJvm(parseOptions(given)))?.code, 'usage');
  });

const choices: readonly [title: string, given: Given, jvm: JvmReport, host: typeof HOST, expected: object][] = [
  ['no CRIU of its own: ours', {}, report('canonical-17'), HOST, { criu: 'ours', version: '4.2.1' }],
  ['its own works here', {}, report('zulu-21', { criu: FORK }), HOST, { criu: 'image', version: '3.17.1-crac' }],
  [
    'its own cannot work on this kernel',
    {},
    report('zulu-21', { criu: FORK }),
    { ...HOST, kernel: '6.14.0' },
    { criu: 'ours', version: '4.2.1' },
  ],
  [
    'its own cannot work on this processor',
    {},
    report('zulu-21', { criu: FORK, cpuFeatures: ['avx2', 'amx_tile'] }),
    HOST,
    { criu: 'ours', version: '4.2.1' },
  ],
  ['its own cannot be executed', {}, report('zulu-21', { criu: criu('', false) }), HOST, { criu: 'ours', version: '4.2.1' }],
  ['ours on demand', { criu: 'ours' }, report('zulu-21', { criu: FORK }), HOST, { criu: 'ours', version: '4.2.1' }],
  [
    'its own on demand',
    { criu: 'image' },
    report('zulu-21', { criu: FORK }),
    { ...HOST, kernel: '6.14.0' },
    { criu: 'image', version: '3.17.1-crac' },
  ],
  ['Warp is no CRIU', {}, report('zulu-25-warp', { criu: FORK }), HOST, { criu: 'none', version: '' }],
];
for (const [title, given, jvm, host, expected] of choices)
  test(`the CRIU of a CRaC JDK: ${title}`, (t) => {
    const { engine, criuVersion, jvm: described } = choose(given, jvm, host);
    t.is(engine.name, 'crac');
    t.deepEqual({ criu: described?.criu, version: criuVersion }, expected as { criu: 'ours'; version: string });
  });

test('its own on demand, though it cannot work here: a warning says why', (t) => {
  t.regex(choose({ criu: 'image' }, report('zulu-21', { criu: FORK }), { ...HOST, kernel: '6.14.0' }).warnings.join(), /split vDSO/);
});

test('auto takes criu for a stock JVM, and for an image without java', (t) => {
  t.is(choose({}, report('debian-17-stock')).engine.name, 'criu');
  t.is(choose({}, { ...report('debian-17-stock'), program: '', listing: '' }).engine.name, 'criu');
  t.is(choose({ trigger: 'none' }, undefined).engine.name, 'criu');
});

const refused: readonly [title: string, code: string, message: RegExp, Given, JvmReport, string[]][] = [
  ['crac for a stock JVM', 'no-crac-jdk', /has no CRaC/, { engine: 'crac' }, report('debian-17-stock'), []],
  ['crac for an image without java', 'no-crac-jdk', /no java/, { engine: 'crac' }, { ...report('debian-17-stock'), listing: '' }, []],
  ['jcmd for a stock JVM', 'no-crac-jdk', /needs a CRaC JDK/, { trigger: 'jcmd' }, report('debian-17-stock'), []],
  ['no CRIU where the image’s is wanted', 'no-image-criu', /no CRIU of its own/, { criu: 'image' }, report('canonical-17'), []],
  [
    'one that cannot be executed',
    'no-image-criu',
    /cannot be executed/,
    { criu: 'image' },
    report('canonical-17', { criu: criu('', false) }),
    [],
  ],
  ['ZGC on 17', 'jvm-cannot-checkpoint', /UseZGC/, {}, report('zulu-17-zgc'), ['java', '-XX:+UseZGC', '-jar', 'x']],
  ['a flag of a later version', 'jvm-lacks-flag', /CRaCEngineOptions/, {}, report('canonical-17'), ['-XX:CRaCEngineOptions=a=b']],
];
for (const [title, code, message, given, jvm, words] of refused)
  test(`refused: ${title}`, (t) => {
    const error = t.throws<BakeError>(() => choose(given, jvm, HOST, words));
    t.is(error?.code, code as BakeError['code']);
    t.regex(error?.message ?? '', message);
  });

test('resource policies without a CRaC JDK: a warning', (t) => {
  const given = { 'resource-policies': 'type: file\naction: ignore' };
  t.regex(choose(given, report('debian-17-stock')).warnings.join(), /nothing reads them/);
});

test('the words of the app’s JVM: its variable, the user’s before the image’s, then the command', (t) => {
  const image = { environment: ['JAVA_TOOL_OPTIONS=-Xa "-D b"'], entrypoint: ['java'], command: ['-jar', 'x'] };
  t.deepEqual(jvmWords(image, {}), ['-Xa', '-D b', 'java', '-jar', 'x']);
  t.deepEqual(jvmWords(image, { JAVA_TOOL_OPTIONS: '-Xc' }), ['-Xc', 'java', '-jar', 'x']);
});
