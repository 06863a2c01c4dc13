// The job summary: what was baked, how long each step took, cold against restored, how to run it. Markdown with all foreign text escaped.

import { seconds } from '../src/cli/progress.ts';
import { criuSentence, jdkName } from '../src/image/jdk.ts';
import { printable } from '../src/report/printable.ts';
import type { BakeReport, ReportedError } from '../src/report/report.ts';
import { asInputs } from './inputs.ts';

/** GitHub refuses a step's summary above 1 MiB: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands */
export const LIMIT_BYTES = 1024 * 1024;

/** Room for the note that something is left out. */
const NOTE_BYTES = 1024;

const TEXT_KEPT = 2000;
const LOG_LINES_KEPT = 100;
const WARNINGS_KEPT = 50;

/** A report as Markdown, always below GitHub's limit; sections that do not fit are named at the end. */
export function renderSummary(report: BakeReport): string {
  const { error } = report;
  const sections: readonly (readonly [name: string, text: string])[] = [
    ['heading', heading(report)],
    ['failure', error === null || report.exitCode === 0 ? '' : failure(error)],
    ['first answer', firstAnswer(report)],
    ['facts', facts(report)],
    ['how to run it', howToRun(report)],
    ['warnings', warnings(report)],
    ['steps', steps(report)],
    ['log of the failure', error === null ? '' : log(error)],
  ];
  const kept: string[] = [];
  const left: string[] = [];
  let bytes = 0;
  for (const [name, text] of sections) {
    const size = Buffer.byteLength(text) + 2;
    if (text === '') continue;
    if (bytes + size > LIMIT_BYTES - NOTE_BYTES) left.push(name);
    else {
      kept.push(text);
      bytes += size;
    }
  }
  if (left.length > 0)
    kept.push(`_Left out, for GitHub takes no summary of more than 1 MiB: ${left.join(', ')}. The report (output \`report\`) has them._`);
  return `${kept.join('\n\n')}\n`;
}

function heading(report: BakeReport): string {
  switch (report.outcome) {
    case 'baked':
      return `## Baked ${escaped(report.tags[0] ?? '')}`;
    case 'plain':
      return `## Tagged unchanged: ${escaped(report.tags[0] ?? '')}\n\nThe app image could not be baked; it starts normally, without a checkpoint.`;
    default:
      return `## Not baked: ${escaped(asInputs(report.error?.message ?? report.outcome))}`;
  }
}

function failure(error: ReportedError): string {
  // What the catalogue of known failures says is nearer to the cause than what the step saw.
  const known = error.failure;
  const cause = known === null ? error.details : `${known.cause} [${known.id}]`;
  const details = cause === '' ? [] : [`| Cause | ${escaped(asInputs(cause))} |`];
  return [
    '| | |',
    '| --- | --- |',
    `| Step | ${escaped(error.step)} |`,
    `| Failure | ${escaped(error.code)} |`,
    ...details,
    `| What to do | ${escaped(asInputs(known?.remedy ?? error.remedy))} |`,
  ].join('\n');
}

const BAR_WIDTH = 50;

/** Bars of block characters in a code block: shown alike wherever Markdown is. */
function firstAnswer({ firstResponse }: BakeReport): string {
  if (firstResponse?.restoredMs == null) return '';
  const { request, coldMs, restoredMs } = firstResponse;
  const longest = Math.max(coldMs ?? 0, restoredMs, 1);
  const bar = (name: string, ms: number) =>
    `${name.padEnd(9)} ${'█'.repeat(Math.max(1, Math.round((ms / longest) * BAR_WIDTH)))} ${Math.round(ms)} ms`;
  const bars = [...(coldMs === null ? [] : [bar('cold', coldMs)]), bar('restored', restoredMs)];
  const times = coldMs === null ? '' : `, **${(coldMs / restoredMs).toFixed(1)} times faster**`;
  return [`### First answer${times}`, '', ...fenced(bars.join('\n'), 'text'), '', `To ${escaped(request)}, container start included.`].join(
    '\n',
  );
}

