// What the other engines restore: the plain JDK server in an image that runs as root, and in one with a user of its own.

import type { ExecutionContext } from 'ava';
import type { DeployLines } from '../../../src/image/deploy-lines.ts';
import type { BakeReport } from '../../../src/report/report.ts';
import { bakeWell, crac } from '../../docker/support/cli.ts';
import { docker } from '../../docker/support/engine.ts';

interface Info {
  readonly pid: number;
  readonly jvmStartTime: number;
  readonly counter: number;
  readonly CapEff: string;
}

export interface Baked {
  readonly image: string;
  readonly report: BakeReport;
  /** What `crac-bake inspect IMAGE --deploy` prints. */
  readonly lines: DeployLines;
  /** Wall clock when the bake was done, in ms: a JVM that is older is that of the bake. */
  readonly doneAt: number;
}

export interface Subjects {
  readonly root: Baked;
  readonly user: Baked;
  readonly images: readonly string[];
  remove(): Promise<void>;
}

/** Whatever a container of one is in, as far as the checks go. */
export interface Answering {
  /** The body of the answer; asks until there is one. */
  ask(path: string): Promise<string>;
  logs(): Promise<string>;
}

/** Switches of a container that must restore. */
export const REQUIRED = { CRAC_INIT_RESTORE: 'require', CRAC_INIT_LOG: '1' } as const;

/** Bakes both under names of their own. */
export async function bakeSubjects(name: string): Promise<Subjects> {
  const [root, user] = [await baked('app', `crac-bake-it/${name}:root`), await baked('nonroot', `crac-bake-it/${name}:user`)];
  const images = [root.image, user.image];
  return { root, user, images, remove: async () => void (await docker('rmi', '--force', ...images)) };
}

async function baked(app: string, image: string): Promise<Baked> {
  const warmUp = ['--env', 'APP_RANDOMS=true', '--warmup-request', '/', '--warmup-count', '20'];
  const report = await bakeWell(['--image', `crac-bake-test/plain-http:${app}`, '--tag', image, ...warmUp]);
  const { stdout } = await crac(['inspect', image, '--json']);
  return { image, report, lines: (JSON.parse(stdout) as { run: DeployLines }).run, doneAt: Date.now() };
}

const infoOf = async (container: Answering) => JSON.parse(await container.ask('/info')) as Info;

/** The process of the bake, not a new one. */
export async function isRestored(t: ExecutionContext, container: Answering, { report, doneAt }: Baked): Promise<void> {
  const { pid, jvmStartTime, counter, CapEff } = await infoOf(container);
  t.is(pid, report.checkpoint?.pid ?? 0);
  t.true(jvmStartTime < doneAt, 'the JVM is that of the bake');
  t.true(counter >= 20, `what it counted before the dump is there: ${counter}`);
  t.regex(CapEff, /^0+$/);
}

/** A new process, after the line with this id. */
export async function isStarted(t: ExecutionContext, container: Answering, { doneAt }: Baked, id: string): Promise<void> {
  t.true((await infoOf(container)).jvmStartTime > doneAt, 'the JVM is new');
  t.regex(await container.logs(), new RegExp(`crac-init: not restored \\(${id}\\): .*; starting normally`));
}
