// The warm-up by a program of the user's, on this machine.

import parseWords from 'string-argv';
import { BakeError } from '../errors.ts';
import type { World } from '../ports.ts';

export interface WarmupCommand {
  /** The program and its arguments (`splitCommand`). */
  readonly words: readonly string[];
  readonly host: string;
  /** The published port, on `host`. */
  readonly port: number;
  readonly timeoutMs: number;
  /** Resolves with the exit code when the container ends. */
  readonly exited: Promise<number>;
  readonly world: Pick<World, 'run' | 'clock' | 'signal'>;
  /** Called for each line of the program's output. */
  readonly onLine?: (line: string) => void;
}

export interface WarmupCommandResult {
  /** The program without its arguments, which may hold secrets. */
  readonly program: string;
  /** `missing`: it could not be started. `exited`: the container ended first, and the program was stopped. */
  readonly end:
    | { readonly kind: 'done' | 'missing' | 'timeout' }
    | { readonly kind: 'failed'; readonly exitCode: number }
    | { readonly kind: 'exited'; readonly exitCode: number };
  readonly elapsedMs: number;
  /** The end of its output, or why it could not be started. */
  readonly lastLines: readonly string[];
}

const LINES_KEPT = 20;

/** A program that cannot be started, by the contract of `RunCommand`. */
const NOT_STARTED = 127;

/** The words of a command line: blanks separate, quotes hold together, nothing else is special. Throws `usage` where there is none. */
export function splitCommand(text: string): readonly string[] {
  const words = parseWords(text);
  if (!words[0]) throw new BakeError('usage', 'options', `--warmup-command takes a program and its arguments, not "${text}"`);
  return words;
}

/** Runs the program with the app's address in CRAC_BAKE_URL, CRAC_BAKE_HOST and CRAC_BAKE_PORT. Rejects with the reason of `world.signal`. */
export async function runWarmupCommand(command: WarmupCommand): Promise<WarmupCommandResult> {
  const { clock, run, signal } = command.world;
  signal.throwIfAborted();
  const [program = '', ...args] = command.words;
  const startedAt = clock.now();
  const lines: string[] = [];
  const stop = new AbortController();
  const running = run({
    file: program,
    args,
    env: addressOf(command.host, command.port),
    timeoutMs: command.timeoutMs,
    signal: AbortSignal.any([signal, stop.signal]),
    onLine(line) {
      lines.push(line);
      if (lines.length > LINES_KEPT) lines.shift();
      command.onLine?.(line);
    },
  });
  const exited = command.exited.then((exitCode) => ({ kind: 'exited' as const, exitCode }));
  const ended = running.then((result): WarmupCommandResult['end'] => {
    if (result.timedOut) return { kind: 'timeout' };
    if (result.exitCode === 0) return { kind: 'done' };
    // A program that began and then ended with 127, as a shell script may, has usually said something on its way; both are told alike.
    if (result.exitCode !== NOT_STARTED) return { kind: 'failed', exitCode: result.exitCode };
    if (lines.length === 0) lines.push(...result.stderr.trim().split('\n').slice(-LINES_KEPT));
    return { kind: 'missing' };
  });
  try {
    return { end: await Promise.race([exited, ended]), program, elapsedMs: clock.now() - startedAt, lastLines: [...lines] };
  } finally {
    stop.abort();
    await Promise.allSettled([running]);
  }
}

function addressOf(host: string, port: number): Record<string, string> {
  const inUrl = host.includes(':') ? `[${host}]` : host;
  return { CRAC_BAKE_URL: `http://${inUrl}:${port}`, CRAC_BAKE_HOST: host, CRAC_BAKE_PORT: String(port) };
}
