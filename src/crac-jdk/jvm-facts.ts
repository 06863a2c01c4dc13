// What a JVM is and what of CRaC it has: asked from it, not guessed from its version, for vendors bring newer flags to older versions.

import { type JvmFlag, type JvmListing, parseJvmListing } from './jvm-listing.ts';

/** What a flag is for. The names that a version has for it are in FLAG_NAMES. */
export type FlagPurpose = keyof typeof FLAG_NAMES;

/**
 * Names of CRaC flags, newest first. Versions 17 to 23 have the old ones, 24 and 25 both, later ones only the new; Zulu has the new ones
 * earlier (openjdk/crac, src/hotspot/share/runtime/globals.hpp and arguments.cpp).
 */
export const FLAG_NAMES = {
  checkpointTo: ['CRaCCheckpointTo'],
  restoreFrom: ['CRaCRestoreFrom'],
  engine: ['CRaCEngine', 'CREngine'],
  engineOptions: ['CRaCEngineOptions'],
  minPid: ['CRaCMinPid'],
  resetStartTime: ['CRaCResetStartTime'],
  ignoreRestoreIfUnavailable: ['CRaCIgnoreRestoreIfUnavailable'],
  ignoredDescriptors: ['CRaCIgnoredFileDescriptors'],
  allowedFilePrefixes: ['CRaCAllowedOpenFilePrefixes', 'CRAllowedOpenFilePrefixes'],
  skipCheckpoint: ['CRaCSkipCheckpoint', 'CRAllowToSkipCheckpoint'],
  printResources: ['CRaCPrintResourcesOnCheckpoint', 'CRPrintResourcesOnCheckpoint'],
  heapDumpOnRefusal: ['CRaCHeapDumpOnCheckpointException', 'CRHeapDumpOnCheckpointException'],
  maxHeapBeforeCheckpoint: ['CRaCMaxHeapSizeBeforeCheckpoint'],
  cpuFeatures: ['CPUFeatures'],
  checkCpuFeatures: ['CheckCPUFeatures'],
  ignoreCpuFeatures: ['IgnoreCPUFeatures'],
  imageLabels: ['CRaCImageLabels'],
  requiredLabels: ['CRaCRequiredImageLabels'],
} as const satisfies Record<string, readonly string[]>;

/** How a JVM writes its checkpoint: by CRIU, by Azul's Warp, by an engine that only pretends, by none, or by one that nobody here knows. */
export type CracEngineKind = 'criu' | 'warp' | 'pretended' | 'none' | 'other';

export interface CracFacts {
  /** The flag of each purpose; a purpose that this version has no flag for is absent. */
  readonly flags: Readonly<Partial<Record<FlagPurpose, JvmFlag>>>;
  /** Names of all flags of CRaC and of the processor's features that this JVM knows, the deprecated ones too. */
  readonly known: readonly string[];
  /** The engine that this JVM takes by itself, such as `criuengine`, `criu`, `warp`. */
  readonly engineName: string;
  readonly engine: CracEngineKind;
  /**
   * How CRIU and its options are named: by CRAC_CRIU_PATH and CRAC_CRIU_OPTS, or by the engine's options `criu_location` and `args`
   * (JDK 26; there the variables work until 27 with a warning). Meaningless for an engine that is not CRIU.
   */
  readonly criuNamedBy: 'environment' | 'engine-options';
  /** What a restore may change. */
  readonly atRestore: RestoreAbilities;
}

/** What a restore hands to the restored JVM, beside the flags that it may set. */
export interface RestoreAbilities {
  /** Variables of the restoring process are set over those of the bake; those that existed only at bake stay. */
  readonly environment: boolean;
  /** `-D` sets system properties. */
  readonly properties: boolean;
  /** `java -XX:CRaCRestoreFrom=DIR Main a b` runs `Main.main(a, b)` in the restored JVM. */
  readonly newMain: boolean;
  /** Longest property that is handed over, in characters; longer ones end the JVM. Undefined where there is no limit. */
  readonly longestProperty: number | undefined;
  /** Flags that a restore may set; any other ends it (`Flag X cannot be set during restore`). */
  readonly settableFlags: readonly string[];
}

export interface JvmFacts {
  /** `17.0.12`. */
  readonly version: string;
  /** `17`; 0 where the JVM does not say. */
  readonly feature: number;
  readonly vendor: string;
  /** The vendor's name of the build, such as `Zulu21.36+17-CRaC-CA`; empty where there is none. */
  readonly build: string;
  readonly vmName: string;
  /** Folder of the JDK or JRE in the image. */
  readonly home: string;
  /** The garbage collector's flag that is on, such as `UseG1GC`; empty where the listing names none. */
  readonly collector: string;
  /** Undefined where this JVM is no CRaC build. */
  readonly crac: CracFacts | undefined;
}

/**
 * What the JVM that printed this is (LISTING_ARGUMENTS, both streams); undefined where no JVM did. `engineHelp` is what
 * `java -XX:CRaCEngineOptions=help` printed, where it was asked: it names the options of the engine.
 */
