// A bake from options to a report: runs the pipeline in a session, and forgives what `--on-failure plain` forgives.

import { docker } from '../docker/cli.ts';
import { criuEngine } from '../engines/criu.ts';
import { BakeError, EXIT_CODES, type Outcome } from '../errors.ts';
import { isTagReference } from '../image/reference.ts';
import { type BakeOptions, checkOptions } from '../plan/plan.ts';
import type { World } from '../ports.ts';
import type { BakeReport } from '../report/report.ts';
import type { AppImage } from './app-image.ts';
import { wantsJvm } from './choose-engine.ts';
import { runSteps } from './pipeline.ts';
import type { DraftReport, Installation, Run } from './run.ts';
import { runSession } from './session.ts';

/** Failures that `--on-failure plain` forgives: those of the baking, not those of the app. */
const FORGIVEN: ReadonlySet<Outcome> = new Set(['host', 'checkpoint', 'assembly', 'proof']);

/** Bakes. Never throws: the report says what came of it, and nothing of the run is left on the engine. */
export async function bake(world: World, options: BakeOptions, installation: Installation, id: string): Promise<BakeReport> {
  let app: AppImage | undefined;
  return runSession(world, options, installation, id, {
    work: async (run) => {
      checkTags(options.tags);
      wantsJvm(options);
      checkOptions(options, criuEngine, run.names);
      await checkPush(run);
      await runSteps({
        ...run,
        haveApp: (image) => {
          app = image;
        },
      });
      finish(run.report, 'baked', options.tags);
    },
    failed: async (failure, run) => {
      if (options['on-failure'] === 'plain' && app !== undefined && FORGIVEN.has(failure.outcome)) await tagPlain(run, app, failure);
    },
  });
}

function finish(report: DraftReport, outcome: Outcome, tags: readonly string[]): void {
  report.outcome = outcome;
  report.exitCode = EXIT_CODES[outcome];
  report.tags = tags;
}

function checkTags(tags: readonly string[]): void {
  if (tags.length === 0)
    throw new BakeError('usage', 'options', 'There is no tag for the restore image', {
      remedy: 'Give --tag NAME:TAG, or tags in crac-bake.yml.',
    });
  const bad = tags.find((tag) => !isTagReference(tag));
  if (bad !== undefined) throw new BakeError('invalid-tag', 'options', `"${bad}" is not a valid tag`);
}

async function checkPush({ options, installation }: Run): Promise<void> {
  if (!options.push || options['push-untrusted']) return;
  const reason = await installation.untrusted?.();
  if (reason !== undefined) throw new BakeError('push-untrusted', 'options', 'This run may not push', { details: `On GitHub ${reason}.` });
}

async function tagPlain({ world, options, report, warn }: Run, app: AppImage, failure: BakeError): Promise<void> {
  try {
    for (const tag of options.tags) await docker(world, ['tag', app.reference, tag]);
    warn(`Not baked: ${failure.message}. The app image was tagged unchanged; it starts normally, without a checkpoint.`);
    finish(report, 'plain', options.tags);
  } catch (error) {
    warn(`The app image could not be tagged either: ${(error as Error).message}`);
  }
}
