import test from 'ava';
import { engineKind, recogniseJvm } from '../../../src/crac-jdk/jvm-facts.ts';
import { parseJvmListing } from '../../../src/crac-jdk/jvm-listing.ts';
import { ENGINE_HELP_26, jvm, listing } from './listings.ts';

interface Expected {
  readonly version: string;
  readonly feature: number;
  readonly engineFlag: string;
  readonly engineName: string;
  readonly engine: string;
  readonly criuNamedBy: string;
}

const EXPECTED: Readonly<Record<string, Expected>> = {
  'canonical-17': {
    version: '17.0.12',
    feature: 17,
    engineFlag: 'CREngine',
    engineName: 'criuengine',
    engine: 'criu',
    criuNamedBy: 'environment',
  },
  'liberica-21': {
    version: '21.0.5',
    feature: 21,
    engineFlag: 'CREngine',
    engineName: 'criuengine',
    engine: 'criu',
    criuNamedBy: 'environment',
  },
  'zulu-21': { version: '21.0.9', feature: 21, engineFlag: 'CRaCEngine', engineName: 'criu', engine: 'criu', criuNamedBy: 'environment' },
  'canonical-25': {
    version: '25.0.1',
    feature: 25,
    engineFlag: 'CRaCEngine',
    engineName: 'criuengine',
    engine: 'criu',
    criuNamedBy: 'environment',
  },
  'zulu-25-warp': {
    version: '25.0.4',
    feature: 25,
    engineFlag: 'CRaCEngine',
    engineName: 'warp',
    engine: 'warp',
    criuNamedBy: 'environment',
  },
  'openjdk-26': {
    version: '26',
    feature: 26,
    engineFlag: 'CRaCEngine',
    engineName: 'criuengine',
    engine: 'criu',
    criuNamedBy: 'engine-options',
  },
};

for (const [name, expected] of Object.entries(EXPECTED)) {
  test(`${name} is recognised by its listing`, (t) => {
    const { version, feature, crac } = jvm(name);
    const { engineName, engine, criuNamedBy } = crac ?? {};
    t.deepEqual({ version, feature, engineFlag: crac?.flags.engine?.name, engineName, engine, criuNamedBy }, expected as never);
  });
}

test('vendor, build, folder and collector are read beside the flags', (t) => {
  const { vendor, build, home, vmName, collector } = jvm('zulu-17-zgc');
  t.deepEqual(
    { vendor, build, home, vmName, collector },
    {
      vendor: 'Azul Systems, Inc.',
      build: 'Zulu17.54+21-CRaC-CA',
      home: '/usr/lib/jvm/zulu17',
      vmName: 'OpenJDK 64-Bit Server VM',
      collector: 'UseZGC',
    },
  );
});

test('a stock JVM is one without CRaC', (t) => {
  const { version, vendor, home, collector, crac } = jvm('debian-17-stock');
  t.deepEqual([version, vendor, home, collector, crac], ['17.0.15', 'Debian', '/usr/lib/jvm/java-17-openjdk-amd64', 'UseG1GC', undefined]);
});

test('what no JVM printed is none', (t) => {
  t.is(recogniseJvm('sh: java: not found'), undefined);
  t.is(recogniseJvm(''), undefined);
});

test('-version alone names the version, also that of Java 8', (t) => {
  t.is(recogniseJvm('openjdk version "1.8.0_402"\nOpenJDK Runtime Environment')?.feature, 8);
  t.is(recogniseJvm('openjdk version "26-ea" 2026-03-17')?.feature, 26);
});

/** The name that each version has for a purpose; none where it has no such flag. */
const NAMES: readonly [
  purpose:
    | 'skipCheckpoint'
    | 'allowedFilePrefixes'
    | 'maxHeapBeforeCheckpoint'
    | 'cpuFeatures'
    | 'checkCpuFeatures'
    | 'imageLabels'
    | 'ignoreCpuFeatures',
  ...names: (string | undefined)[],
][] = [
  ['skipCheckpoint', 'CRAllowToSkipCheckpoint', 'CRaCSkipCheckpoint', 'CRaCSkipCheckpoint', 'CRaCSkipCheckpoint'],
  [
    'allowedFilePrefixes',
    'CRAllowedOpenFilePrefixes',
    'CRaCAllowedOpenFilePrefixes',
    'CRaCAllowedOpenFilePrefixes',
    'CRaCAllowedOpenFilePrefixes',
  ],
  [
    'maxHeapBeforeCheckpoint',
    undefined,
    'CRaCMaxHeapSizeBeforeCheckpoint',
    'CRaCMaxHeapSizeBeforeCheckpoint',
    'CRaCMaxHeapSizeBeforeCheckpoint',
  ],
  ['cpuFeatures', 'CPUFeatures', 'CPUFeatures', undefined, 'CPUFeatures'],
  ['ignoreCpuFeatures', 'IgnoreCPUFeatures', 'IgnoreCPUFeatures', undefined, undefined],
  ['checkCpuFeatures', undefined, undefined, undefined, 'CheckCPUFeatures'],
  ['imageLabels', undefined, undefined, undefined, 'CRaCImageLabels'],
];

