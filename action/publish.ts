// What came of a run, for the workflow: outputs and report first, then summary and annotations, the failure last.

import { writeFile } from 'node:fs/promises';
import * as core from '@actions/core';
import { printable } from '../src/report/printable.ts';
import type { BakeReport } from '../src/report/report.ts';
import { renderResult } from '../src/report/text.ts';
import { annotationsOf } from './annotations.ts';
import { outputsOf } from './outputs.ts';
import { sink } from './sink.ts';
import { renderSummary } from './summary.ts';

const ANNOTATE = { error: core.error, warning: core.warning } as const;

/** Publishes a report that holds nothing secret; `path` is where its file goes. */
export async function publish(report: BakeReport, path: string): Promise<void> {
  const written = await attempt('The report could not be written', () => writeFile(path, `${JSON.stringify(report, null, 2)}\n`));
  for (const [name, value] of Object.entries(outputsOf(report, written ? path : ''))) core.setOutput(name, value);
  const { error } = report;
  if (error !== null && error.log.length > 0)
    sink.group(
      'The lines that matter',
      error.log.map((line) => `  | ${printable(line)}`),
    );
  const result = renderResult(report);
  if (result !== '') for (const line of result.trimEnd().split('\n')) sink.line(line);
  if (process.env.GITHUB_STEP_SUMMARY) {
    await attempt('The summary could not be written', () => core.summary.addRaw(renderSummary(report)).write());
  }
  for (const { level, title, message } of annotationsOf(report)) ANNOTATE[level](message, { title });
  // As core.setFailed does, which would make a second annotation of it, without a title.
  if (report.exitCode !== 0) process.exitCode = core.ExitCode.Failure;
}

async function attempt(failed: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    core.warning(`${failed}: ${(error as Error).message}`);
    return false;
  }
}
