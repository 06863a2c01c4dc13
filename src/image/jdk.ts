// What the restore image and the report say of a CRaC JDK.

import type { JvmDescription } from '../engines/engine.ts';

/** `Zulu21.46+19-CRaC-CA, Java 21.0.9`; the vendor where the build has no name. */
export function jdkName({ build, vendor, version }: JvmDescription): string {
  return `${build || vendor || 'CRaC JDK'}, Java ${version}`;
}

/** `CRIU of the helper image; the JDK’s own, 3.17.1-crac, cannot work here: …`. */
export function criuSentence({ criu, engine, ownCriu }: JvmDescription): string {
  if (criu === 'none') return `engine ${engine}, which is no CRIU`;
  const own = ownCriu === null ? 'the JDK brings none' : ownSentence(ownCriu);
  return criu === 'image'
    ? `engine ${engine} with the JDK’s own CRIU${ownCriu === null ? '' : ` ${ownCriu.version}`}`
    : `engine ${engine} with our CRIU; ${own}`;
}

function ownSentence({ version, verdict, reasons }: NonNullable<JvmDescription['ownCriu']>): string {
  const name = `the JDK’s own${version === '' ? '' : `, ${version},`}`;
  const why = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`;
  switch (verdict) {
    case 'cannot':
      return `${name} cannot work here${why}`;
    case 'doubtful':
      return `${name} may not work here${why}`;
    default:
      return `${name} would do, too`;
  }
}
