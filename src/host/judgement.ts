// The form of every judgement over a host: what was looked at, the verdict, what was found, and what to do.

export interface Judgement {
  readonly what: string;
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** A command or a sentence; empty when all is well. */
  readonly remedy: string;
  /** Id of the failure in the catalogue that comes of it. */
  readonly failure?: string;
}

/** The verdict on one thing, for tables whose rows know their name. */
export type Verdict = Omit<Judgement, 'what'>;

export function ok(found: string): Verdict {
  return { verdict: 'ok', found, remedy: '' };
}

/** `failure`: what may come of it, by its id in the catalogue. */
export function warn(found: string, remedy: string, failure?: string): Verdict {
  return { verdict: 'warn', found, remedy, ...(failure === undefined ? {} : { failure }) };
}

export function fail(found: string, remedy: string, failure: string): Verdict {
  return { verdict: 'fail', found, remedy, failure };
}

/** A table of checks over the same facts; a check that has nothing to say about them gives undefined. */
export type Checks<F> = Readonly<Record<string, (facts: F) => Verdict | undefined>>;

/** The judgements of a table, in its order. */
export function judgeAll<F>(checks: Checks<F>, facts: F): Judgement[] {
  return Object.entries(checks).flatMap(([what, check]) => {
    const verdict = check(facts);
    return verdict === undefined ? [] : [{ what, ...verdict }];
  });
}

/** Numbers of a version or release such as `6.12.3-amd64`. */
export function versionOf(text: string): readonly [number, number] {
  const [major = 0, minor = 0] = text.split('.').map((part) => Number.parseInt(part, 10) || 0);
  return [major, minor];
}

export function atLeast([major, minor]: readonly [number, number], [wantedMajor, wantedMinor]: readonly [number, number]): boolean {
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** Bytes as people read them. */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
