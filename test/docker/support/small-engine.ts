// A second Docker Engine on a disk of a few megabytes, to see what happens when it is full. It lives in namespaces of its own, so that it
// shares neither networks nor mounts nor processes with the first one, and all of it is gone as soon as its input is closed.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { docker, pipeImages } from './engine.ts';

const START_DEADLINE_MS = 30_000;

/** Runs as process 1; at its end the kernel ends everything else. Lines on its input kill the daemon and start it again. */
const SCRIPT = `
set -e
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mount -t tmpfs -o "$2" tmpfs "$1/data"
ip link set lo up
serve() {
  \${3:+setpriv --bounding-set "$3" --inh-caps "$3"} dockerd --data-root "$1/data" --host "unix://$1/engine.sock" --group "$2" --config-file "$1/daemon.json" >>"$1/log" 2>&1 </dev/null &
  daemon=$!
}
serve "$1" "$3" "$4"
while read -r word; do
  case $word in
    kill) kill -KILL $daemon; wait $daemon || true ;;
    start) serve "$1" "$3" "$4" ;;
  esac
done
`;

export interface SmallEngine {
  /** For DOCKER_HOST. */
  readonly host: string;
  docker(...args: string[]): Promise<string>;
  /** The socket's path. */
  readonly socket: string;
  /** The process, as this machine knows it, below which everything of this engine runs. */
  readonly pid: number;
  /** Ends the daemon without warning. Containers go on for as long as nobody misses it. */
  kill(): void;
  /** Starts it again, and waits until it answers. */
  restart(): Promise<void>;
  /** Copies images of the first engine to it. */
  load(...images: string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one; needs root, or sudo that asks for no password. `without`: capabilities that the daemon itself lacks, as in a container; `config`: its settings. */
export async function startSmallEngine(
  sizeMb: number,
  { inodes = 0, without = [] as readonly string[], config = {} } = {},
): Promise<SmallEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'small-engine-'));
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'daemon.json'), JSON.stringify(config));
  const socket = join(folder, 'engine.sock');
  const host = `unix://${socket}`;
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const limits = without.map((capability) => `-${capability.toLowerCase()}`).join(',');
  const [program = '', ...args] = [...sudo, 'unshare', '--mount', '--net', '--pid', '--fork', 'sh', '-c', SCRIPT, 'sh'];
  const child = execa(program, [...args, folder, `size=${sizeMb}m,nr_inodes=${inodes}`, String(process.getgid?.() ?? 0), limits], {
    stdin: 'pipe',
    reject: false,
  });
  const stop = async () => {
    child.stdin.end();
    await child;
    const [remove = '', ...words] = [...sudo, 'rm', '-rf', folder];
    await (sudo.length > 0 ? execa(remove, words) : rm(folder, { recursive: true, force: true }));
  };
  const at = (...words: string[]) => docker('--host', host, ...words);
  const untilAnswers = async () => {
    const deadline = performance.now() + START_DEADLINE_MS;
    for (;;) {
      const answered = await at('version').then(
        () => true,
        () => false,
      );
      if (answered) return;
      if (performance.now() > deadline || child.exitCode !== null) {
        const log = await readFile(join(folder, 'log'), 'utf8').catch(() => '');
        await stop();
        throw new Error(`a second dockerd could not be started: ${(await child).stderr}\n${log.split('\n').slice(-10).join('\n')}`);
      }
      await pause(50);
    }
  };
  await untilAnswers();
  return {
    host,
    socket,
    pid: child.pid ?? 0,
    docker: at,
    kill: () => child.stdin.write('kill\n'),
    restart: () => {
      child.stdin.write('start\n');
      return untilAnswers();
    },
    load: (...images) => pipeImages(images, ['--host', host, 'load']),
    stop,
  };
}
