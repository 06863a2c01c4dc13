// What `crac-init facts` prints of the container that it runs in, and so of its host (docs/runtime-contract.md).

import * as z from 'zod/mini';

const hostFacts = z.object({
  architecture: z.string(),
  kernel: z.string(),
  cpu: z.object({ model: z.string(), features: z.array(z.string()) }),
  capabilities: z.object({ bounding: z.array(z.string()) }),
  seccomp: z.number(),
  noNewPrivileges: z.boolean(),
  memoryBytes: z.number(),
  clone3SetTid: z.boolean(),
  timeNamespaces: z.boolean(),
  nsLastPidWritable: z.boolean(),
  ptraceScope: z.number(),
  userfaultfd: z.boolean(),
  userNamespace: z.boolean(),
  appArmor: z.string(),
  seLinux: z.string(),
  disk: z.object({ freeBytes: z.number(), freeInodes: z.number(), totalInodes: z.number() }),
});

export type HostFacts = z.infer<typeof hostFacts>;

/** Throws on JSON of another shape. */
export function parseHostFacts(json: string): HostFacts {
  return hostFacts.parse(JSON.parse(json));
}
