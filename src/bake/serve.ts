// The app serves before its checkpoint: it becomes ready and is warmed up.

import type { BakePlan } from '../plan/plan.ts';
import { describeProbe } from '../readiness/probe.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type Ready, waitForApp } from './readiness.ts';
import { type Run, under } from './run.ts';
import type { Running } from './start.ts';
import { Superseded } from './steps.ts';
import { warmUp } from './warm-up.ts';

/** Serves as the plan says; undefined where the app does not serve, or asks for its checkpoint (`begun`) before it is ready. */
export async function serve(run: Run, plan: BakePlan, running: Running, begun: Checkpoint | undefined): Promise<Ready | undefined> {
  if (plan.serving === 'no') return undefined;
  return begun === undefined ? becomeReady(run, plan, running) : untilTriggered(run, plan, running, begun);
}

async function becomeReady(run: Run, plan: BakePlan, running: Running): Promise<Ready> {
  const { world, options, host, step, report } = run;
  const ready = await step('ready', async () => {
    const value = await waitForApp(world, running, {
      probe: plan.probe,
      successes: options['ready-successes'],
      timeoutMs: options['ready-timeout'],
      host,
      user: plan.runRequest.user,
    });
    return { value, detail: `${describeProbe(value.probe)}, first answer after ${Math.round(value.firstResponseMs)} ms` };
  });
  report.firstResponse = { request: describeProbe(ready.probe), coldMs: ready.firstResponseMs, restoredMs: null };
  report.warmUp = await warmUp(run, plan, running, ready.probe);
  return ready;
}

/** Serves until the app asks for its checkpoint itself: from then on it answers no more. What goes wrong with the checkpoint is told where it is awaited. */
async function untilTriggered(run: Run, plan: BakePlan, running: Running, checkpoint: Checkpoint): Promise<Ready | undefined> {
  const triggered = new AbortController();
  const stop = () => triggered.abort(new Superseded('ended by the app’s checkpoint'));
  checkpoint.triggered.then(stop, stop);
  try {
    return await becomeReady(under(run, AbortSignal.any([run.world.signal, triggered.signal])), plan, running);
  } catch (error) {
    if (error instanceof Superseded) return undefined;
    throw error;
  }
}
