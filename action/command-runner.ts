// Runs programs by @actions/exec, behind the same port and under the same contract as src/adapters/processes.ts.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { exec } from '@actions/exec';
import type { Command, CommandResult, RunCommand } from '../src/ports.ts';

/** How long a program has to end after SIGTERM before it is killed, and its streams to close after its end, in ms. */
const KILL_DELAY_MS = 5000;

/** Linux takes no longer argument (MAX_ARG_STRLEN); spawn would throw, and `exec` never settle. */
const LONGEST_ARGUMENT = 128 * 1024 - 1;

/**
 * `exec` neither ends a program (actions/toolkit#1534, #1777) nor hands out its process, and without `input` it leaves its standard input open.
 * Node tells of every child process on a diagnostics channel (https://nodejs.org/api/diagnostics_channel.html, `child_process`), in the
 * asynchronous context of the `exec` that started it: so each call finds its own.
 */
const calls = new AsyncLocalStorage<(child: ChildProcess) => void>();
subscribe('child_process', (message) => calls.getStore()?.((message as { process: ChildProcess }).process));

export const runCommand: RunCommand = async (command: Command): Promise<CommandResult> => {
  const { signal } = command;
  signal?.throwIfAborted();
  if (command.args.some((argument) => Buffer.byteLength(argument) > LONGEST_ARGUMENT))
    return cannotStart(`${command.file}: an argument is too long`);
  const stopper = stopAtEnd(command);
  const output = collect(command);
  try {
    const exitCode = await calls.run(stopper.take, () =>
      exec(quoted(command.file), [...command.args], {
        silent: true,
        ignoreReturnCode: true,
        delay: KILL_DELAY_MS,
        listeners: output.listeners,
        env: { ...(process.env as Record<string, string>), ...command.env },
        ...(command.input === undefined ? {} : { input: Buffer.from(command.input) }),
      }),
    );
    const { stdout, stderr } = await output.end();
    signal?.throwIfAborted();
    // A program that a signal ended has no exit code, whatever the type says.
    return { exitCode: (exitCode as number | null) ?? 128, stdout, stderr, timedOut: stopper.timedOut() };
  } catch (error) {
    await output.end();
    signal?.throwIfAborted();
    return cannotStart((error as Error).message);
  } finally {
    stopper.release();
  }
};

function cannotStart(stderr: string): CommandResult {
  return { exitCode: 127, stdout: new Uint8Array(), stderr, timedOut: false };
}

/** `exec` splits its first argument as a shell would. */
function quoted(file: string): string {
  return `"${file.replace(/["\\]/g, '\\$&')}"`;
}

/** Ends the process when its time is up or the signal aborts: SIGTERM, then SIGKILL. */
function stopAtEnd({ input, timeoutMs, signal }: Command) {
  let child: ChildProcess | undefined;
  let timedOut = false;
  let kill: NodeJS.Timeout | undefined;
  const stop = () => {
    child?.kill('SIGTERM');
    kill ??= setTimeout(() => child?.kill('SIGKILL'), KILL_DELAY_MS);
  };
  const deadline = timeoutMs
    ? setTimeout(() => {
        timedOut = true;
        stop();
      }, timeoutMs)
    : undefined;
  signal?.addEventListener('abort', stop, { once: true });
  return {
    take: (started: ChildProcess) => {
      child = started;
      // Told of before it is started.
      queueMicrotask(() => {
        // A program that ends without reading its input is no failure of ours.
        started.stdin?.on('error', () => {});
        if (input === undefined) started.stdin?.end();
        if (timedOut || signal?.aborted) stop();
      });
    },
    timedOut: () => timedOut,
    release: () => {
      clearTimeout(deadline);
      clearTimeout(kill);
      signal?.removeEventListener('abort', stop);
    },
  };
}

/** Gathers what comes, and hands it on line by line: the lines of `exec` break characters at the edges of chunks and lose a last one without its end. */
function collect({ onLine }: Command) {
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const lines = (['stdout', 'stderr'] as const).map((stream) => {
    const input = new PassThrough();
    const reader = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
    reader.on('line', (line) => onLine?.(line, stream));
    return { input, closed: once(reader, 'close') };
  });
  const [out, err] = lines;
  // A grandchild that keeps the streams may write after `exec` has given up on them.
  const write = (input: PassThrough | undefined, data: Buffer) => {
    if (onLine !== undefined && input?.writableEnded === false) input.write(data);
  };
  return {
    listeners: {
      stdout: (data: Buffer) => {
        chunks.stdout.push(data);
        write(out?.input, data);
      },
      stderr: (data: Buffer) => {
        chunks.stderr.push(data);
        write(err?.input, data);
      },
    },
    end: async () => {
      for (const { input } of lines) input.end();
      await Promise.all(lines.map(({ closed }) => closed));
      return { stdout: new Uint8Array(Buffer.concat(chunks.stdout)), stderr: Buffer.concat(chunks.stderr).toString('utf8') };
    },
  };
}
