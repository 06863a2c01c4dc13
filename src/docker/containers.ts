// Containers by name: their state, ports, logs and end.

import * as z from 'zod/mini';
import { DockerError, type DockerWorld, docker, isLost, lastLines, tryDocker } from './cli.ts';

/** Port of the container → port on this machine. */
export type PublishedPorts = ReadonlyMap<number, number>;

const LINE_SHOWN = 200;

const portsSchema = z.record(z.string(), z.nullable(z.array(z.object({ HostPort: z.string() }))));

/** Ports from the JSON of `.NetworkSettings.Ports`. */
export function parsePorts(json: string): PublishedPorts {
  const ports = portsSchema.parse(JSON.parse(json));
  return new Map(
    Object.entries(ports).flatMap(([port, bindings]) => {
      const host = bindings?.[0]?.HostPort;
      return host === undefined ? [] : [[Number.parseInt(port, 10), Number(host)] as const];
    }),
  );
}

/** Where the engine published a running container's ports. Throws DockerError. */
export async function publishedPorts(world: DockerWorld, container: string): Promise<PublishedPorts> {
  return parsePorts(await docker(world, ['inspect', '--format', '{{json .NetworkSettings.Ports}}', container]));
}

/** Whether a container runs. Throws DockerError. */
export async function isRunning(world: DockerWorld, container: string): Promise<boolean> {
  return (await docker(world, ['inspect', '--format', '{{.State.Running}}', container])).trim() === 'true';
}

/** Whether the kernel killed in a container for want of memory, and its limit (0: none); undefined where the engine cannot say. */
export async function memoryState(world: DockerWorld, container: string): Promise<{ killed: boolean; limitBytes: number } | undefined> {
  const result = await tryDocker(world, ['inspect', '--format', '{{.State.OOMKilled}} {{.HostConfig.Memory}}', container]);
  const [, killed, limit] = /^(true|false) (\d+)\s*$/.exec(new TextDecoder().decode(result.stdout)) ?? [];
  return killed === undefined ? undefined : { killed: killed === 'true', limitBytes: Number(limit) };
}

/** Resolves with the exit code when the container ends; 125 where the engine cannot say. Rejects when `signal` aborts or the engine is gone. */
export async function waitForExit(world: DockerWorld, container: string, signal: AbortSignal): Promise<number> {
  const args = ['wait', container];
  const result = await tryDocker(world, args, { signal, timeoutMs: 0 });
  if (isLost(result)) throw new DockerError(args, result);
  return result.exitCode === 0 ? Number(new TextDecoder().decode(result.stdout).trim()) : 125;
}

/** The last lines that a container wrote, both streams together; none where the engine cannot say. */
export async function lastLog(world: DockerWorld, container: string, count = 50): Promise<string[]> {
  const lines: string[] = [];
  await tryDocker({ ...world, emit: () => {} }, ['logs', '--tail', String(count), container], { onLine: (line) => lines.push(line) });
  return lastLines(lines.join('\n'), count);
}

/** Those lines of all that a container wrote that begin so, however much it wrote beside them; none where the engine cannot say. */
export async function logLines(world: DockerWorld, container: string, beginning: string): Promise<string[]> {
  const lines: string[] = [];
  const look = (line: string) => {
    if (line.startsWith(beginning)) lines.push(line);
  };
  await tryDocker({ ...world, emit: () => {} }, ['logs', container], { onLine: look });
  return lines;
}

/** Calls `onLine` for each line of a container's log from its first on; resolves when the container ends or the time is over, rejects when `signal` aborts. */
export async function followLog(
  world: DockerWorld,
  container: string,
  onLine: (line: string) => void,
  signal: AbortSignal,
  timeoutMs = 0,
): Promise<void> {
  await tryDocker({ ...world, emit: () => {} }, ['logs', '--follow', container], { signal, timeoutMs, onLine });
}

/** Runs a program in a running container as `user`; ok when it ended with 0. The end of what it wrote is the message. Rejects when `signal` aborts. */
export async function runProgram(
  world: DockerWorld,
  container: string,
  user: string,
  command: readonly string[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<{ ok: boolean; message: string }> {
  const as = user === '' ? [] : ['--user', user];
  const limit = Math.max(1, Math.round(timeoutMs));
  const { exitCode, stdout, stderr, timedOut } = await tryDocker({ ...world, emit: () => {} }, ['exec', ...as, container, ...command], {
    timeoutMs: limit,
    signal,
  });
  if (timedOut) return { ok: false, message: `${command[0]} did not end in ${limit} ms` };
  const [said] = lastLines(`${new TextDecoder().decode(stdout)}\n${stderr}`, 1);
  return {
    ok: exitCode === 0,
    message: `${command[0]} ended with ${exitCode}${said === undefined ? '' : `: ${said.slice(0, LINE_SHOWN)}`}`,
  };
}

/** The host name or address under which ports that the engine publishes are reached: loopback for a local engine. */
export function engineHost(dockerHost: string | undefined): string {
  const [, host] = /^(?:tcp|ssh|https?):\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)/.exec(dockerHost ?? '') ?? [];
  return host === undefined ? '127.0.0.1' : host.replace(/^\[|\]$/g, '');
}
