// A run from its first step to its end, whatever it is for: what goes wrong is named, and nothing of the run is left on the engine.

import { DockerError } from '../docker/cli.ts';
import { engineHost } from '../docker/containers.ts';
import { BakeError, type Step, unexpected } from '../errors.ts';
import { runNames } from '../plan/names.ts';
import type { BakeOptions } from '../plan/plan.ts';
import type { World } from '../ports.ts';
import { reportError, type StepRecord } from '../report/report.ts';
import { cleanUp } from './clean-up.ts';
import { type DraftReport, emptyReport, type Installation, type Run } from './run.ts';
import { engineLost, stepRunner } from './steps.ts';

export interface Session {
  /** Does all of it. */
  readonly work: (run: Run) => Promise<void>;
  /** What to do about a failure, after it is in the report. */
  readonly failed: (failure: BakeError, run: Run) => Promise<void>;
}

/** Runs a session. Never throws: the report says what came of it, but for the outcome of the work, which is the work's to set. */
export async function runSession(
  outer: World,
  options: BakeOptions,
  installation: Installation,
  id: string,
  { work, failed }: Session,
): Promise<DraftReport> {
  const world: World = { ...outer, answerTimeoutMs: options['engine-timeout'] };
  const steps: StepRecord[] = [];
  const report = emptyReport(installation.tool, id, steps);
  const warn = (message: string) => {
    report.warnings = [...report.warnings, message];
    world.emit({ kind: 'warning', message });
  };
  const scope = new AbortController();
  const run: Run = {
    world: { ...world, signal: AbortSignal.any([world.signal, scope.signal]) },
    options,
    installation,
    names: runNames(id),
    host: engineHost(installation.dockerHost),
    step: stepRunner(world, steps),
    report,
    warn,
    haveApp: () => {},
  };
  try {
    await work(run);
  } catch (error) {
    const failure = nameFailure(error, world.signal, steps);
    report.error = reportError(failure);
    report.image = null;
    report.outcome = failure.outcome;
    report.exitCode = failure.exitCode;
    report.tags = [];
    await failed(failure, { ...run, world });
  } finally {
    scope.abort(new Error('the run has ended'));
    // Before the first step nothing is made.
    if (steps.length > 0) {
      const surroundings = options.services !== undefined || options.mounts.length > 0;
      await cleanUp(world, id, surroundings).catch((error: Error) => {
        if (report.outcome === 'interrupted') report.error = reportError(interruptedAt(steps, CUT_SHORT));
        warn(`The clean-up failed: ${error.message}. Run crac-bake clean.`);
      });
    }
  }
  return report;
}

function nameFailure(error: unknown, signal: AbortSignal, steps: readonly StepRecord[]): BakeError {
  if (signal.aborted) return interruptedAt(steps, 'Interrupted; everything that the run had made is removed');
  if (error instanceof BakeError) return error;
  const step = failedStep(steps);
  if (error instanceof DockerError) return error.lost ? engineLost(error, step) : refused(error, step);
  return unexpected(error, step);
}

function refused(error: DockerError, step: Step): BakeError {
  return new BakeError('engine-refused', step, 'The Docker Engine answered with an error', {
    details: error.message,
    log: error.lines,
    cause: error,
  });
}

const CUT_SHORT = 'Interrupted before the clean-up was through: run crac-bake clean';

function interruptedAt(steps: readonly StepRecord[], message: string): BakeError {
  return new BakeError('interrupted', failedStep(steps), message);
}

function failedStep(steps: readonly StepRecord[]): Step {
  return steps.findLast((record) => record.detail === 'failed')?.step ?? 'options';
}
