// The real clock.

import { setTimeout as timeout } from 'node:timers/promises';
import type { Clock } from '../ports.ts';

/** What a timer of Node takes at most; more of it would end at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const clock: Clock = {
  now: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await timeout(Math.min(ms, LONGEST_TIMER_MS), undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // Node rejects with an AbortError of its own.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
