// The lines for Kubernetes, as they are printed, on a kubelet with containerd. Two images of the plain JDK server: one that runs as root, one as uid and gid 1000.

import test from 'ava';
import { ensureNode } from '../../scripts/setup/other-engines.mjs';
import { crac } from '../docker/support/cli.ts';
import { docker } from '../docker/support/engine.ts';
import { buildImage } from '../docker/support/images.ts';
import { type Node, type NodeParts, type Pod, startNode } from './support/node.ts';
import { type Baked, bakeSubjects, isRestored, isStarted, type Subjects, REQUIRED as SWITCHES } from './support/subjects.ts';

/** What holds the namespaces of a pod: any program that waits. */
const PAUSE = 'crac-bake-test/pause:local';

const REQUIRED = { env: Object.entries(SWITCHES).map(([name, value]) => ({ name, value })) };

let node: Node;
let subjects: Subjects;
let root: Baked;
let user: Baked;

test.before(async (t) => {
  t.timeout(1_800_000);
  const parts: NodeParts = await ensureNode({ log: (line: string) => process.stderr.write(`    kubernetes: ${line}\n`) });
  subjects = await bakeSubjects('kubernetes');
  ({ root, user } = subjects);
  await buildImage(PAUSE, ['FROM crac-bake-test/tiny:nonroot', 'ENTRYPOINT ["sleep", "infinity"]']);
  node = await startNode(parts, [...subjects.images, PAUSE]);
  const profile = await crac(['seccomp', '--for', 'kubernetes']);
  await node.addProfile('crac-bake-seccomp.json', profile.stdout);
});

test.after.always(async () => {
  await node?.remove();
  await subjects?.remove();
  await docker('rmi', '--force', PAUSE);
});

const groupsOf = async (pod: Pod, pid: number) =>
  [...new Set((await pod.exec('bash', '-c', `grep --no-filename ^Groups: /proc/${pid}/task/*/status`)).split('\n'))]
    .join(' ')
    .match(/\d+/g) ?? [];

test('an image that runs as root restores by its lines, without new privileges', async (t) => {
  const pod = await node.start('root', root.lines.kubernetes, { container: REQUIRED });
  await isRestored(t, pod, root);
  t.regex(await pod.exec('grep', 'NoNewPrivs', '/proc/1/status'), /\b1$/m);
  await pod.stop();
});

test('an image with a user of its own restores by its lines, also where the pod must not run as root, without new privileges', async (t) => {
  const pod = await node.start('user', user.lines.kubernetes, { container: REQUIRED, pod: { securityContext: { runAsNonRoot: true } } });
  await isRestored(t, pod, user);
  t.regex(await pod.exec('grep', 'NoNewPrivs', '/proc/1/status'), /\b1$/m);
  await pod.stop();
});

test('it becomes ready by its probe, with what the pod tells of itself, on a read-only root file system', async (t) => {
  const pod = await node.start('ready', user.lines.kubernetes, {
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
  const pod = await node.start('groups', user.lines.kubernetes, {
    container: { ...REQUIRED, volumeMounts: [{ name: 'data', mountPath: '/data' }] },
    pod: { volumes: [{ name: 'data', emptyDir: {} }], securityContext: { fsGroup: 2000, supplementalGroups: [3000] } },
  });
  await isRestored(t, pod, user);
  t.deepEqual([...(await groupsOf(pod, user.report.checkpoint?.pid ?? 0))].sort(), ['1000', '2000', '3000']);
  await pod.stop();
});

test('after a crash it is restored once more; at the end of the pod it ends by SIGTERM, at once', async (t) => {
  const pod = await node.start('crash', user.lines.kubernetes, { container: REQUIRED });
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
  const pod = await node.start('below', user.lines.kubernetes, { container });
  await isRestored(t, pod, user);
  await pod.stop();
});

test('it restores in a pod whose containers see each other’s processes', async (t) => {
  const pod = await node.start('shared', user.lines.kubernetes, { container: REQUIRED, pod: { shareProcessNamespace: true } });
  await isRestored(t, pod, user);
  await pod.stop();
});

test('a limit of memory above what it held at the dump is kept', async (t) => {
  const bytes = (user.report.checkpoint?.residentBytes ?? 0) + 16_000_000;
  const pod = await node.start('memory', user.lines.kubernetes, {
    container: { ...REQUIRED, resources: { limits: { memory: String(bytes) } } },
  });
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
  const pod = await node.start('little', user.lines.kubernetes, { container: { resources: { limits: { memory: String(bytes) } } } });
  await isStarted(t, pod, user, 'memory');
  await pod.stop();
});

for (const [index, { title, id, container }] of FALLBACKS.entries()) {
  test(`it starts normally, and says why: ${title}`, async (t) => {
    const pod = await node.start(`fallback-${index}`, user.lines.kubernetes, { container });
    await isStarted(t, pod, user, id);
    await pod.stop();
  });
}
