// A rehearsal: the app is run to the point of its checkpoint, and what would refuse or endanger one is named. Nothing is dumped, no hook runs.

import { getApp, getEngine } from '../bake/prepare.ts';
import type { Installation, Run } from '../bake/run.ts';
import { serve } from '../bake/serve.ts';
import { startServices } from '../bake/services.ts';
import { runSession } from '../bake/session.ts';
import { readRuntime, startApp } from '../bake/start.ts';
import { failing } from '../bake/steps.ts';
import { docker } from '../docker/cli.ts';
import { criuEngine } from '../engines/criu.ts';
import { BakeError, EXIT_CODES } from '../errors.ts';
import { type BakeOptions, checkOptions, makePlan } from '../plan/plan.ts';
import type { World } from '../ports.ts';
import type { RehearsalReport } from '../report/rehearsal.ts';
import { type Examination, parseExamination } from '../runtime/examination.ts';
import { INIT } from '../runtime/files.ts';
import { type IsolatedStart, startIsolated } from './isolated.ts';
import { type Finding, judge } from './judge.ts';
import { describeService } from './services.ts';

interface Found {
  context: IsolatedStart | undefined;
  /** The start without a network that was made only to learn what a failed start was looking for. */
  search: IsolatedStart | undefined;
  examination: Examination | undefined;
  findings: readonly Finding[];
}

/** An app that did not become ready is given this time to show what it looks for, in ms. */
const SEARCH_MS = 20_000;

/** Rehearses. Never throws: the report says what came of it, and nothing of the run is left on the engine. */
export async function rehearse(world: World, options: BakeOptions, installation: Installation, id: string): Promise<RehearsalReport> {
  const found: Found = { context: undefined, search: undefined, examination: undefined, findings: [] };
  const report = await runSession(world, withoutTrigger(options), installation, id, {
    work: async (run) => {
      checkOptions(run.options, criuEngine, run.names);
      await runSteps(run, found);
      run.report.outcome = 'rehearsed';
      run.report.exitCode = EXIT_CODES.rehearsed;
    },
    failed: async () => {},
  });
  const { version, tool, run, outcome, exitCode, app, steps, firstResponse, warmUp, warnings, error } = report;
  const { context, search, examination, findings } = found;
  const services = (search ?? context)?.services ?? [];
  const holdings = examination?.holdings ?? [];
  return {
    ...{ version, tool, run, outcome, exitCode, app, steps },
    context: context ?? null,
    services,
    firstResponse: firstResponse === null ? null : { request: firstResponse.request, coldMs: firstResponse.coldMs },
    warmUp,
    processes: examination?.processes ?? [],
    resources: examination?.agent?.resources ?? [],
    scheduled: examination?.agent?.scheduled ?? [],
    listening: holdings.filter(({ kind }) => kind === 'listening').map(({ detail }) => detail),
    findings,
    ...{ warnings, error },
  };
}

/** The same options, but nothing asks for a checkpoint: the agent is loaded as in a bake where that is what happens, and never triggered. */
function withoutTrigger(options: BakeOptions): BakeOptions {
  if (options.trigger === 'app') return { ...options, trigger: 'none' };
  return options.trigger === 'on-refresh' ? { ...options, trigger: 'auto' } : options;
}

