// How a run is shown while it goes: plain lines in pipelines, one line that is rewritten on a terminal. All of it on stderr.

import { quote } from '../plan/quote.ts';
import type { BakeEvent, Emit } from '../ports.ts';
import { printable } from '../report/printable.ts';

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

interface ProgressOptions {
  readonly verbose: boolean;
  readonly now: () => number;
}

/** A step's output is shown at most this often, in ms. */
const SHOW_EVERY_MS = 2000;

/** Renders events. Call `stop` before anything else is printed. */
export function progress(output: Output, { verbose, now }: ProgressOptions): { emit: Emit; stop: () => void } {
  const live = output.isTTY === true && !verbose;
  const running = new Map<string, { title: string; startedAt: number; message: string; shownAt: number }>();
  let drawn = false;

  const clear = () => {
    if (drawn) output.write('\r\x1b[2K');
    drawn = false;
  };
  const line = (text: string) => {
    clear();
    output.write(`${text}\n`);
  };
  const draw = () => {
    if (!live || running.size === 0) return;
    const parts = [...running.values()].map(
      ({ title, startedAt, message }) => `${title} ${seconds(now() - startedAt)}${message && `: ${message}`}`,
    );
    output.write(
      `\r\x1b[2K${parts
        .join(' | ')
        .replace(/\s+/g, ' ')
        .slice(0, (output.columns ?? 80) - 1)}`,
    );
    drawn = true;
  };
  const timer = live ? setInterval(draw, 200) : undefined;
  timer?.unref();

  const tell = (message: string) => {
    for (const step of running.values()) {
      step.message = message;
      if (live || verbose || now() - step.shownAt < SHOW_EVERY_MS) continue;
      step.shownAt = now();
      line(`  ${step.title}: ${message}`);
    }
    draw();
  };

  const emit = (event: BakeEvent) => {
    switch (event.kind) {
      case 'step-start':
        running.set(event.step, { title: event.title, startedAt: now(), message: '', shownAt: now() });
        if (!live) line(`${event.title} …`);
        draw();
        break;
      case 'step-end': {
        const title = running.get(event.step)?.title ?? event.step;
        running.delete(event.step);
        line(
          `${event.detail === 'failed' ? '✗' : '✓'} ${title.padEnd(26)} ${seconds(event.elapsedMs).padStart(8)}${event.detail && `  ${printable(event.detail)}`}`,
        );
        draw();
        break;
      }
      case 'progress': {
        const step = running.get(event.step);
        if (step === undefined || live) tell(printable(event.message));
        else line(`  ${step.title}: ${printable(event.message)}`);
        break;
      }
      case 'warning':
        line(`! ${printable(event.message)}`);
        break;
      case 'command':
        if (verbose) line(`$ ${printable(event.argv.map(quote).join(' '))}`);
        break;
      case 'output':
        if (verbose) line(`  | ${printable(event.line)}`);
        else tell(printable(event.line));
        break;
    }
  };
  return {
    emit,
    stop: () => {
      clearInterval(timer);
      clear();
    },
  };
}

export function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
