// A node of Kubernetes: containerd and a kubelet in one container, which run the pods that they are given. There is no cluster around them.

import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import { docker, pipeImages, TEST_LABEL } from '../../docker/support/engine.ts';

/** What the set-up made. */
export interface NodeParts {
  readonly image: string;
  readonly kubelet: string;
  readonly files: string;
}

/** Of Kubernetes' Pod, what is looked at here. */
interface PodStatus {
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerStatus {
  readonly restartCount: number;
  readonly containerID?: string;
  readonly state: Readonly<
    Record<'waiting' | 'running' | 'terminated', { readonly reason?: string; readonly exitCode?: number } | undefined>
  >;
}

type Settings = Readonly<Record<string, unknown>>;

export interface Node {
  /** Puts a file where the kubelet looks for seccomp profiles. */
  addProfile(name: string, content: string): Promise<void>;
  /** The kubelet starts the pod `name`; `pod` and `container` are merged into what every one has. */
  start(name: string, lines: string, more?: { readonly pod?: Settings; readonly container?: Settings }): Promise<Pod>;
  remove(): Promise<void>;
}

export interface Pod {
  readonly name: string;
  /** The body of an answer of the container; it is asked until it gives one. */
  ask(path: string): Promise<string>;
  /** What the container has written since its last start, or in the one before. */
  logs(restart?: number): Promise<string>;
  /** Runs a program in the container. */
  exec(...words: string[]): Promise<string>;
  /** Waits until the kubelet says this of it. */
  until(what: string, is: (container: ContainerStatus, pod: PodStatus['status']) => boolean): Promise<ContainerStatus>;
  /** Takes it away from the kubelet and waits until it is gone. Returns the time that took, in ms. */
  stop(): Promise<number>;
}

const DEADLINE_MS = 90_000;
const PODS = '/etc/kubernetes/pods';
const PROFILES = '/var/lib/kubelet/seccomp';
/** Of containerd's images; a name without a registry is one of Docker's. */
const REGISTRY = 'docker.io/library';

/** Starts it with these images of this machine's engine. */
export async function startNode({ image, kubelet, files }: NodeParts, images: readonly string[]): Promise<Node> {
  const id = await docker(
    ...['run', '--detach', '--label', TEST_LABEL, '--privileged', '--cgroupns', 'private', '--init'],
    ...['--tmpfs', '/run', '--tmpfs', '/tmp', '--volume', '/var/lib/containerd', '--volume', '/var/lib/kubelet'],
    ...['--volume', `${kubelet}:/usr/local/bin/kubelet:ro`, '--volume', `${files}:/etc/node:ro`],
    ...[image, '/etc/node/start.sh'],
  );
  const run = async (words: readonly string[], input?: string) => {
    const options = input === undefined ? { stdin: 'ignore' as const } : { input };
    const interactive = input === undefined ? [] : ['--interactive'];
    return (await execa('docker', ['exec', ...interactive, id, ...words], options)).stdout;
  };
  const write = (path: string, content: string) => run(['tee', path], content);
  const remove = async () => void (await docker('rm', '--force', '--volumes', id));
  const asked = async (): Promise<readonly PodStatus[]> => JSON.parse(await run(['curl', '--silent', 'localhost:10255/pods'])).items ?? [];
  const toldBy = (file: string) => run(['tail', '--lines', '20', file]).catch(() => '');
  const until = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
    const end = performance.now() + DEADLINE_MS;
    for (;;) {
      const found = await look().catch(() => undefined);
      if (found !== undefined) return found;
      if (performance.now() > end) throw new Error(`${what}: not in ${DEADLINE_MS / 1000} s\n${await toldBy('/var/log/kubelet.log')}`);
      await pause(100);
    }
  };

  try {
    await until('the kubelet answers', async () =>
      (await run(['curl', '--silent', 'localhost:10255/healthz'])) === 'ok' ? true : undefined,
    );
    await pipeImages(images, ['exec', '--interactive', id, 'ctr', '--namespace', 'k8s.io', 'images', 'import', '-'], DEADLINE_MS);
    await run(['mkdir', '--parents', PROFILES]);
  } catch (error) {
    await remove();
    throw error;
  }

  const start: Node['start'] = async (name, lines, { pod = {}, container = {} } = {}) => {
    const { containers } = parse(lines) as { containers: readonly (Settings & { image: string; securityContext?: Settings })[] };
    const [first] = containers;
    if (first === undefined) throw new Error(`no container in ${lines}`);
    const merged = {
      ...first,
      ...container,
      image: first.image.includes('/') ? `docker.io/${first.image}` : `${REGISTRY}/${first.image}`,
      imagePullPolicy: 'Never',
      securityContext: { ...first.securityContext, ...(container.securityContext as Settings) },
    };
    const spec = { terminationGracePeriodSeconds: 30, ...pod, containers: [merged] };
    const file = `${PODS}/${name}.yaml`;
    await write(file, stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec }));
    const find = async () => (await asked()).find(({ metadata }) => metadata.name === `${name}-node`)?.status;
    const status = () => until(`the kubelet knows ${name}`, find);
    const containerId = async () => (await status()).containerStatuses?.[0]?.containerID?.replace(/^containerd:\/\//, '') ?? '';
    return {
      name,
      ask: (path) =>
        until(`${name} answers`, async () =>
          run(['curl', '--silent', '--fail', '--max-time', '5', `http://${(await status()).podIP}:8080${path}`]),
        ),
      logs: (restart = 0) => run(['sh', '-c', `cat /var/log/pods/default_${name}-node_*/app/${restart}.log`]),
      exec: async (...words) =>
        run(['ctr', '--namespace', 'k8s.io', 'task', 'exec', '--exec-id', `test-${Date.now()}`, await containerId(), ...words]),
      until: (what, is) =>
        until(`${name}: ${what}`, async () => {
          const pod = await find();
          const its = pod?.containerStatuses?.[0];
          return pod !== undefined && its !== undefined && is(its, pod) ? its : undefined;
        }),
      stop: async () => {
        const began = performance.now();
        await run(['rm', file]);
        await until(`${name} ends`, async () => ((await find()) === undefined ? true : undefined));
        return performance.now() - began;
      },
    };
  };
  return { addProfile: async (name, content) => void (await write(`${PROFILES}/${name}`, content)), start, remove };
}
