// Failures in the terms of the config file, where a value came from there.

import { inFileWords, type Settings } from '../config/settings.ts';
import type { BakeReport } from '../report/report.ts';

/** A report whose failure names the config file's line in place of an option that the file gave. */
export function inFileTerms(report: BakeReport, settings: Settings): BakeReport {
  const { error } = report;
  return error === null ? report : { ...report, error: { ...error, message: inFileWords(error.message, settings) } };
}
