// What `crac-init dump` prints: one JSON object a line (docs/runtime-contract.md).

import * as z from 'zod/mini';

const resource = z.object({
  class: z.string(),
  phase: z._default(z.string(), ''),
  elapsedMs: z.number(),
  outcome: z.string(),
  error: z._default(z.nullable(z.string()), null),
  stack: z._default(z.nullable(z.string()), null),
});

const connection = z.object({ local: z.string(), remote: z.string(), pid: z._default(z.number(), 0) });

export const scheduledTask = z.object({ kind: z.string(), class: z.string(), periodMs: z.number() });

const list = <T extends z.core.$ZodType>(item: T) => z._default(z.nullable(z.array(item)), null);

const jvmCpu = z.object({ listed: z.array(z.string()), hidden: z.array(z.string()), options: z.record(z.string(), z.string()) });

const answer = z.discriminatedUnion('event', [
  z.object({ event: z.literal('triggered') }),
  z.object({
    event: z.literal('hooks'),
    resources: list(resource),
    collected: list(z.string()),
    scheduled: list(scheduledTask),
    randoms: list(z.string()),
    warnings: list(z.string()),
    elapsedMs: z.number(),
    cpu: z.optional(z.nullable(jvmCpu)),
    agent: z.object({
      pid: z.number(),
      javaVersion: z._default(z.string(), ''),
      javaVendor: z._default(z.string(), ''),
      vmName: z._default(z.string(), ''),
    }),
  }),
  z.object({ event: z.literal('connections'), established: list(connection), listening: list(z.string()) }),
  z.object({
    event: z.literal('dumped'),
    pid: z.number(),
    elapsedMs: z.number(),
    files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
    bytes: z.number(),
    stdout: z.string(),
    stderr: z.string(),
    clock: z.enum(['near-zero', 'host']),
    monotonicMs: z.number(),
    wallMs: z.number(),
    cpu: z.object({ model: z.string(), features: z.array(z.string()) }),
    process: z.object({
      uid: z.number(),
      gid: z.number(),
      groups: list(z.number()),
      groupsOpen: z._default(z.boolean(), false),
      threads: z.number(),
      residentBytes: z.number(),
      capabilities: list(z.string()),
      seccomp: z.number(),
      processes: z.number(),
      executable: z.string(),
    }),
  }),
  z.object({
    event: z.literal('failed'),
    code: z.string(),
    message: z.string(),
    resources: list(resource),
    logTail: z._default(z.string(), ''),
    exitCode: z.optional(z.nullable(z.number())),
  }),
]);

export type ScheduledTask = z.infer<typeof scheduledTask>;
export type HookResource = z.infer<typeof resource>;
export type Connection = z.infer<typeof connection>;
export type DumpAnswer = z.infer<typeof answer>;
export type Dumped = Extract<DumpAnswer, { event: 'dumped' }>;
export type HooksRan = Extract<DumpAnswer, { event: 'hooks' }>;
export type DumpFailed = Extract<DumpAnswer, { event: 'failed' }>;

/** An answer from one line, or undefined where the line is none of the runtime's. Throws on an answer of another shape. */
export function parseDumpAnswer(line: string): DumpAnswer | undefined {
  if (!line.startsWith('{"event":')) return undefined;
  return answer.parse(JSON.parse(line));
}
