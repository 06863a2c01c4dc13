import { setTimeout as delay } from 'node:timers/promises';

/** Asks `check` again and again until it gives something truthy (returned) or the deadline has passed (`undefined`). */
export async function pollUntil(check, { deadlineMs, intervalMs = 100 }) {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() >= end) return undefined;
    await delay(intervalMs);
  }
}
