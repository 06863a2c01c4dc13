// The report of a bake as data; the renderers make text and JSON of it. All times in ms, all sizes in bytes.

import { failureOf } from '../diagnose/of-error.ts';
import type { BakeError, Outcome, Step } from '../errors.ts';
import type { DeployLines } from '../image/deploy-lines.ts';
import type { Connection, HookResource, ScheduledTask } from '../runtime/dump-answers.ts';
import type { RestoreTrace } from '../runtime/restore-trace.ts';
import type { WarmupCommandResult } from '../warmup/command.ts';
import type { WarmupResult } from '../warmup/run.ts';

export interface StepRecord {
  readonly step: Step;
  readonly title: string;
  readonly elapsedMs: number;
  readonly detail: string;
}

/** The known failure that an error's log shows. */
export interface ReportedFailure {
  readonly id: string;
  readonly cause: string;
  readonly remedy: string;
  /** Its section of the documentation. */
  readonly link: string;
}

export interface ReportedError {
  readonly code: string;
  readonly step: string;
  readonly message: string;
  readonly details: string;
  readonly remedy: string;
  readonly log: readonly string[];
  readonly failure: ReportedFailure | null;
}

/** A tag in a registry: `moved` to a digest that was proved, `failed` where the registry's answer is not that digest, or left as it was. */
export interface PushedTag {
  readonly tag: string;
  readonly status: 'moved' | 'failed' | 'untouched';
  /** What the tag was moved to; null where it was not. */
  readonly digest: string | null;
}

export interface BakeReport {
  readonly version: 1;
  readonly tool: string;
  readonly run: string;
  readonly outcome: Outcome;
  readonly exitCode: number;
  readonly tags: readonly string[];
  readonly app: { readonly name: string; readonly id: string } | null;
  readonly image: { readonly id: string; readonly sizeBytes: number } | null;
  /** Digest in the registry of the first tag; null while it is not pushed and proved. */
  readonly digest: string | null;
  /** What became of each tag in its registry; null without --push. */
  readonly pushed: readonly PushedTag[] | null;
  readonly engine: { readonly name: 'criu'; readonly criuVersion: string } | null;
  readonly steps: readonly StepRecord[];
  /** The first answer, from the docker command that starts the container; null where there was none to wait for. */
  readonly firstResponse: { readonly request: string; readonly coldMs: number | null; readonly restoredMs: number | null } | null;
  readonly warmUp: WarmupResult | WarmupCommandResult | null;
  readonly hooks: {
    readonly elapsedMs: number;
    readonly javaVersion: string;
    readonly resources: readonly HookResource[];
    /** Classes of Resources that were garbage-collected, because nobody held them. */
    readonly collected: readonly string[];
    /** Tasks at a fixed rate; the restore moves them by the time that has passed, so that they do not catch up. */
    readonly scheduled: readonly ScheduledTask[];
    /** Static fields that hold a java.util.Random: its numbers are the same in every restore. */
    readonly randoms: readonly string[];
  } | null;
  readonly connections: { readonly established: readonly Connection[]; readonly listening: readonly string[] } | null;
  readonly checkpoint: {
    readonly bytes: number;
    readonly files: number;
    readonly pid: number;
    readonly uid: number;
    readonly threads: number;
    readonly residentBytes: number;
    readonly clock: 'near-zero' | 'host';
  } | null;
  /** How long the parts of the proof's restore took. */
  readonly restore: RestoreTrace | null;
  readonly runWith: DeployLines | null;
  readonly warnings: readonly string[];
  readonly error: ReportedError | null;
}

export function reportError(error: BakeError): ReportedError {
  const { code, step, message, details, remedy, log } = error;
  return { code, step, message, details, remedy, log, failure: failureOf(error) };
}
