// Latency by progress: whether the app still became faster when the warm-up ended. Pure.

/** One of the equal parts of a run, by the order in which answers came. */
export interface Slice {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

const SLICES = 10;

/** How many slices at the end must agree, and how closely: a share of the smallest median, or as much as timers and schedulers blur. */
const SETTLED_SLICES = 3;
const SETTLED_SHARE = 0.2;
const SETTLED_NOISE_MS = 0.5;

/** Ten slices whose counts differ by one at most; fewer where there are fewer answers. Milliseconds in the order of the answers. */
export function sliceLatencies(latenciesMs: readonly number[]): readonly Slice[] {
  const parts = Math.min(SLICES, latenciesMs.length);
  return Array.from({ length: parts }, (_, part) => {
    const from = Math.floor((part * latenciesMs.length) / parts);
    const to = Math.floor(((part + 1) * latenciesMs.length) / parts);
    const sorted = latenciesMs.slice(from, to).sort((a, b) => a - b);
    return { count: sorted.length, p50Ms: percentile(sorted, 0.5), p95Ms: percentile(sorted, 0.95) };
  });
}

/**
 * Settled: there are ten slices, and the medians of the last three are within 20 % of the smallest of them, or within 0.5 ms.
 */
export function hasSettled(slices: readonly Slice[]): boolean {
  if (slices.length < SLICES) return false;
  const medians = slices.slice(-SETTLED_SLICES).map((slice) => slice.p50Ms);
  const smallest = Math.min(...medians);
  return Math.max(...medians) - smallest <= Math.max(SETTLED_SHARE * smallest, SETTLED_NOISE_MS);
}

/** Nearest rank: the smallest value that is not below `share` of all. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
