// The lines for Kubernetes, as they are printed, on a kubelet with containerd. Two images of the plain JDK server: one that runs as root, one as uid and gid 1000.

import test, { type ExecutionContext } from 'ava';
import { ensureNode } from '../../scripts/setup/node.mjs';
import type { BakeReport } from '../../src/report/report.ts';
import { bakeWell, crac } from '../docker/support/cli.ts';
import { docker } from '../docker/support/engine.ts';
import { buildImage } from '../docker/support/images.ts';
import { type Node, type NodeParts, type Pod, startNode } from './support/node.ts';

interface Info {
  readonly pid: number;
  readonly jvmStartTime: number;
  readonly counter: number;
  readonly CapEff: string;
}

interface Baked {
  readonly image: string;
  readonly report: BakeReport;
  /** What `crac-bake inspect IMAGE --deploy` prints for Kubernetes. */
  readonly lines: string;
  /** Wall clock when the bake was done, in ms: a JVM that is older is that of the bake. */
  readonly doneAt: number;
}

const IMAGES = { root: 'crac-bake-it/kubernetes:root', user: 'crac-bake-it/kubernetes:user' } as const;
/** What holds the namespaces of a pod: any program that waits. */
const PAUSE = 'crac-bake-test/pause:local';

/** Containers that must restore. */
const REQUIRED = {
  env: [
    { name: 'CRAC_INIT_RESTORE', value: 'require' },
    { name: 'CRAC_INIT_LOG', value: '1' },
  ],
};

let node: Node;
let root: Baked;
let user: Baked;

test.before(async (t) => {
  t.timeout(1_800_000);
  const parts: NodeParts = await ensureNode({ log: (line: string) => process.stderr.write(`    kubernetes: ${line}\n`) });
  [root, user] = [await baked('app', IMAGES.root), await baked('nonroot', IMAGES.user)];
  await buildImage(PAUSE, ['FROM crac-bake-test/tiny:nonroot', 'ENTRYPOINT ["sleep", "infinity"]']);
  node = await startNode(parts, [...Object.values(IMAGES), PAUSE]);
  const profile = await crac(['seccomp', '--for', 'kubernetes']);
  await node.addProfile('crac-bake-seccomp.json', profile.stdout);
});

test.after.always(async () => {
  await node?.remove();
  await docker('rmi', '--force', ...Object.values(IMAGES), PAUSE);
});

async function baked(app: string, image: string): Promise<Baked> {
  const report = await bakeWell([
    '--image',
    `crac-bake-test/plain-http:${app}`,
    '--tag',
    image,
    '--env',
    'APP_RANDOMS=true',
    '--warmup-request',
    '/',
    '--warmup-count',
    '20',
  ]);
  const { stdout } = await crac(['inspect', image, '--json']);
  const { run } = JSON.parse(stdout) as { run: { kubernetes: string } };
  return { image, report, lines: run.kubernetes, doneAt: Date.now() };
}

const infoOf = async (pod: Pod) => JSON.parse(await pod.ask('/info')) as Info;

/** The process of the bake, not a new one. */
async function isRestored(t: ExecutionContext, pod: Pod, { report, doneAt }: Baked): Promise<void> {
  const { pid, jvmStartTime, counter, CapEff } = await infoOf(pod);
  t.is(pid, report.checkpoint?.pid ?? 0);
  t.true(jvmStartTime < doneAt, 'the JVM is that of the bake');
  t.true(counter >= 20, `what it counted before the dump is there: ${counter}`);
  t.regex(CapEff, /^0+$/);
}

/** A new process, after the line with this id. */
async function isStarted(t: ExecutionContext, pod: Pod, { doneAt }: Baked, id: string): Promise<void> {
  t.true((await infoOf(pod)).jvmStartTime > doneAt, 'the JVM is new');
  t.regex(await pod.logs(), new RegExp(`crac-init: not restored \\(${id}\\): .*; starting normally`));
}

const groupsOf = async (pod: Pod, pid: number) =>
  [...new Set((await pod.exec('bash', '-c', `grep --no-filename ^Groups: /proc/${pid}/task/*/status`)).split('\n'))]
    .join(' ')
    .match(/\d+/g) ?? [];

test('an image that runs as root restores by its lines, without new privileges', async (t) => {
  const pod = await node.start('root', root.lines, { container: REQUIRED });
  await isRestored(t, pod, root);
  t.regex(await pod.exec('grep', 'NoNewPrivs', '/proc/1/status'), /\b1$/m);
  await pod.stop();
});

test('an image with a user of its own restores by its lines, also where the pod must not run as root, without new privileges', async (t) => {
  const pod = await node.start('user', user.lines, { container: REQUIRED, pod: { securityContext: { runAsNonRoot: true } } });
  await isRestored(t, pod, user);
  t.regex(await pod.exec('grep', 'NoNewPrivs', '/proc/1/status'), /\b1$/m);
  await pod.stop();
});