for (const [purpose, ...names] of NAMES) {
  test(`the flag for ${purpose} has the name of the version`, (t) => {
    const found = ['canonical-17', 'zulu-21', 'canonical-25', 'openjdk-26'].map((name) => jvm(name).crac?.flags[purpose]?.name);
    t.deepEqual(found, names);
  });
}

test('the engine’s own help decides where the version leaves it open', (t) => {
  t.is(jvm('canonical-25', ENGINE_HELP_26).crac?.criuNamedBy, 'engine-options');
  t.is(jvm('openjdk-26', '* exec_location=<path>').crac?.criuNamedBy, 'environment');
});

test('an engine that the image sets by the deprecated name counts', (t) => {
  const text = listing('canonical-25').replace(
    /(CREngine +=) criuengine( +\{product\}) \{default\}/,
    '$1 /opt/x/libwarp.so,--a$2 {environment}',
  );
  t.is(recogniseJvm(text)?.crac?.engineName, 'warp');
});

for (const [name, kind] of [
  ['criu', 'criu'],
  ['criuengine', 'criu'],
  ['warp', 'warp'],
  ['simengine', 'pretended'],
  ['pauseengine', 'pretended'],
  ['pause', 'pretended'],
  ['', 'none'],
  ['vmware', 'other'],
] as const) {
  test(`the engine "${name}" is of the kind ${kind}`, (t) => {
    t.is(engineKind(name), kind);
  });
}

test('flags that a restore may set: the JVM’s manageable ones, and those of CRaC that its version has', (t) => {
  const settable = (name: string) => jvm(name).crac?.atRestore.settableFlags ?? [];
  for (const name of Object.keys(EXPECTED)) {
    t.true(settable(name).includes('CRaCRestoreFrom'), name);
    t.true(settable(name).includes('HeapDumpOnOutOfMemoryError'), name);
    t.false(settable(name).includes('CPUFeatures'), name);
    t.false(settable(name).includes('CRaCMinPid'), name);
  }
  t.true(settable('openjdk-26').includes('CheckCPUFeatures'));
  t.true(settable('canonical-17').includes('IgnoreCPUFeatures'));
  t.false(settable('canonical-17').includes('CRaCEngineOptions'));
});

test('a property longer than 17 can hand over has a limit there, and none later', (t) => {
  t.is(jvm('canonical-17').crac?.atRestore.longestProperty, 4096);
  t.is(jvm('zulu-21').crac?.atRestore.longestProperty, undefined);
});

const lines: readonly [line: string, flag: readonly string[] | undefined][] = [
  ['     intx A                  = -1              {product} {default}', ['A', 'intx', '-1', 'product', 'default']],
  ['    ccstr B                  =                 {product} {default}', ['B', 'ccstr', '', 'product', 'default']],
  ['    ccstr C = a b,c=d {JVMCI experimental} {command line}', ['C', 'ccstr', 'a b,c=d', 'JVMCI experimental', 'command line']],
  ['     bool D                 := true            {product}', ['D', 'bool', 'true', 'product', '']],
  ['ccstrlist E += x {product} {environment}', ['E', 'ccstrlist', 'x', 'product', 'environment']],
  ['[Global flags]', undefined],
  ['Picked up JAVA_TOOL_OPTIONS: -Da={b}', undefined],
];

for (const [line, expected] of lines) {
  test(`a line of a listing: ${line.trim()}`, (t) => {
    const [flag] = parseJvmListing(line).flags.values();
    t.deepEqual(flag === undefined ? undefined : [flag.name, flag.type, flag.value, flag.kind, flag.origin], expected as never);
  });
}
