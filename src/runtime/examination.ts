// What `crac-init examine` prints (docs/runtime-contract.md).

import * as z from 'zod/mini';

const examinedProcess = z.object({
  pid: z.number(),
  name: z.string(),
  executable: z.string(),
  uid: z.number(),
  threads: z.number(),
  tracedBy: z.number(),
  seccomp: z.number(),
  namespaces: z.array(z.string()),
  /** What it runs, for a JVM. */
  jvm: z._default(z.string(), ''),
});

const holding = z.object({
  kind: z.string(),
  pid: z.number(),
  detail: z.string(),
  peer: z._default(z.string(), ''),
  bytes: z._default(z.number(), 0),
});

const examination = z.object({ processes: z.array(examinedProcess), holdings: z.array(holding) });

export type ExaminedProcess = z.infer<typeof examinedProcess>;
export type Holding = z.infer<typeof holding>;
export type Examination = z.infer<typeof examination>;

/** Throws on JSON of another shape. */
export function parseExamination(json: string): Examination {
  return examination.parse(JSON.parse(json));
}
