// SIGINT and SIGTERM as an abort signal, and the exit code that they lead to.

import { BakeError } from '../errors.ts';

/** A command that was interrupted before it had a result. */
export class InterruptedError extends BakeError {
  readonly #exitCode: number;

  constructor(exitCode: number) {
    super('interrupted', 'options', 'Interrupted');
    this.#exitCode = exitCode;
  }

  /** As a shell says it: 130 after SIGINT, 143 after SIGTERM. */
  override get exitCode(): number {
    return this.#exitCode;
  }
}

export interface Interruption {
  readonly signal: AbortSignal;
  /** Aborts when what was let finish has had its time: a little after the first signal, and at a second one. */
  readonly letFinish: AbortSignal;
  /** Aborts when the clean-up has had its time. */
  readonly cleanUp: AbortSignal;
  /** 130 after SIGINT, 143 after SIGTERM; undefined while nothing interrupted. */
  exitCode(): number | undefined;
  /** At the end of the work. Gives the signals back to the system, unless there was one: a second must not end the process while it writes its report or ends. */
  stop(): void;
}

/** What a hosted runner leaves a cancelled step: SIGTERM comes 7.5 s after SIGINT, SIGKILL 2.5 s later. In ms. */
const FINISH_MS = 2500;
const CLEAN_UP_MS = 6000;
const HURRIED_CLEAN_UP_MS = 1500;

/**
 * Turns the first SIGINT or SIGTERM into an abort. Docker commands that may make something on the engine then have a moment to end, and the
 * clean-up a few seconds. A second signal ends those commands at once and shortens the clean-up; further ones change nothing.
 */
export function onInterrupt(process: NodeJS.Process): Interruption {
  const controller = new AbortController();
  const letFinish = new AbortController();
  const cleanUp = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const abortIn = (ms: number, each: AbortController, what: string) => {
    timers.push(setTimeout(() => each.abort(new Error(`${what} has had its time`)), ms));
  };
  let exitCode: number | undefined;
  let signals = 0;
  let stopped = false;
  const handlers = (['SIGINT', 'SIGTERM'] as const).map((name) => {
    const handler = () => {
      if (stopped) return;
      exitCode ??= name === 'SIGINT' ? 130 : 143;
      controller.abort(new Error(`interrupted by ${name}`));
      signals += 1;
      if (signals === 1) {
        abortIn(FINISH_MS, letFinish, 'the command');
        abortIn(CLEAN_UP_MS, cleanUp, 'the clean-up');
      } else if (signals === 2) {
        letFinish.abort(new Error(`interrupted again, by ${name}`));
        abortIn(HURRIED_CLEAN_UP_MS, cleanUp, 'the clean-up');
      }
    };
    process.on(name, handler);
    return () => process.off(name, handler);
  });
  return {
    signal: controller.signal,
    letFinish: letFinish.signal,
    cleanUp: cleanUp.signal,
    exitCode: () => exitCode,
    stop: () => {
      stopped = true;
      if (exitCode === undefined) for (const off of handlers) off();
      // A process that runs out of work takes its handlers down and then itself, and a signal in between would be its end; exit() leaves them up.
      else process.once('beforeExit', () => process.exit());
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
