// What `crac-init examine` prints (docs/runtime-contract.md).

import * as z from 'zod/mini';
import { scheduledTask } from './dump-answers.ts';

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
  /** The descriptor; 0 for what is mapped only. */
  fd: z._default(z.number(), 0),
});

/** What the context agent says of its JVM. `holder`: class and field of the app, empty where only the JDK's own lead to it; `kind`: the JDK's class. */
const agentView = z.object({
  pid: z.number(),
  resources: z._default(z.array(z.string()), []),
  scheduled: z._default(z.array(scheduledTask), []),
  open: z._default(z.array(z.object({ fd: z.number(), kind: z.string(), holder: z.string() })), []),
  warnings: z._default(z.array(z.string()), []),
});

const examination = z.object({ processes: z.array(examinedProcess), holdings: z.array(holding), agent: z.optional(agentView) });

export type ExaminedProcess = z.infer<typeof examinedProcess>;
export type Holding = z.infer<typeof holding>;
export type AgentView = z.infer<typeof agentView>;
export type Examination = z.infer<typeof examination>;

/** Throws on JSON of another shape. */
export function parseExamination(json: string): Examination {
  return examination.parse(JSON.parse(json));
}
