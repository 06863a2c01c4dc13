// CRaC JDKs, the pure part: what a JVM can do, the options that make it do so, and what its output says afterwards.
// This file reads what a JVM prints of itself.

/**
 * Arguments of `java` that make a JVM print all of it: flags on stdout, properties on stderr. Diagnostic and experimental flags are
 * listed only where they are unlocked.
 */
export const LISTING_ARGUMENTS: readonly string[] = [
  '-XX:+UnlockDiagnosticVMOptions',
  '-XX:+UnlockExperimentalVMOptions',
  '-XX:+PrintFlagsFinal',
  '-XshowSettings:properties',
  '-version',
];

/** One line of `-XX:+PrintFlagsFinal`. */
export interface JvmFlag {
  readonly name: string;
  /** `bool`, `intx`, `ccstr`, … */
  readonly type: string;
  /** As it stands there; empty for a text that is not set. */
  readonly value: string;
  /** `product`, `manageable`, `diagnostic`, `experimental`, with a prefix such as `ARCH` in some versions. */
  readonly kind: string;
  /** Where the value comes from: `default`, `command line`, `environment`, `ergonomic`; empty in versions that do not say. */
  readonly origin: string;
}

export interface JvmListing {
  readonly flags: ReadonlyMap<string, JvmFlag>;
  /** Of `-XshowSettings:properties`, each on one line; continued ones (paths) have their first part only. */
  readonly properties: ReadonlyMap<string, string>;
}

const FLAG = /^\s*(\w+)\s+(\w+)\s+[:+]?=(.*?)\s*\{([^{}]*)\}\s*(?:\{([^{}]*)\})?\s*$/;
const PROPERTY = /^ {4}([\w.]+) = (.*?)\s*$/;

/** Reads what `java` printed for LISTING_ARGUMENTS, both streams in any order. What is no line of a listing is skipped. */
export function parseJvmListing(output: string): JvmListing {
  const flags = new Map<string, JvmFlag>();
  const properties = new Map<string, string>();
  for (const line of output.split('\n')) {
    const [, type, name, value = '', kind = '', origin = ''] = FLAG.exec(line) ?? [];
    if (type !== undefined && name !== undefined) flags.set(name, { name, type, value: value.trim(), kind, origin });
    const [, key, text = ''] = PROPERTY.exec(line) ?? [];
    if (key !== undefined) properties.set(key, text);
  }
  return { flags, properties };
}
