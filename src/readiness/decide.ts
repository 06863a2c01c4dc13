// Readiness: what is asked of the app (probe), one check of it (check), the decision over many (decide), and the wait for it (wait).
// Here: the decision, over a tally of samples. Pure.

/** The outcome of one check. */
export interface Sample {
  readonly ok: boolean;
  readonly message: string;
}

/** The samples so far, in brief. */
export interface Tally {
  readonly attempts: number;
  readonly successesInARow: number;
  /** The last outcomes, equal neighbours put together. */
  readonly outcomes: readonly { readonly message: string; readonly count: number }[];
}

export const NO_SAMPLES: Tally = { attempts: 0, successesInARow: 0, outcomes: [] };

/** Enough to see how it came to the last outcome: refused, then 503, then a wrong body. */
const OUTCOMES_KEPT = 3;

export function addSample(tally: Tally, sample: Sample): Tally {
  const last = tally.outcomes.at(-1);
  const outcomes =
    last?.message === sample.message
      ? [...tally.outcomes.slice(0, -1), { message: last.message, count: last.count + 1 }]
      : [...tally.outcomes, { message: sample.message, count: 1 }].slice(-OUTCOMES_KEPT);
  return { attempts: tally.attempts + 1, successesInARow: sample.ok ? tally.successesInARow + 1 : 0, outcomes };
}

/** Whether the last `successes` samples all were successes. */
export function isReady(tally: Tally, successes: number): boolean {
  return tally.successesInARow >= successes;
}

/** The last outcomes in their order, for progress and for the message at the deadline: `connection refused (41 times), then status 503 …`. */
export function describeTally(tally: Tally): string {
  if (tally.outcomes.length === 0) return 'no check was made';
  return tally.outcomes.map(({ message, count }) => (count === 1 ? message : `${message} (${count} times)`)).join(', then ');
}
