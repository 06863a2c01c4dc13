// JVMs by what they print of themselves.

import { readFileSync } from 'node:fs';
import { type JvmFacts, recogniseJvm } from '../../../src/crac-jdk/jvm-facts.ts';

export function listing(name: string): string {
  return readFileSync(new URL(`../../fixtures/jvm-listings/${name}.txt`, import.meta.url), 'utf8');
}

export function jvm(name: string, engineHelp = ''): JvmFacts {
  const facts = recogniseJvm(listing(name), engineHelp);
  if (facts === undefined) throw new Error(`${name} is no JVM`);
  return facts;
}

/** What `java -XX:CRaCEngineOptions=help` prints of the engine library of JDK 26. */
export const ENGINE_HELP_26 = [
  'criuengine - CRaC-engine implementing the checkpoint and restore via CRIU',
  '* image_location=<path> (default: no default) - path to a directory with checkpoint/restore files.',
  '* criu_location=<path> (default: <engine dir>/../lib/criu) - path to the CRIU executable.',
  '* args=<string> (default: "") - free space-separated arguments passed directly to the engine executable.',
].join('\n');
