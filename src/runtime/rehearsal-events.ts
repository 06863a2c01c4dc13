// What crac-init says of a start without a network: one JSON object a line, among the app's own lines (docs/runtime-contract.md).

import * as z from 'zod/mini';

const event = z.discriminatedUnion('event', [
  z.object({ event: z.literal('not-spring') }),
  z.object({ event: z.literal('looked-up'), host: z.string() }),
  z.object({ event: z.literal('refused'), host: z.string(), port: z.number() }),
]);

export type RehearsalEvent = z.infer<typeof event>;

/** An event from one line, or undefined where the line is the app's. */
export function parseRehearsalEvent(line: string): RehearsalEvent | undefined {
  if (!line.startsWith('{"event":')) return undefined;
  try {
    const result = event.safeParse(JSON.parse(line));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}
