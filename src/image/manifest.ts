// The manifest: what `crac-init restore` and `crac-bake inspect` need to know of a checkpoint (docs/runtime-contract.md).

import type { Baseline } from '../cpu/baselines.ts';
import type { Engine, JvmDescription, JvmRestore } from '../engines/engine.ts';
import type { Probe } from '../readiness/probe.ts';
import type { Dumped } from '../runtime/dump-answers.ts';
import type { FileChanges } from './changed-files.ts';

export interface Manifest {
  readonly version: 1;
  readonly tool: string;
  readonly engine: Engine['name'];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly user: string;
  readonly architecture: string;
  readonly kernel: string;
  /** The bake's processor, and those of its features that the checkpoint may use, under the kernel's names: a restore needs them. */
  readonly cpu: { readonly model: string; readonly baseline: Baseline; readonly features: readonly string[] };
  /** What the kernel of a restore must let crac-init do. */
  readonly abilities: readonly string[];
  /** The JVM that ran the hooks; null for other processes. */
  readonly java: { readonly version: string; readonly vendor: string; readonly vm: string } | null;
  /** At the dump. */
  readonly clock: { readonly mode: 'near-zero' | 'host'; readonly monotonicMs: number; readonly wall: string };
  readonly agent: boolean;
  /** What crac-init asks of a process without agent before it counts as restored; it knows no log lines. */
  readonly probe: { readonly kind: 'http' | 'tcp'; readonly port: number; readonly path?: string } | null;
  readonly checkpoint: {
    readonly pid: number;
    readonly bytes: number;
    readonly files: Dumped['files'];
    readonly stdout: string;
    readonly stderr: string;
    readonly uid: number;
    readonly gid: number;
    readonly groups: readonly number[];
    /** The checkpoint holds no supplementary groups: the restored process has those of its container. */
    readonly groupsOpen: boolean;
    readonly residentBytes: number;
    readonly threads: number;
    /** Permitted capabilities of the process. */
    readonly capabilities: readonly string[];
    /** Its seccomp mode: 0 none, 2 a filter. */
    readonly seccomp: number;
  };
  /** What the app has changed of its image's files; all of it is in the restore image. */
  readonly files: FileChanges;
  readonly deadlineMs: number;
  /** Limit of the afterRestore hooks, which the agent keeps: crac-init waits for them beyond the deadline. */
  readonly afterRestoreMs: number;
  readonly capabilities: { readonly restore: readonly string[]; readonly app: readonly string[] };
  /** What the restore is proved under: the profile that comes with crac-bake, or none. */
  readonly seccomp: 'profile' | 'unconfined';
  readonly criu: { readonly version: string; readonly options: readonly string[] };
  /** How the image's CRaC JVM restores; absent where criu alone does. */
  readonly jvm?: JvmRestore;
  /** What that JVM is; crac-init does not look at it. */
  readonly jdk?: JvmDescription;
}

interface ManifestParts {
  readonly tool: string;
  readonly app: {
    readonly entrypoint: readonly string[];
    readonly command: readonly string[];
    readonly user: string;
    readonly architecture: string;
  };
  readonly kernel: string;
  readonly cpu: Manifest['cpu'];
  readonly dumped: Dumped;
  /** The JVM that ran the hooks. */
  readonly java: Manifest['java'];
  readonly files: FileChanges;
  /** The deadline of a restore in ms, where the user has set one. */
  readonly restoreMs?: number | undefined;
  readonly afterRestoreMs: number;
  readonly probe: Probe | undefined;
  readonly restoreCapabilities: readonly string[];
  readonly appCapabilities: readonly string[];
  readonly seccomp: Manifest['seccomp'];
  readonly criu: Manifest['criu'];
  readonly engine: Engine['name'];
  readonly jvm: JvmRestore | undefined;
  readonly jdk: JvmDescription | null;
}

/** CAP_CHECKPOINT_RESTORE is there since Linux 5.9, clone3 with a PID since 5.5 (man pages); CRIU takes both. */
const ABILITIES = ['checkpoint-restore', 'clone3-set-tid'];

/** Time that a restore may take before crac-init gives it up, in ms: a start plus what the slowest disks need for a MB. */
export function restoreDeadlineMs(bytes: number): number {
  return 2000 + Math.ceil((bytes / 1_000_000) * 5);
}

export function makeManifest(parts: ManifestParts): Manifest {
  const { dumped } = parts;
  return {
    version: 1,
    tool: parts.tool,
    engine: parts.engine,
    entrypoint: parts.app.entrypoint,
    command: parts.app.command,
    user: parts.app.user,
    architecture: parts.app.architecture,
    kernel: parts.kernel,
    cpu: parts.cpu,
    abilities: ABILITIES,
    java: parts.java,
    clock: { mode: dumped.clock, monotonicMs: dumped.monotonicMs, wall: new Date(dumped.wallMs).toISOString() },
    agent: parts.java !== null,
    probe: restoreProbe(parts.probe),
    checkpoint: {
      pid: dumped.pid,
      bytes: dumped.bytes,
      files: dumped.files,
      stdout: dumped.stdout,
      stderr: dumped.stderr,
      uid: dumped.process.uid,
      gid: dumped.process.gid,
      groups: dumped.process.groups ?? [],
      groupsOpen: dumped.process.groupsOpen,
      residentBytes: dumped.process.residentBytes,
      threads: dumped.process.threads,
      capabilities: dumped.process.capabilities ?? [],
      seccomp: dumped.process.seccomp,
    },
    files: parts.files,
    deadlineMs: parts.restoreMs ?? restoreDeadlineMs(dumped.bytes),
    afterRestoreMs: parts.afterRestoreMs,
    capabilities: { restore: parts.restoreCapabilities, app: parts.appCapabilities },
    seccomp: parts.seccomp,
    criu: parts.criu,
    ...(parts.jvm === undefined ? {} : { jvm: parts.jvm }),
    ...(parts.jdk === null ? {} : { jdk: parts.jdk }),
  };
}

function restoreProbe(probe: Probe | undefined): Manifest['probe'] {
  if (probe === undefined || !('port' in probe)) return null;
  // crac-init takes 2xx and 3xx for an answer; where other statuses count, an open port has to do.
  const usual = probe.kind === 'http' && probe.status.from >= 200 && probe.status.to <= 399;
  return usual ? { kind: 'http', port: probe.port, path: probe.path } : { kind: 'tcp', port: probe.port };
}