test('it becomes ready by its probe, with what the pod tells of itself, on a read-only root file system', async (t) => {
  const pod = await node.start('ready', user.lines, {
    pod: { volumes: [{ name: 'tmp', emptyDir: {} }] },
    container: {
      env: [...REQUIRED.env, { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
      readinessProbe: { httpGet: { path: '/info', port: 8080 }, periodSeconds: 1 },
      volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
      securityContext: { readOnlyRootFilesystem: true },
    },
  });
  await pod.until('it is ready', (_, { conditions = [] }) => conditions.some(({ type, status }) => type === 'Ready' && status === 'True'));
  await isRestored(t, pod, user);
  t.is((await pod.ask('/env/POD_NAME')).trim(), 'ready-node');
  t.is((await pod.ask('/host-name')).trim(), 'ready-node');
  t.regex(JSON.parse(await pod.ask('/random')).file, /^random/, 'it writes to the volume');
  await pod.stop();
});

test('it has the groups of the pod: fsGroup, for its volumes, and supplementalGroups', async (t) => {
  const pod = await node.start('groups', user.lines, {
    container: { ...REQUIRED, volumeMounts: [{ name: 'data', mountPath: '/data' }] },
    pod: { volumes: [{ name: 'data', emptyDir: {} }], securityContext: { fsGroup: 2000, supplementalGroups: [3000] } },
  });
  await isRestored(t, pod, user);
  t.deepEqual([...(await groupsOf(pod, user.report.checkpoint?.pid ?? 0))].sort(), ['1000', '2000', '3000']);
  await pod.stop();
});

test('after a crash it is restored once more; at the end of the pod it ends by SIGTERM, at once', async (t) => {
  const pod = await node.start('crash', user.lines, { container: REQUIRED });
  await isRestored(t, pod, user);
  await pod.ask('/');
  await pod.exec('bash', '-c', `kill -KILL ${user.report.checkpoint?.pid}`).catch(() => {});
  await pod.until('it was started again', ({ restartCount, state }) => restartCount === 1 && state.running !== undefined);
  await isRestored(t, pod, user);
  t.regex(await pod.logs(1), /crac-init: restored pid/);
  const elapsedMs = await pod.stop();
  t.true(elapsedMs < 20_000, `it took ${elapsedMs} ms of a grace period of 30 s`);
});

test('it restores below a shell, where it may gain privileges', async (t) => {
  const container = { ...REQUIRED, ...BELOW_A_SHELL, securityContext: { allowPrivilegeEscalation: true } };
  const pod = await node.start('below', user.lines, { container });
  await isRestored(t, pod, user);
  await pod.stop();
});

test('it restores in a pod whose containers see each other’s processes', async (t) => {
  const pod = await node.start('shared', user.lines, { container: REQUIRED, pod: { shareProcessNamespace: true } });
  await isRestored(t, pod, user);
  await pod.stop();
});

test('a limit of memory above what it held at the dump is kept', async (t) => {
  const bytes = (user.report.checkpoint?.residentBytes ?? 0) + 16_000_000;
  const pod = await node.start('memory', user.lines, { container: { ...REQUIRED, resources: { limits: { memory: String(bytes) } } } });
  await isRestored(t, pod, user);
  await pod.stop();
});

/** A program that has no file capabilities: a user other than root loses by it what the runtime has given. */
const BELOW_A_SHELL = { command: ['sh', '-c', 'exec /opt/crac-bake/crac-init restore'] };

const FALLBACKS = [
  {
    title: 'below a shell, without new privileges',
    id: 'no-new-privileges',
    container: BELOW_A_SHELL,
  },
  {
    title: 'the runtime’s default seccomp profile',
    id: 'seccomp',
    container: { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } },
  },
  {
    title: 'no capabilities, as the Pod Security Standard restricted wants it',
    id: 'capabilities',
    container: {
      securityContext: {
        allowPrivilegeEscalation: false,
        runAsNonRoot: true,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      },
    },
  },
  {
    title: 'the user without its group: Kubernetes takes none from the image',
    id: 'capabilities',
    container: { securityContext: { runAsGroup: undefined } },
  },
] as const;

test('it starts normally, and says why: less memory than it held at the dump', async (t) => {
  const bytes = (user.report.checkpoint?.residentBytes ?? 0) - 1_000_000;
  const pod = await node.start('little', user.lines, { container: { resources: { limits: { memory: String(bytes) } } } });
  await isStarted(t, pod, user, 'memory');
  await pod.stop();
});

for (const [index, { title, id, container }] of FALLBACKS.entries()) {
  test(`it starts normally, and says why: ${title}`, async (t) => {
    const pod = await node.start(`fallback-${index}`, user.lines, { container });
    await isStarted(t, pod, user, id);
    await pod.stop();
  });
}
