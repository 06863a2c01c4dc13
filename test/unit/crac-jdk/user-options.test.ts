import test from 'ava';
import { joinJavaOptions, splitJavaOptions } from '../../../src/crac-jdk/option-text.ts';
import { judgeAtCheckpoint, judgeAtRestore } from '../../../src/crac-jdk/user-options.ts';
import { jvm } from './listings.ts';

const checkpoints: readonly [title: string, name: string, options: string[], expected: [option: string, id: string, remedy: RegExp][]][] = [
  ['ordinary ones', 'canonical-17', ['-Xmx1g', '-Da=b', '-XX:+UseG1GC', '-XX:CRaCMinPid=200'], []],
  ['ZGC on 17', 'canonical-17', ['-XX:+UseZGC'], [['-XX:+UseZGC', 'crac-zgc', /UseG1GC/]]],
  ['ZGC on 17, in the image’s JAVA_TOOL_OPTIONS', 'zulu-17-zgc', [], [['-XX:+UseZGC', 'crac-zgc', /UseG1GC/]]],
  ['Shenandoah on 17', 'canonical-17', ['-XX:+UseShenandoahGC'], [['-XX:+UseShenandoahGC', 'crac-zgc', /UseG1GC/]]],
  ['ZGC that is switched off', 'canonical-17', ['-XX:-UseZGC'], []],
  ['ZGC on 21', 'zulu-21', ['-XX:+UseZGC'], []],
  ['a flag of 26 on 17', 'canonical-17', ['-XX:CRaCImageLabels=a=b'], [['-XX:CRaCImageLabels=a=b', 'jvm-unknown-flag', /Leave it out/]]],
  [
    'the new name on 17',
    'canonical-17',
    ['-XX:+CRaCPrintResourcesOnCheckpoint'],
    [['-XX:+CRaCPrintResourcesOnCheckpoint', 'jvm-unknown-flag', /it is CRPrintResourcesOnCheckpoint/]],
  ],
  [
    'the old name on 26',
    'openjdk-26',
    ['-XX:+CRPrintResourcesOnCheckpoint'],
    [['-XX:+CRPrintResourcesOnCheckpoint', 'jvm-unknown-flag', /it is CRaCPrintResourcesOnCheckpoint/]],
  ],
  [
    'a flag of CRaC on a stock JVM',
    'debian-17-stock',
    ['-XX:CRaCCheckpointTo=/x'],
    [['-XX:CRaCCheckpointTo=/x', 'jvm-unknown-flag', /needs no CRaC JDK/]],
  ],
  ['a flag that is none of CRaC', 'debian-17-stock', ['-XX:+CrashOnOutOfMemoryError', '-XX:Whatever=1'], []],
];

for (const [title, name, options, expected] of checkpoints) {
  test(`options at the checkpoint: ${title}`, (t) => {
    const judged = judgeAtCheckpoint(jvm(name), options);
    t.deepEqual(
      judged.map(({ option, id, effect }) => [option, id, effect]),
      expected.map(([option, id]) => [option, id, 'refused']),
    );
    for (const [at, [, , remedy]] of expected.entries()) t.regex(judged[at]?.remedy ?? '', remedy);
  });
}

const restores: readonly [option: string, effect: 'refused' | 'ignored' | 'taken', names?: readonly string[]][] = [
  ['-Dserver.port=9090', 'taken'],
  ['-XX:CRaCRestoreFrom=/x', 'taken'],
  ['-XX:+CRaCIgnoreRestoreIfUnavailable', 'taken'],
  ['-XX:CRaCIgnoredFileDescriptors=42,43', 'taken'],
  ['-XX:+HeapDumpOnOutOfMemoryError', 'taken'],
  ['-XX:+UnlockExperimentalVMOptions', 'taken'],
  ['-XX:NativeMemoryTracking=summary', 'refused'],
  ['-XX:+UseZGC', 'refused'],
  ['-XX:MaxRAMPercentage=70', 'refused'],
  ['-XX:CPUFeatures=generic', 'refused'],
  ['-XX:CRaCMinPid=200', 'refused'],
  ['-Xmx512m', 'ignored'],
  ['-Xms512m', 'ignored'],
  ['-Xss1m', 'ignored'],
  ['-javaagent:/opt/agent.jar', 'ignored'],
  ['-agentlib:jdwp=transport=dt_socket', 'ignored'],
  ['-cp', 'ignored'],
  ['-jar', 'ignored'],
  ['--add-opens=java.base/java.lang=ALL-UNNAMED', 'ignored'],
  ['-ea', 'ignored'],
  ['-XX:CheckCPUFeatures=skip', 'taken', ['openjdk-26']],
  ['-XX:CheckCPUFeatures=skip', 'refused', ['canonical-17']],
  ['-XX:StartFlightRecording=duration=10s', 'taken', ['canonical-25', 'openjdk-26']],
  ['-XX:StartFlightRecording=duration=10s', 'refused', ['canonical-17']],
];

for (const [option, effect, names = ['canonical-17', 'zulu-21', 'canonical-25', 'openjdk-26']] of restores) {
  test(`at a restore ${option} is ${effect} by ${names.join(', ')}`, (t) => {
    for (const name of names) {
      const [judged, ...more] = judgeAtRestore(jvm(name), [option]);
      t.is(judged?.effect ?? 'taken', effect, name);
      t.deepEqual(more, []);
      if (judged !== undefined) t.true(judged.because.endsWith('.') && judged.remedy.length > 10);
      if (effect === 'refused') t.is(judged?.id, 'jvm-flag-not-settable');
    }
  });
}

test('a property that 17 would end at is named, without its value', (t) => {
  const option = `-Dsecret=${'x'.repeat(5000)}`;
  t.is(judgeAtRestore(jvm('canonical-17'), [option])[0]?.effect, 'refused');
  t.true((judgeAtRestore(jvm('canonical-17'), [option])[0]?.option.length ?? 0) < 50);
  t.deepEqual(judgeAtRestore(jvm('zulu-21'), [option]), []);
});

const texts: readonly [text: string, words: string[]][] = [
  ['', []],
  ['  -Xmx1g\t-Da=b\n', ['-Xmx1g', '-Da=b']],
  ['-Da="b c" \'-Dd=e f\'', ['-Da=b c', '-Dd=e f']],
  ['-Da=\'"b"\'', ['-Da="b"']],
  ['-Da=b\\ c', ['-Da=b\\', 'c']],
  ['""', ['']],
];

for (const [text, words] of texts) {
  test(`JAVA_TOOL_OPTIONS as words: ${text}`, (t) => {
    t.deepEqual(splitJavaOptions(text), words);
  });
}

test('words come back from the text that is made of them', (t) => {
  for (const words of [['-Da=b c', "-De='f'", '-Dg="h" \'i\'', '', 'x'], ['-XX:CRaCEngineOptions=args=--a --b']]) {
    t.deepEqual(splitJavaOptions(joinJavaOptions(words)), words);
  }
});
