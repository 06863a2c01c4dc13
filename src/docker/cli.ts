// The docker command line: one way to run it, and an error that keeps what it said.

import type { Command, CommandResult, World } from '../ports.ts';

/** A docker command that failed: its arguments, exit code and the end of its error output. Steps turn it into a BakeError. */
export class DockerError extends Error {
  override readonly name = 'DockerError';
  readonly args: readonly string[];
  readonly exitCode: number;
  readonly lines: readonly string[];
  /** Whether it failed because no engine answered. */
  readonly lost: boolean;

  constructor(args: readonly string[], result: CommandResult) {
    const lines = lastLines(result.stderr.replace(/^(?:See|Run) 'docker .*--help.*$/gm, ''), 20);
    super(
      result.timedOut
        ? `docker ${args[0]} did not answer in time`
        : `docker ${args[0]} failed: ${lines.at(-1) ?? `exit code ${result.exitCode}`}`,
    );
    this.args = args;
    this.exitCode = result.exitCode;
    this.lines = lines;
    this.lost = isLost(result);
  }
}

/** How the command line says that its connection broke, or that nobody takes one. */
const LOST =
  /error during connect: |^Cannot connect to the Docker daemon|(?:^|: )unexpected EOF$|rpc error: code = Unavailable |(?:write|read) (?:unix|tcp) .*: (?:broken pipe|connection reset by peer)$/;

/** Whether a docker command failed because no engine answered, and not by what the engine said. */
export function isLost(result: CommandResult): boolean {
  return result.timedOut || (result.exitCode !== 0 && LOST.test(lastLines(result.stderr, 1)[0] ?? ''));
}

type DockerOptions = Pick<Command, 'input' | 'env' | 'timeoutMs' | 'signal' | 'onLine'>;

/** What of the world a docker command needs. */
export type DockerWorld = Pick<World, 'run' | 'emit' | 'signal' | 'letFinish' | 'answerTimeoutMs'>;

/** Time that the engine has for an answer where no step sets its own, in ms: generous, for it may be busy, but never without end. */
const ANSWER_TIMEOUT_MS = 120_000;

/**
 * Commands that an interruption ends at once. All others are short and may make something on the engine even when their client is killed,
 * so they are let finish for a while, and the clean-up finds what they made.
 */
const INTERRUPTIBLE = new Set(['build', 'pull', 'push', 'wait', 'logs', 'exec', 'compose']);

/** Runs `docker ARGS` and returns how it ended, whatever the exit code. Rejects when the run is interrupted. */
export async function tryDocker(world: DockerWorld, args: readonly string[], options: DockerOptions = {}): Promise<CommandResult> {
  const signal = options.signal ?? world.signal;
  signal.throwIfAborted();
  world.emit({ kind: 'command', argv: ['docker', ...args] });
  const { onLine, signal: _, ...rest } = options;
  const end = INTERRUPTIBLE.has(args[0] ?? '') ? signal : world.letFinish;
  const result = await world.run({
    file: 'docker',
    args,
    timeoutMs: world.answerTimeoutMs ?? ANSWER_TIMEOUT_MS,
    ...rest,
    ...(end === undefined ? {} : { signal: end }),
    onLine: (line, stream) => {
      if (stream === 'stderr') world.emit({ kind: 'output', line });
      onLine?.(line, stream);
    },
  });
  signal.throwIfAborted();
  return result;
}

/** Runs `docker ARGS` and returns its standard output; throws DockerError on any other exit than 0. */
export async function docker(world: DockerWorld, args: readonly string[], options: DockerOptions = {}): Promise<string> {
  return new TextDecoder().decode(await dockerBytes(world, args, options));
}

/** As `docker`, for output that is not text. */
export async function dockerBytes(world: DockerWorld, args: readonly string[], options: DockerOptions = {}): Promise<Uint8Array> {
  const result = await tryDocker(world, args, options);
  if (result.exitCode !== 0 || result.timedOut) throw new DockerError(args, result);
  return result.stdout;
}

/** The last lines of a text that are not empty. */
export function lastLines(text: string, count: number): string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-count);
}
