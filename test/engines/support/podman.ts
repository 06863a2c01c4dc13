// Podman in a container, as root and as an ordinary user, by both of the runtimes that it has.

import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { docker, pipeImages, requestWithin, TEST_LABEL } from '../../docker/support/engine.ts';
import type { Answering } from './subjects.ts';

/** What the set-up made. */
export interface PodmanParts {
  readonly image: string;
  readonly files: string;
}

export interface Podman {
  /** Writes a file into the folder in which podman is called. */
  write(name: string, content: string): Promise<void>;
  /** Runs a line as it is printed for docker, by podman; `more` are further options. */
  run(line: string, more: readonly string[]): Promise<PodmanContainer>;
}

export interface PodmanContainer extends Answering {
  /** Ends it as `podman stop` does; its exit code. */
  stop(): Promise<number>;
  remove(): Promise<void>;
}

const DEADLINE_MS = 60_000;
const SOMEBODY = 'somebody';

/** Starts the container in which podman is. */
export async function startPodman({
  image,
  files,
}: PodmanParts): Promise<{ as(user: 'root' | 'somebody', images: readonly string[]): Promise<Podman>; remove(): Promise<void> }> {
  const id = await docker(
    ...['run', '--detach', '--label', TEST_LABEL, '--privileged', '--cgroupns', 'private', '--init'],
    ...['--volume', '/var/lib/containers', '--volume', `/home`, '--volume', `${files}/containers.conf:/etc/containers/containers.conf:ro`],
    ...[image, 'sleep', 'infinity'],
  );
  const remove = async () => void (await docker('rm', '--force', '--volumes', id));
  try {
    // Its network, where it is not root, is made with this device.
    await docker('exec', id, 'chmod', '0666', '/dev/net/tun');
    await docker('exec', id, 'useradd', '--create-home', SOMEBODY);
    await docker('exec', id, 'install', '--directory', '--owner', SOMEBODY, '/run/user/1000');
  } catch (error) {
    await remove();
    throw error;
  }
  return { as: (user, images) => podmanOf(id, user, images), remove };
}

async function podmanOf(id: string, user: 'root' | 'somebody', images: readonly string[]): Promise<Podman> {
  const home = user === 'root' ? '/root' : `/home/${user}`;
  const inside = ['exec', '--user', user, '--workdir', home, ...(user === 'root' ? [] : ['--env', 'XDG_RUNTIME_DIR=/run/user/1000'])];
  const run = async (...words: string[]) => {
    const { stdout, stderr } = await execa('docker', [...inside, id, ...words], { stdin: 'ignore', timeout: DEADLINE_MS });
    return { stdout, both: [stdout, stderr].filter(Boolean).join('\n') };
  };
  const withInput = ['exec', '--interactive', ...inside.slice(1), id];
  await pipeImages(images, [...withInput, 'podman', 'load'], DEADLINE_MS);
  return {
    write: async (name, content) => void (await execa('docker', [...withInput, 'tee', name], { input: content })),
    run: async (line, more) => {
      const words = line.split(' ');
      if (words.slice(0, 3).join(' ') !== 'docker run --rm') throw new Error(`not a line for docker: ${line}`);
      const { stdout } = await run('podman', 'run', '--detach', ...more, ...words.slice(3));
      const container = stdout.trim();
      const logs = async () => (await run('podman', 'logs', container)).both;
      return {
        ask: async (path) => {
          const end = performance.now() + DEADLINE_MS;
          for (;;) {
            const answer = await run('podman', 'exec', container, ...requestWithin(path)).catch(() => undefined);
            const [head = '', body] = answer?.stdout.split('\r\n\r\n') ?? [];
            if (head.startsWith('HTTP/1.1 200') && body !== undefined) return body;
            if (performance.now() > end) throw new Error(`no answer in ${DEADLINE_MS / 1000} s: ${await logs()}`);
            await pause(100);
          }
        },
        logs,
        stop: async () => {
          await run('podman', 'stop', '--time', '20', container);
          return Number((await run('podman', 'inspect', '--format', '{{.State.ExitCode}}', container)).stdout);
        },
        remove: async () => void (await run('podman', 'rm', '--force', '--time', '1', container)),
      };
    },
  };
}
