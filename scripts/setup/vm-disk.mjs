// Disks of virtual machines: files with an ext4 file system, made, filled and read in a container that may mount them.
import { spawn } from 'node:child_process';
import { SetupError } from './errors.mjs';
import { pollUntil } from './poll.mjs';
import { run, tryRun } from './run.mjs';

const ENGINE_DEADLINE_MS = 60_000;
const LABEL = 'crac-bake-test.run=1';

/**
 * Calls `work` with the disks of a folder, in a privileged container of the second host's image. Afterwards the container is gone and every disk is whole.
 * @template T
 * @param {string} image
 * @param {string} folder
 * @param {(disks: ReturnType<typeof disksOf>) => Promise<T>} work
 */
export async function withDisks(image, folder, work) {
  const flags = ['--detach', '--init', '--privileged', '--network', 'none', '--label', LABEL, '--volume', `${folder}:/disks`];
  const { stdout } = await run('docker', ['run', ...flags, image, 'sleep', 'infinity']);
  const id = stdout.trim();
  const disks = disksOf(id);
  try {
    const result = await work(disks);
    for (const file of [...disks.mounted]) await disks.release(file);
    return result;
  } finally {
    // A loop device outlives its container.
    for (const file of disks.mounted) await tryRun('docker', ['exec', id, 'umount', `/mnt/${file}`]);
    await run('docker', ['rm', '--force', id]);
  }
}

function disksOf(id) {
  /** @type {Set<string>} */
  const mounted = new Set();
  /** A program in the container, in which the folder is /disks; its output. */
  const inside = async (/** @type {string[]} */ ...argv) => (await run('docker', ['exec', id, ...argv])).stdout.trim();
  /** Mounts a disk; where. */
  const mount = async (/** @type {string} */ file) => {
    const place = `/mnt/${file}`;
    await inside('mkdir', '--parents', place);
    await inside('mount', '-o', 'loop', `/disks/${file}`, place);
    mounted.add(file);
    return place;
  };
  return {
    mounted,
    run: inside,
    mount,
    release: async (/** @type {string} */ file) => {
      await inside('umount', `/mnt/${file}`);
      mounted.delete(file);
    },
    /** Makes a new disk and mounts it; where. */
    make: async (/** @type {string} */ file, /** @type {{label: string, size: string}} */ { label, size }) => {
      await inside('truncate', '--size', size, `/disks/${file}`);
      await inside('mkfs.ext4', '-q', '-L', label, `/disks/${file}`);
      return mount(file);
    },
    /** As `docker cp`: onto a mounted disk it does not work. */
    copyIn: (/** @type {string} */ path, /** @type {string} */ to) => run('docker', ['cp', path, `${id}:${to}`]),
    /** Starts an engine of the second host's release with this data root, in the container's own network; `use` copies images to it or from it. */
    withEngine: (/** @type {string} */ dataRoot, /** @type {(images: ReturnType<typeof copiesOf>) => Promise<void>} */ use) =>
      withEngine(id, dataRoot, use),
  };
}

async function withEngine(id, dataRoot, use) {
  const at = (...argv) => ['exec', '--interactive', id, ...argv];
  const daemon = run(
    'docker',
    at('dockerd', '--config-file', '/dev/null', '--data-root', dataRoot, '--bridge', 'none', '--iptables=false', '--ip6tables=false'),
  );
  let ended = false;
  const end = daemon.then(
    () => undefined,
    (error) => error,
  );
  end.then(() => {
    ended = true;
  });
  const answers = async () => ended || (await tryRun('docker', at('docker', 'version'))).code === 0;
  if (!(await pollUntil(answers, { deadlineMs: ENGINE_DEADLINE_MS })) || ended) {
    throw new SetupError(`no Docker Engine on the second host's disk: ${(ended && (await end)?.message) || 'no answer'}`);
  }
  try {
    await use(copiesOf(at));
  } finally {
    await run('docker', at('pkill', '-TERM', '-x', 'dockerd'));
    await end;
  }
}

/** Copies images between this machine's engine and the one inside. */
const copiesOf = (at) => ({
  load: (/** @type {readonly string[]} */ names) => pipe(['docker', ['save', ...names]], ['docker', at('docker', 'load', '--quiet')]),
  save: (/** @type {readonly string[]} */ names) => pipe(['docker', at('docker', 'save', ...names)], ['docker', ['load', '--quiet']]),
});

/** Output of one program to the input of another. */
async function pipe(from, to) {
  const source = spawn(...from, { stdio: ['ignore', 'pipe', 'pipe'] });
  const sink = spawn(...to, { stdio: ['pipe', 'ignore', 'pipe'] });
  source.stdout.pipe(sink.stdin);
  // A receiver that ended early is told by its exit code, not by this side's EPIPE.
  sink.stdin.on('error', () => source.kill());
  const ends = [source, sink].map(
    (child) =>
      new Promise((resolve) => {
        let errors = '';
        child.stderr.on('data', (text) => {
          errors += text;
        });
        child.on('error', (error) => resolve(error.message));
        child.on('close', (code) => resolve(code === 0 ? undefined : errors.trim()));
      }),
  );
  const problems = (await Promise.all(ends)).filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new SetupError(`cannot copy images: ${problems.join('; ')}`);
}
