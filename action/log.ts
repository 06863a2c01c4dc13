// A run in the job's log: a group for each step, printed whole when the step ends, for GitHub's groups neither nest nor interleave and steps
// may run side by side. What containers and tools print is prefixed and made harmless: none of it can speak a workflow command.

import { seconds } from '../src/cli/progress.ts';
import type { Step } from '../src/errors.ts';
import { quote } from '../src/plan/quote.ts';
import type { BakeEvent, Emit } from '../src/ports.ts';
import { printable } from '../src/report/printable.ts';
import type { Redact } from './redact.ts';

export interface LogSink {
  line(text: string): void;
  group(title: string, lines: readonly string[]): void;
}

interface Options {
  readonly now: () => number;
  readonly redact: Redact;
}

/** A step that goes on is heard of at most this often, in ms. */
const SHOW_EVERY_MS = 10_000;

/** Of the lines of one step the last are kept. */
const LINES_KEPT = 5000;

interface RunningStep {
  readonly title: string;
  readonly lines: string[];
  dropped: number;
  shownAt: number;
}

export function stepLog(sink: LogSink, { now, redact }: Options): Emit {
  const running = new Map<Step, RunningStep>();
  const safe = (text: string) => printable(redact(text)).replaceAll('\n', ' ');

  const owner = (step: Step | undefined) => {
    if (step !== undefined) return running.get(step);
    return running.size === 1 ? [...running.values()][0] : undefined;
  };
  const add = (step: RunningStep | undefined, text: string, heard: boolean) => {
    // Before and after the steps there are only questions to the engine.
    if (step === undefined) return;
    step.lines.push(text);
    if (step.lines.length > LINES_KEPT) {
      step.lines.shift();
      step.dropped += 1;
    }
    if (!heard || now() - step.shownAt < SHOW_EVERY_MS) return;
    step.shownAt = now();
    sink.line(`  ${step.title}: ${text.trim()}`);
  };

  return (event: BakeEvent) => {
    switch (event.kind) {
      case 'step-start':
        running.set(event.step, { title: event.title, lines: [], dropped: 0, shownAt: now() });
        sink.line(`${event.title} …`);
        break;
      case 'step-end': {
        const step = running.get(event.step);
        running.delete(event.step);
        const detail = safe(event.detail);
        const title = `${event.detail === 'failed' ? '✗' : '✓'} ${step?.title ?? event.step}, ${seconds(event.elapsedMs)}${detail && `: ${detail}`}`;
        const dropped = step?.dropped ? [`(${step.dropped} earlier lines are left out)`] : [];
        if (step === undefined || step.lines.length === 0) sink.line(title);
        else sink.group(title, [...dropped, ...step.lines]);
        break;
      }
      case 'progress': {
        const step = running.get(event.step);
        add(step, safe(event.message), true);
        break;
      }
      case 'warning':
        // Shown as annotations at the end; here for the order of things.
        sink.line(`! ${safe(event.message)}`);
        break;
      case 'command':
        add(owner(event.step), `$ ${safe(event.argv.map(quote).join(' '))}`, false);
        break;
      case 'output':
        add(owner(event.step), `  | ${safe(event.line)}`, true);
        break;
    }
  };
}
