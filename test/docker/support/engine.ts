// Containers and images of tests on the real engine. Everything a test makes carries the test's label and is removed by the test.

import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

export const TEST_LABEL = 'crac-bake-test.run=1';

/** The seccomp profile that is shipped. */
export const PROFILE = fileURLToPath(new URL('../../../seccomp/crac-bake.json', import.meta.url));

/** The privileges that the product prints and proves; the profile is a path where docker runs. */
export const leastWith = (profile: string) => [
  ...['--cap-drop', 'ALL', '--cap-add', 'CHECKPOINT_RESTORE', '--cap-add', 'SETPCAP'],
  ...['--security-opt', `seccomp=${profile}`],
];
export const LEAST = leastWith(PROFILE);

export async function docker(...args: string[]): Promise<string> {
  const { stdout } = await execa('docker', args, { stdin: 'ignore' });
  return stdout;
}

/** The helper images that are here; each run makes its own where there is none. */
export const helperImages = async () =>
  (await docker('images', '--format', '{{.Repository}}:{{.Tag}}', 'crac-bake/helper')).split('\n').filter(Boolean);

/** Images of this engine as a stream into `docker WORDS`; never in memory, for those with a JDK have hundreds of megabytes. The deadline is in ms, 0 for none. */
export async function pipeImages(images: readonly string[], words: readonly string[], deadlineMs = 0): Promise<void> {
  const unkept = { buffer: { stdout: false }, stdin: 'ignore', timeout: deadlineMs } as const;
  await execa('docker', ['save', ...images], unkept).pipe('docker', words);
}

/** A program that asks the sample server from inside of its container, where no port is published; it prints head and body. */
export const requestWithin = (path: string) => [
  ...['bash', '-c'],
  `exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET ${path} HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3`,
];

export interface Container {
  readonly id: string;
  /** Base address of the published port 8080, or of `port`. */
  readonly url: string;
  readonly port: number;
  /** When `docker run` was called, ms of performance.now(). */
  readonly startedAt: number;
  logs(): Promise<string>;
  /** `docker stop`, with its time in ms and the container's exit code. Docker kills after `graceSeconds`, 10 by itself. */
  stop(graceSeconds?: number): Promise<{ elapsedMs: number; exitCode: number }>;
  exec(...command: string[]): Promise<string>;
  inspect(format: string): Promise<string>;
  remove(): Promise<void>;
}

interface RunOptions {
  readonly flags?: readonly string[];
  readonly port?: number;
  readonly command?: readonly string[];
}

/** Starts a container in the background. */
export async function runContainer(image: string, { flags = [], port = 8080, command = [] }: RunOptions = {}): Promise<Container> {
  const startedAt = performance.now();
  const id = await docker('run', '--detach', '--label', TEST_LABEL, '--publish', `127.0.0.1::${port}`, ...flags, image, ...command);
  const mapping = await docker('port', id, `${port}/tcp`).catch(() => '');
  const hostPort = Number(mapping.split('\n')[0]?.split(':').at(-1) ?? 0);
  return {
    id,
    url: `http://127.0.0.1:${hostPort}`,
    port: hostPort,
    startedAt,
    logs: async () => {
      const { all } = await execa('docker', ['logs', id], { all: true, stdin: 'ignore' });
      return all;
    },
    stop: async (graceSeconds = 10) => {
      const start = performance.now();
      await docker('stop', '-t', String(graceSeconds), id);
      return { elapsedMs: performance.now() - start, exitCode: Number(await docker('inspect', '--format', '{{.State.ExitCode}}', id)) };
    },
    exec: (...words) => docker('exec', id, ...words),
    inspect: (format) => docker('inspect', '--format', format, id),
    remove: async () => {
      await docker('rm', '--force', '--volumes', id);
    },
  };
}

/** Starts a restore image with the fallback off: a container that answers was restored, not started. */
export function runRestored(image: string, options: RunOptions = {}): Promise<Container> {
  const flags = [...LEAST, '--env', 'CRAC_INIT_RESTORE=require', '--env', 'CRAC_INIT_LOG=1', ...(options.flags ?? [])];
  return runContainer(image, { ...options, flags });
}

/** Asks until an answer has this status; the answer's body. Deadlines of all and of one answer are in ms. */
export async function untilAnswers(
  container: Pick<Container, 'url' | 'logs'>,
  path: string,
  { deadlineMs = 60_000, answerMs = 2000, status = 200 } = {},
): Promise<string> {
  const end = performance.now() + deadlineMs;
  let last = '';
  while (performance.now() < end) {
    try {
      const response = await fetch(`${container.url}${path}`, { headers: { connection: 'close' }, signal: AbortSignal.timeout(answerMs) });
      const body = await response.text();
      if (response.status === status) return body;
      last = `status ${response.status}`;
    } catch (error) {
      last = String((error as Error).cause ?? error);
    }
    await pause(10);
  }
  throw new Error(`${path} did not answer in ${deadlineMs} ms (${last}); log:\n${await container.logs()}`);
}

/** Reads a container's log until it matches; the whole log. The deadline is in ms. */
export async function untilLogged(container: Container, pattern: RegExp, deadlineMs = 30_000): Promise<string> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const log = await container.logs();
    if (pattern.test(log)) return log;
    if (performance.now() > end) throw new Error(`${pattern} is not in the log after ${deadlineMs} ms:\n${log}`);
    await pause(50);
  }
}

/** Resolves with the exit code when the container has ended. */
export async function untilExited(container: Container): Promise<number> {
  return Number(await docker('wait', container.id));
}

/** The last lines of a process's status file in a container, by name: `Uid`, `CapEff`. */
export async function processStatus(container: Container, pid: number): Promise<ReadonlyMap<string, string>> {
  const text = await container.exec('cat', `/proc/${pid}/status`);
  return new Map(text.split('\n').map((line) => [line.split(':')[0] ?? '', line.split(':').slice(1).join(':').trim()]));
}
