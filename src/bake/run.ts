// One bake on its way: what every part of the pipeline works with. Steps add what they find to the report.

import { EXIT_CODES } from '../errors.ts';
import type { RunNames } from '../plan/names.ts';
import type { BakeOptions } from '../plan/plan.ts';
import type { World } from '../ports.ts';
import type { BakeReport, StepRecord } from '../report/report.ts';
import type { AppImage } from './app-image.ts';
import type { HelperStore } from './helper-image.ts';
import type { RunStep } from './steps.ts';

/** Where the package's own files are, and what this machine remembers. */
export interface Installation {
  /** Name and version, for labels and reports. */
  readonly tool: string;
  /** Folder with crac-init and the agent. */
  readonly dist: string;
  /** Folder with the helper image's Dockerfile. */
  readonly helper: string;
  /** Host checks that passed: asks for a key, and notes one. */
  readonly hostChecks: { has(key: string): Promise<boolean>; add(key: string): Promise<void> };
  /** Docker's own configuration folder, with its logins. */
  readonly dockerConfig: string;
  /** Why this run's code may be a stranger's, if it may. */
  readonly untrusted?: () => Promise<string | undefined>;
  /** DOCKER_HOST, if set. */
  readonly dockerHost: string | undefined;
  readonly helperStore?: HelperStore;
}

/** A report that is being written. */
export type DraftReport = { -readonly [K in keyof BakeReport]: BakeReport[K] };

export interface Run {
  /** Its signal aborts when the user interrupts, and when the run has ended. */
  readonly world: World;
  readonly options: BakeOptions;
  readonly installation: Installation;
  readonly names: RunNames;
  /** The host under which the engine's published ports are reached. */
  readonly host: string;
  readonly step: RunStep;
  readonly report: DraftReport;
  /** Shows a warning and puts it into the report. */
  readonly warn: (message: string) => void;
  /** Called as soon as the app image is there, for `--on-failure plain`. */
  readonly haveApp: (app: AppImage) => void;
}

/** The same run under another signal. */
export function under(run: Run, signal: AbortSignal): Run {
  return { ...run, world: { ...run.world, signal } };
}

/** A report with nothing in it. */
export function emptyReport(tool: string, run: string, steps: readonly StepRecord[]): DraftReport {
  return {
    version: 1,
    tool,
    run,
    outcome: 'bug',
    exitCode: EXIT_CODES.bug,
    tags: [],
    app: null,
    image: null,
    digest: null,
    pushed: null,
    engine: null,
    steps,
    firstResponse: null,
    warmUp: null,
    hooks: null,
    connections: null,
    checkpoint: null,
    restore: null,
    runWith: null,
    warnings: [],
    error: null,
  };
}
