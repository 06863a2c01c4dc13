// Typing into a container's terminal: the docker command wants a terminal of its own for that, the engine does not.

import { request } from 'node:http';

/** Where the engine listens; tests run on a local one. */
const socketPath = () => /^unix:\/\/(.+)$/.exec(process.env.DOCKER_HOST ?? '')?.[1] ?? '/var/run/docker.sock';

/** Writes to the standard input of a container that was started with `--tty --interactive` (Docker Engine API, "Attach to a container"). */
export function typeInto(id: string, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const asking = request({
      socketPath: socketPath(),
      method: 'POST',
      path: `/containers/${id}/attach?stream=1&stdin=1`,
      headers: { connection: 'Upgrade', upgrade: 'tcp' },
    });
    asking.on('upgrade', (_, socket) => {
      socket.end(text);
      resolve();
    });
    asking.on('response', ({ statusCode }) => reject(new Error(`the engine answered ${statusCode}`)));
    asking.on('error', reject);
    asking.end();
  });
}
