// The real world for a command: processes, files, network, clock, progress on stderr, and interruption.

import { clock } from '../adapters/clock.ts';
import { files } from '../adapters/files.ts';
import { network } from '../adapters/network.ts';
import { runCommand } from '../adapters/processes.ts';
import type { World } from '../ports.ts';
import { InterruptedError, onInterrupt } from './interrupt.ts';
import { progress } from './progress.ts';

/**
 * Runs work in the real world and cleans the terminal and the signals up after it. Returns its value and the exit code of an interruption.
 * Throws InterruptedError where the interruption left no value.
 */
export async function inWorld<T>(
  verbose: boolean,
  work: (world: World) => Promise<T>,
): Promise<{ value: T; interrupted: number | undefined }> {
  const interruption = onInterrupt(process);
  const shown = progress(process.stderr, { verbose, now: clock.now });
  try {
    const { signal, letFinish, cleanUp } = interruption;
    const value = await work({ run: runCommand, clock, network, files, emit: shown.emit, signal, letFinish, cleanUp });
    return { value, interrupted: interruption.exitCode() };
  } catch (error) {
    const exitCode = interruption.exitCode();
    throw exitCode === undefined ? error : new InterruptedError(exitCode);
  } finally {
    shown.stop();
    interruption.stop();
  }
}
