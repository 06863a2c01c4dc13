// What crac-init says of the time that a restore took, with CRAC_INIT_LOG=1 (docs/runtime-contract.md).

import * as z from 'zod/mini';

const trace = z.object({
  gateMs: z.number(),
  handOverMs: z.number(),
  criuMs: z.number(),
  acknowledgedMs: z.number(),
  totalMs: z.number(),
});

/** The parts of a restore in ms: what crac-init itself does before criu, criu, and from its end to the app's acknowledgement. */
export type RestoreTrace = z.infer<typeof trace>;

/** The trace from one line, or undefined where the line is none. */
export function parseRestoreTrace(line: string): RestoreTrace | undefined {
  const [, json] = /^crac-init: trace (\{.*\})$/.exec(line) ?? [];
  if (json === undefined) return undefined;
  try {
    const result = trace.safeParse(JSON.parse(json));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}

/** What the restore cost beyond criu and the app's own hooks, in ms. */
export function ownMs({ gateMs, handOverMs }: RestoreTrace): number {
  return gateMs + handOverMs;
}