async function runSteps(run: Run, found: Found): Promise<void> {
  const { world, options, installation, names, host, step, report, warn } = run;
  const engine = await getEngine(run);
  const app = await getApp(run, engine, world.signal);
  report.app = { name: app.name, id: app.facts.id };
  const runtime = await readRuntime(world.files, installation.dist, engine.architecture);
  const image = { ...app.facts, reference: app.reference };
  const plan = makePlan(options, criuEngine, app.facts, app.reference, names, host);

  found.context = await step('isolate', async () => {
    const value = await startIsolated(run, { image, runtime, onlySpring: true, timeoutMs: options['ready-timeout'] });
    return { value, detail: describeContext(value) };
  });
  if (options.services !== undefined) await startServices(run, options.services);
  try {
    const running = await step('start', async () => ({
      value: await startApp(world, plan, runtime, undefined, world.signal),
      detail: plan.runRequest.command.join(' '),
    }));
    await serve(run, plan, running, undefined);
  } catch (error) {
    if (!(error instanceof BakeError) || !['app-exited', 'not-ready'].includes(error.code)) throw error;
    if (found.context === undefined) {
      const timeoutMs = Math.min(SEARCH_MS, options['ready-timeout']);
      found.search = await step('isolate', async () => {
        const value = await startIsolated(run, { image, runtime, onlySpring: false, timeoutMs });
        return { value, detail: describeContext(value) };
      });
    }
    throw needsService(error, found.search ?? found.context) ?? error;
  }
  warnOfServices(found.context, warn);

  found.examination = await step('examine', async () => {
    const value = await failing('start-failed', 'examine', 'The app could not be looked at', async () =>
      parseExamination(await docker(world, ['exec', '--user', '0', names.bake, INIT, 'examine'])),
    );
    const threads = value.processes.reduce((sum, process) => sum + process.threads, 0);
    return { value, detail: `${value.processes.length} processes, ${threads} threads, ${value.holdings.length} things to look at` };
  });
  found.findings = judge(found.examination, options.process !== undefined || options.trigger === 'none');
  for (const message of found.examination.agent?.warnings ?? []) warn(message);
  for (const finding of found.findings)
    if (finding.severity === 'endangers') warn(`${describeFinding(finding)}: ${finding.why}. ${finding.remedy}`);
  const refusing = found.findings.filter(({ severity }) => severity === 'refuses');
  const [first] = refusing;
  if (first !== undefined) {
    throw new BakeError('would-refuse', 'examine', `A checkpoint would fail: ${describeFinding(first)}`, {
      details: refusing.map((finding) => `${describeFinding(finding)}: ${finding.why}.`).join('\n'),
      remedy: [...new Set(refusing.map((finding) => finding.remedy))].join(' '),
    });
  }
}

function describeFinding({ id, process, pid, what, heldBy }: Finding): string {
  const verb = /^(traced|seccomp|namespaces|several-jvms)$/.test(id) ? '' : id === 'several-users' ? ': ' : ' holds';
  return `${process} (process ${pid})${verb} ${what}${heldBy === null ? '' : `, by ${heldBy}`}`;
}

function describeContext(start: IsolatedStart | undefined): string {
  if (start === undefined) return 'no Spring: left out';
  const asked = start.services.length === 0 ? '' : `, asked for ${start.services.map(describeService).join(', ')}`;
  if (start.started) return `starts by itself${asked}`;
  return `${start.exitCode === null ? 'did not end' : `ended with exit code ${start.exitCode}`}${asked}`;
}

/** The failed start as one for want of a service, where the start without a network shows which. */
function needsService(error: BakeError, start: IsolatedStart | undefined): BakeError | undefined {
  if (start === undefined || start.started || start.services.length === 0) return undefined;
  const names = start.services.map(describeService).join(', ');
  const { exception } = start;
  return new BakeError('needs-service', error.step, `The app does not start without ${names}`, {
    details: [exception === null ? '' : `${exception.class}: ${exception.message}`, error.message].filter((line) => line !== '').join('\n'),
    log: error.log,
    cause: error,
  });
}

/** Services without which the app did start, here at least. */
function warnOfServices(context: IsolatedStart | undefined, warn: (message: string) => void): void {
  if (context === undefined) return;
  const names = context.services.map(describeService).join(', ');
  if (!context.started) {
    const why = context.exception === null ? '' : ` (${context.exception.class})`;
    warn(
      names === ''
        ? `Without a network the app’s context does not start${why}; here it did.`
        : `The app’s beans do not start without ${names}${why}; it was reached here, and must be where the app is baked.`,
    );
  } else if (names !== '') warn(`The app asked for ${names} while its context started, and went on without.`);
}