function facts(report: BakeReport): string {
  const { app, image, engine, checkpoint, hooks, warmUp, tags } = report;
  const rows: [string, string][] = [
    ...(app === null ? [] : [['App image', app.name] as [string, string]]),
    ...(tags.length === 0 ? [] : [['Tags', tags.join(', ')] as [string, string]]),
    ...(image === null ? [] : [['Restore image', `${image.id.slice(0, 19)}, ${megabytes(image.sizeBytes)}`] as [string, string]]),
    ...(checkpoint === null
      ? []
      : [['Checkpoint', `${megabytes(checkpoint.bytes)}, process ${checkpoint.pid}, ${checkpoint.threads} threads`] as [string, string]]),
    ...(engine === null ? [] : [['Engine', `${engine.name} ${engine.criuVersion}`.trimEnd()] as [string, string]]),
    ...(engine?.jvm == null ? [] : [['CRaC JDK', `${jdkName(engine.jvm)}; ${criuSentence(engine.jvm)}`] as [string, string]]),
    ...(hooks === null
      ? []
      : [
          ['Hooks', `${hooks.resources.length} before the checkpoint, ${Math.round(hooks.elapsedMs)} ms, Java ${hooks.javaVersion}`] as [
            string,
            string,
          ],
        ]),
    ...(warmUp === null || !('latency' in warmUp)
      ? []
      : [['Warm-up', warmUp.settled ? 'latency settled' : 'latency not settled: more requests would help'] as [string, string]]),
  ];
  if (rows.length === 0) return '';
  return ['| | |', '| --- | --- |', ...rows.map(([name, text]) => `| ${name} | ${escaped(text)} |`)].join('\n');
}

function howToRun({ runWith }: BakeReport): string {
  if (runWith === null) return '';
  const { docker, compose, kubernetes, profile } = runWith;
  const run = profile === null ? docker : `${profile.docker}\n${docker}`;
  const node = profile === null ? kubernetes : `# on every node: ${profile.kubernetes}\n${kubernetes}`;
  return [
    ...['### Run it', '', ...fenced(run, 'sh'), ''],
    ...['With Compose:', '', ...fenced(compose, 'yaml'), ''],
    ...['In Kubernetes:', '', ...fenced(node, 'yaml')],
  ].join('\n');
}

function warnings({ warnings: all }: BakeReport): string {
  if (all.length === 0) return '';
  const rest = all.length - WARNINGS_KEPT;
  const more = rest > 0 ? [`- ${rest} more are in the report.`] : [];
  return ['### Warnings', '', ...all.slice(0, WARNINGS_KEPT).map((text) => `- ${escaped(asInputs(text))}`), ...more].join('\n');
}

function steps({ steps: all }: BakeReport): string {
  if (all.length === 0) return '';
  const row = ({ title, elapsedMs, detail }: BakeReport['steps'][number]) =>
    `| ${detail === 'failed' ? '✗' : '✓'} ${escaped(title)} | ${seconds(elapsedMs)} | ${escaped(detail)} |`;
  return ['### Steps', '', '| step | time | |', '| --- | ---: | --- |', ...all.map(row)].join('\n');
}

function log(error: ReportedError): string {
  if (error.log.length === 0) return '';
  const kept = error.log.slice(-LOG_LINES_KEPT).map((line) => cut(line));
  const note = error.log.length > kept.length ? ` (the last ${kept.length} of ${error.log.length} lines)` : '';
  return ['<details>', `<summary>The lines that matter${note}</summary>`, '', ...fenced(kept.join('\n'), 'text'), '', '</details>'].join(
    '\n',
  );
}

/** A code block whose fence is longer than any in its content. */
function fenced(content: string, language: string): string[] {
  const text = printable(content);
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return [`${fence}${language}`, text, fence];
}

/** Text that Markdown and HTML show as it is, on one line. Links, mentions, references to issues and emoji stay text. */
export function escaped(text: string): string {
  return cut(printable(text))
    .replace(/[&<>`*_[\]|~\\#$@]|:(?=\/\/|\w+:)|(?<=\bwww)\./g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/\s*\n\s*/g, '<br>');
}

function cut(text: string): string {
  return text.length > TEXT_KEPT ? `${text.slice(0, TEXT_KEPT)} … (cut)` : text;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
