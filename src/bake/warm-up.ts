// The warm-up of the running app: requests or a command, judged; afterwards no connection of ours is open.

import { lastLog } from '../docker/containers.ts';
import { BakeError } from '../errors.ts';
import type { BakePlan } from '../plan/plan.ts';
import type { World } from '../ports.ts';
import type { Probe } from '../readiness/probe.ts';
import { runWarmupCommand, type WarmupCommandResult } from '../warmup/command.ts';
import { judge, judgeCommand, type Verdict } from '../warmup/judge.ts';
import { defaultRequests, type WarmupRequest } from '../warmup/requests.ts';
import { runWarmup, type WarmupResult } from '../warmup/run.ts';
import { memoryKill } from './memory.ts';
import { targetOf } from './readiness.ts';
import type { Run } from './run.ts';
import type { Running } from './start.ts';

/** Warms the app up as the options say; null where there is nothing to send. Throws `warm-up-failed`, `warm-up-timeout`, `app-exited-in-warm-up`, `no-probe`. */
export async function warmUp(
  { world, options, host, step }: Run,
  plan: BakePlan,
  running: Running,
  settled: Probe,
): Promise<WarmupResult | WarmupCommandResult | null> {
  const requests = requestsOf(plan, settled);
  if (requests?.length === 0 || (requests !== undefined && options['warmup-count'] === 0)) return null;
  if (plan.requestPort === undefined)
    throw new BakeError('no-probe', 'warm-up', 'No port is known for the warm-up', { remedy: 'Give --port PORT.' });
  const port = targetOf(running, host).portOf(plan.requestPort);
  const shared = { host, port, timeoutMs: options['warmup-timeout'], exited: running.exited, world };
  const onProgress = (message: string) => world.emit({ kind: 'progress', step: 'warm-up', message });
  return step<WarmupResult | WarmupCommandResult>('warm-up', async () => {
    if (plan.warmUp.kind === 'command') {
      const value = await runWarmupCommand({ words: plan.warmUp.words, onLine: onProgress, ...shared });
      await throwUnlessGood(world, running, judgeCommand(value));
      return { value, detail: value.program };
    }
    const count = options['warmup-count'];
    const untilSettled = options['warmup-until-settled'] ? { untilSettled: { maxCount: options['warmup-max-count'] } } : {};
    const concurrency = options['warmup-concurrency'];
    const value = await runWarmup({ requests: requests ?? [], count, concurrency, onProgress, ...untilSettled, ...shared });
    await throwUnlessGood(world, running, judge(value, options['warmup-max-failures']));
    return { value, detail: `${value.sent} requests, ${value.failed} failed, ${describeLatency(value)}` };
  });
}

function describeLatency({ settled, stoppedBy }: WarmupResult): string {
  if (settled) return 'latency settled';
  const why = { count: ' within --warmup-max-count', time: ' within --warmup-timeout', settled: '' }[stoppedBy ?? 'settled'];
  return `latency not settled${stoppedBy === undefined ? ' yet' : why}`;
}

/** The requests to send; undefined where a program sends them. */
function requestsOf(plan: BakePlan, settled: Probe): readonly WarmupRequest[] | undefined {
  switch (plan.warmUp.kind) {
    case 'command':
      return undefined;
    case 'requests':
      return plan.warmUp.requests;
    case 'probe':
      return defaultRequests(settled, plan.warmUp.headers);
  }
}

async function throwUnlessGood(world: World, running: Running, verdict: Verdict): Promise<void> {
  if (verdict.ok) return;
  const log = await lastLog(world, running.container);
  const memory = verdict.code === 'app-exited-in-warm-up' ? await memoryKill(world, running.container) : undefined;
  if (memory !== undefined)
    throw new BakeError(verdict.code, 'warm-up', 'The kernel killed the app for its memory in the warm-up', { ...memory, log });
  throw new BakeError(verdict.code, 'warm-up', verdict.message, { details: verdict.details, log });
}
