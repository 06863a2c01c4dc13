// What holds of every failure, whatever was done to the run.

import type { ExecutionContext } from 'ava';
import { ERRORS } from '../../../src/errors.ts';
import type { BakeReport } from '../../../src/report/report.ts';
import { bake } from '../../docker/support/cli.ts';
import { type Bench, stateOf } from './bench.ts';
import type { Scenario } from './scenario.ts';

type BakeOptions = NonNullable<Parameters<typeof bake>[1]> & {
  /** Whether something may be left, because no engine took the clean-up. */
  readonly leaves?: boolean;
};

/** A line of CRIU's log, `(00.123456) Error (criu/files.c:12): …` or a part of it. */
const CRIU_LINE = /\(\d\d\.\d{6}\)|Error \(|\(criu\/|\.c:\d+/;
const STACK_LINE = /^\s+at .*(?:\.[jt]s:\d+|node:)/m;

/** The failure is told so that a person understands it: one sentence of ours, a remedy, no stack trace, no line of CRIU's log alone. */
export function isReadable(t: ExecutionContext, report: BakeReport, stderr: string): void {
  const { error } = report;
  if (error === null) {
    t.fail(`it did not fail:\n${stderr}`);
    return;
  }
  t.true(error.code in ERRORS, error.code);
  t.not(error.code, 'bug', stderr);
  t.regex(error.message, /^[^a-z\s(][^\n]{5,160}$/, 'one sentence');
  t.notRegex(error.message, CRIU_LINE);
  t.regex(error.remedy, /^[A-Z].+/);
  t.notRegex(stderr, STACK_LINE);
  const headline = stderr.split('\n').find((line) => line.startsWith('Error: ')) ?? '';
  t.true(headline.startsWith(`Error: ${error.message.slice(0, 20)}`), stderr);
  t.notRegex(headline, CRIU_LINE);
  t.true(stderr.includes('What to do: '));
}

export interface Failed {
  readonly report: BakeReport;
  readonly stderr: string;
  readonly elapsedMs: number;
}

/** Bakes, and asserts the scenario's outcome, its time, that the failure is readable, and that everything is afterwards as it was before. */
export async function failsAs(
  t: ExecutionContext,
  bench: Bench,
  scenario: Scenario,
  args: readonly string[],
  { leaves = false, ...options }: BakeOptions = {},
): Promise<Failed> {
  const before = await stateOf(bench);
  const startedAt = performance.now();
  const { exitCode, report, stderr } = await bake(args, { ...options, env: { ...bench.env, ...options.env } });
  const elapsedMs = performance.now() - startedAt;
  t.log(
    `${(elapsedMs / 1000).toFixed(1)} s: ${report.error?.code} in ${report.error?.step}: ${report.error?.message} | ${report.error?.details}`,
  );
  t.like({ exitCode, code: report.error?.code, tags: report.tags }, { exitCode: scenario.exitCode, code: scenario.code, tags: [] }, stderr);
  if (scenario.failure !== undefined) t.is(report.error?.failure?.id, scenario.failure, stderr);
  if (scenario.tells !== undefined) t.regex(stderr, scenario.tells);
  t.true(elapsedMs < scenario.withinS * 1000, `it took ${Math.round(elapsedMs)} ms`);
  isReadable(t, report, stderr);
  if (!leaves) t.deepEqual(await stateOf(bench), before);
  return { report, stderr, elapsedMs };
}