export function recogniseJvm(output: string, engineHelp = ''): JvmFacts | undefined {
  const listing = parseJvmListing(output);
  const property = (name: string) => listing.properties.get(name) ?? '';
  const version = property('java.version') || (/ version "([^"]+)"/.exec(output)?.[1] ?? '');
  if (version === '') return undefined;
  const feature = featureOf(version);
  return {
    version,
    feature,
    vendor: property('java.vendor'),
    build: property('java.vendor.version'),
    vmName: property('java.vm.name'),
    home: property('java.home'),
    collector: collectorOf(listing),
    crac: cracOf(listing, feature, engineHelp),
  };
}

/** `17.0.12` → 17, `1.8.0_402` → 8, `26-ea` → 26. */
function featureOf(version: string): number {
  const [first = 0, second = 0] = version.split(/[.\-+_]/).map((part) => Number.parseInt(part, 10) || 0);
  return first === 1 ? second : first;
}

function collectorOf({ flags }: JvmListing): string {
  return (
    [...flags.values()].find(({ name, value }) => /^Use\w+GC$/.test(name) && value === 'true' && COLLECTORS.includes(name))?.name ?? ''
  );
}

const COLLECTORS = ['UseG1GC', 'UseSerialGC', 'UseParallelGC', 'UseZGC', 'UseShenandoahGC', 'UseEpsilonGC'];

function cracOf(listing: JvmListing, feature: number, engineHelp: string): CracFacts | undefined {
  const found = Object.entries(FLAG_NAMES).flatMap(([purpose, names]) => {
    const flag = names.map((name) => listing.flags.get(name)).find((each) => each !== undefined);
    return flag === undefined ? [] : [[purpose, flag] as const];
  });
  const flags: CracFacts['flags'] = Object.fromEntries(found);
  if (flags.checkpointTo === undefined || flags.restoreFrom === undefined) return undefined;
  // Both names are there in 24 and 25; the deprecated one counts where only it was set (JAVA_TOOL_OPTIONS of the image).
  const old = listing.flags.get('CREngine');
  const chosen = old !== undefined && old.origin !== 'default' && flags.engine?.origin === 'default' ? old : flags.engine;
  const engineName = engineNameOf(chosen?.value ?? '');
  return {
    flags,
    known: [...listing.flags.keys()].filter(isCracFlag),
    engineName,
    engine: engineKind(engineName),
    criuNamedBy: namesCriuByOptions(flags, feature, engineHelp) ? 'engine-options' : 'environment',
    atRestore: {
      environment: true,
      properties: true,
      newMain: true,
      longestProperty: feature <= 17 ? 4096 : undefined,
      settableFlags: settableAtRestore(listing, flags, feature),
    },
  };
}

/** Whether a flag's name is one that only CRaC builds have. */
export function isCracFlag(name: string): boolean {
  return /^(?:CRaC[A-Z]|CREngine$|CR(?:Allow|DoThrow|HeapDump|Pause|Print|Trace)|(?:Show|Check|Ignore)?CPUFeatures)/.test(name);
}

/** `criuengine,--verbosity=4` → `criuengine`; a path → its last part. */
function engineNameOf(value: string): string {
  return (
    value
      .split(',')[0]
      ?.split('/')
      .at(-1)
      ?.replace(/^lib(.*)\.so$/, '$1') ?? ''
  );
}

/** The kind of an engine by its name, with or without the ending that old versions have. */
export function engineKind(name: string): CracEngineKind {
  switch (name.replace(/engine$/, '')) {
    case 'criu':
    case 'crexec':
      return 'criu';
    case 'warp':
      return 'warp';
    case 'sim':
    case 'pause':
      return 'pretended';
    case '':
      return 'none';
    default:
      return 'other';
  }
}

/** `CheckCPUFeatures` came with the engine library that has `criu_location` (JDK 26); between them only the engine itself can tell. */
function namesCriuByOptions(flags: CracFacts['flags'], feature: number, engineHelp: string): boolean {
  if (flags.engineOptions === undefined) return false;
  if (engineHelp !== '') return engineHelp.includes('criu_location');
  return feature >= 26 && flags.checkCpuFeatures !== undefined;
}

/** By purpose, after the sources: arguments.cpp of openjdk/crac. Flags of the kind `manageable` may be set in every version. */
const SETTABLE: readonly FlagPurpose[] = [
  'checkpointTo',
  'restoreFrom',
  'engine',
  'engineOptions',
  'resetStartTime',
  'ignoreRestoreIfUnavailable',
  'ignoredDescriptors',
  'ignoreCpuFeatures',
  'checkCpuFeatures',
  'requiredLabels',
];

function settableAtRestore(listing: JvmListing, flags: CracFacts['flags'], feature: number): string[] {
  const manageable = [...listing.flags.values()].filter(({ kind }) => kind.includes('manageable')).map(({ name }) => name);
  const ours = SETTABLE.flatMap((purpose) => flags[purpose]?.name ?? []);
  const others = ['CREngine', 'CheckCPUFeaturesMessage', ...(feature >= 25 ? ['StartFlightRecording'] : [])];
  return [...new Set([...ours, ...others.filter((name) => listing.flags.has(name)), ...manageable])];
}
