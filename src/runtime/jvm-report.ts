// What `crac-init jvm` prints of the JVM in an image (docs/runtime-contract.md).

import * as z from 'zod/mini';

const jvmReport = z.object({
  program: z.string(),
  listing: z._default(z.string(), ''),
  engineHelp: z._default(z.string(), ''),
  jcmd: z._default(z.boolean(), false),
  criu: z._default(z.nullable(z.object({ path: z.string(), version: z.string(), executable: z.boolean() })), null),
  cpuFeatures: z._default(z.nullable(z.array(z.string())), null),
});

export type JvmReport = z.infer<typeof jvmReport>;

/** Throws on JSON of another shape. */
export function parseJvmReport(json: string): JvmReport {
  return jvmReport.parse(JSON.parse(json));
}
