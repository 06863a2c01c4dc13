// Whether a checkpoint came about, over all that it left behind. No single sign is enough: jcmd exits with 0 also where the JVM refuses and
// where CRIU fails, the JVM says "Checkpoint ..." before the dump, and 137 is the status of an out-of-memory kill too.

import { diagnoseText, type NamedFailure } from '../diagnose/diagnose.ts';
import type { CracEngineKind } from './jvm-facts.ts';
import { parseRefusals, type Refusal } from './refusals.ts';

/** What a command printed and how it ended. */
export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface CheckpointRecord {
  readonly engine: CracEngineKind;
  /** Who asked from outside: jcmd, or our attach client in its place. Absent where the app asked by itself. */
  readonly trigger?: Ran;
  /** The app's log. */
  readonly app: { readonly stdout: string; readonly stderr: string };
  readonly state: ProcessState;
  /** Of the checkpoint's folder. */
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  /** CRIU's log (dump4.log), or its warnings, errors and last line; empty where there is none. */
  readonly dumpLog: string;
}

/** The JVM's process, or its container where they end together. */
export interface ProcessState {
  readonly running: boolean;
  /** As a shell has it: 128 + signal. Meaningless while it runs. */
  readonly exitCode: number;
  /** The kernel's memory killer ended it. */
  readonly oomKilled: boolean;
}

/**
 * - `success`: the checkpoint is there and whole.
 * - `not-started`: nothing reached the JVM.
 * - `refused`: the JVM said no, and goes on.
 * - `failed`: the JVM had agreed, then the dump broke off, or cannot be proved.
 * - `goes-on`: the JVM had agreed, and runs on with no word of failure: the dump has not ended yet, or the engine leaves it running.
 */
export type CheckpointOutcome = 'success' | 'not-started' | 'refused' | 'failed' | 'goes-on';

export interface CheckpointVerdict {
  readonly outcome: CheckpointOutcome;
  /** One sentence on the outcome. */
  readonly because: string;
  /** PID of the JVM where jcmd or the files name it. */
  readonly pid: number | undefined;
  /** The app ended by the kernel's memory killer. */
  readonly outOfMemory: boolean;
  /** What the JVM refused for, in its order. */
  readonly refusals: readonly Refusal[];
  /** Names of files that a checkpoint has and this one lacks, or has empty. */
  readonly missingFiles: readonly string[];
  /** From the catalogue: the root first, then failures of their own. Empty after success. */
  readonly failures: readonly NamedFailure[];
}

/** Judges a checkpoint. */
export function judgeCheckpoint(record: CheckpointRecord): CheckpointVerdict {
  const { trigger, app, state } = record;
  const triggerText = `${trigger?.stdout ?? ''}\n${trigger?.stderr ?? ''}`;
  const appText = `${app.stdout}\n${app.stderr}`;
  const pid = pidOf(record);
  const refusals = parseRefusals(`${triggerText}\n${appText}`);
  const missing = missingFiles(record, pid);
  const { outcome, because } = decide(record, refusals, missing);
  const exit = state.running ? '' : `exit code ${state.exitCode}`;
  const { root, others } = diagnoseText([triggerText, appText, record.dumpLog, exit].join('\n'));
  return {
    outcome,
    because,
    pid,
    outOfMemory: !state.running && state.oomKilled,
    refusals,
    missingFiles: outcome === 'failed' || outcome === 'success' ? missing : [],
    failures: outcome === 'success' || root === undefined ? [] : [root, ...others].filter(({ rank }) => rank !== 'fine'),
  };
}

type Decision = Pick<CheckpointVerdict, 'outcome' | 'because'>;

/** Before the dump: `CR: Checkpoint ...` (17), `[0.180s][info][crac] Checkpoint ...` (24). jcmd itself says the third where the answer is empty. */
const AGREED = /(?:^|\n)(?:CR: |\[[^\n]*\[crac *\] )Checkpoint \.\.\.|Command executed successfully/;

const NATIVE_FAILURE =
  /CRIU failed with exit code|CRIU has not properly exited|Cannot execute CRIU|Native checkpoint failed|invalid info for restore provided/i;

const FINISHED = /Dumping finished successfully/;

/** What the JVM of a good checkpoint ends with: SIGKILL. */
const KILLED = 137;

function decide(record: CheckpointRecord, refusals: readonly Refusal[], missing: readonly string[]): Decision {
  const { trigger, app, state, engine, dumpLog } = record;
  const everything = `${trigger?.stdout ?? ''}\n${app.stdout}\n${app.stderr}`;
  const reasons = refusals.filter(({ kind }) => kind !== 'native');
  const native = refusals.length > reasons.length || NATIVE_FAILURE.test(everything);
  if (state.running) {
    if (native) return { outcome: 'failed', because: 'The JVM had agreed, then the dump failed; the JVM goes on.' };
    if (reasons.length > 0 || /An exception during a checkpoint operation/.test(everything))
      return { outcome: 'refused', because: 'The JVM refused the checkpoint and goes on.' };
    if (AGREED.test(everything)) return { outcome: 'goes-on', because: 'The JVM said that it writes the checkpoint, and goes on.' };
    const failed = trigger !== undefined && trigger.exitCode !== 0;
    return { outcome: 'not-started', because: failed ? 'The trigger did not reach the JVM.' : 'Nothing asked the JVM for a checkpoint.' };
  }
  if (state.oomKilled) return { outcome: 'failed', because: 'The kernel ended the JVM for want of memory.' };
  if (state.exitCode !== KILLED) return { outcome: 'failed', because: `The JVM ended with ${state.exitCode}, not by the checkpoint.` };
  if (native || reasons.length > 0) return { outcome: 'failed', because: 'The dump failed, and the JVM ended.' };
  if (engine === 'criu' && !FINISHED.test(dumpLog))
    return { outcome: 'failed', because: 'The JVM was killed, but CRIU’s log does not say that the dump was finished.' };
  if (missing.length > 0) return { outcome: 'failed', because: `Files are missing or empty: ${missing.join(', ')}.` };
  return { outcome: 'success', because: 'The JVM ended by the checkpoint, and all files are there.' };
}

/** From jcmd's first line, else from the files. */
function pidOf({ trigger, files }: CheckpointRecord): number | undefined {
  const [, said] = /^(\d+):$/m.exec(trigger?.stdout ?? '') ?? [];
  const [, written] = files.map(({ name }) => /^mm-(\d+)\.img$/.exec(name)).find((found) => found !== null) ?? [];
  const pid = said ?? written;
  return pid === undefined ? undefined : Number(pid);
}

/** Files without which nothing can be restored. Warp writes one of its own; what other engines write is not known here. */
function missingFiles({ engine, files }: CheckpointRecord, pid: number | undefined): string[] {
  const there = new Set(files.filter(({ bytes }) => bytes > 0).map(({ name }) => name));
  if (engine === 'warp') return there.has('core.img') ? [] : ['core.img'];
  if (engine !== 'criu') return [];
  const ofProcess = pid === undefined ? [] : [`core-${pid}.img`, `mm-${pid}.img`, `pagemap-${pid}.img`];
  return ['inventory.img', 'pstree.img', 'files.img', 'pages-1.img', ...ofProcess].filter((name) => !there.has(name));
}
