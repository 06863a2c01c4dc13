// Runs programs.

import { createInterface } from 'node:readline';
import { execa } from 'execa';
import type { Command, CommandResult, RunCommand } from '../ports.ts';

/** How long a program has to end after SIGTERM before it is killed, in ms. */
const KILL_DELAY_MS = 5000;

/** Runs programs as children in process groups of their own, so that Ctrl-C on the terminal reaches this process alone and it decides what ends. */
export const runCommand: RunCommand = async (command: Command): Promise<CommandResult> => {
  command.signal?.throwIfAborted();
  const child = execa(command.file, command.args, {
    reject: false,
    encoding: 'buffer',
    maxBuffer: 1024 * 1024 * 1024,
    stripFinalNewline: false,
    detached: process.platform !== 'win32',
    forceKillAfterDelay: KILL_DELAY_MS,
    ...(command.input === undefined ? { stdin: 'ignore' as const } : { input: command.input }),
    ...(command.env === undefined ? {} : { env: { ...command.env } }),
    ...(command.timeoutMs ? { timeout: command.timeoutMs } : {}),
    ...(command.signal === undefined ? {} : { cancelSignal: command.signal }),
  });
  const { onLine } = command;
  if (onLine !== undefined) {
    for (const stream of ['stdout', 'stderr'] as const) {
      const input = child[stream];
      if (input) createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => onLine(line, stream));
    }
  }
  const result = await child;
  command.signal?.throwIfAborted();
  const failedToStart = result.exitCode === undefined && result.signal === undefined && !result.timedOut;
  return {
    exitCode: result.exitCode ?? (failedToStart ? 127 : 128),
    stdout: result.stdout ?? new Uint8Array(),
    stderr: failedToStart ? (result.shortMessage ?? '') : new TextDecoder().decode(result.stderr ?? new Uint8Array()),
    timedOut: result.timedOut,
  };
};
