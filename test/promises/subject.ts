// The image that all promises are tried with, and what every restore of it is asked.

import type { ExecutionContext } from 'ava';
import { type Container, docker, requestWithin, runRestored, untilAnswers, untilLogged } from '../docker/support/engine.ts';

/** The plain HTTP server of test/apps, baked once as uid 1000. */
export interface Subject {
  readonly image: string;
  /** Of the process at the bake. */
  readonly pid: number;
  readonly jvmStartTime: number;
  readonly residentBytes: number;
}

export interface Info {
  readonly pid: number;
  readonly jvmStartTime: number;
  readonly counter: number;
  readonly CapEff: string;
}

export const infoOf = async (container: Container) => JSON.parse(await untilAnswers(container, '/info')) as Info;

export const ask = async (container: Container, path: string) => (await untilAnswers(container, path)).trim();

/** A restore with the fallback off that was acknowledged, and is the process of the bake. The caller removes it. */
export async function restore(
  t: ExecutionContext,
  subject: Subject,
  flags: readonly string[],
  { command = [], image = subject.image }: { command?: readonly string[]; image?: string } = {},
): Promise<Container> {
  const container = await runRestored(image, { flags, command });
  try {
    // The app's listener is open all the time: the first requests may be faster than the agent.
    await untilLogged(container, /^crac-init: restored pid/m);
    await isTheOneOfTheBake(t, subject, container);
    return container;
  } catch (error) {
    await container.remove();
    throw error;
  }
}

export async function isTheOneOfTheBake(t: ExecutionContext, subject: Subject, container: Container): Promise<void> {
  const { pid, jvmStartTime, counter, CapEff } = container.port > 0 ? await infoOf(container) : await infoWithin(container);
  t.is(pid, subject.pid);
  t.is(jvmStartTime, subject.jvmStartTime, 'the JVM is that of the bake');
  t.true(counter > 0, 'what it counted before the dump is there');
  t.regex(CapEff, /^0+$/);
}

/** Asks from inside, where no port is published. */
async function infoWithin(container: Container): Promise<Info> {
  const answer = await container.exec(...requestWithin('/info'));
  return JSON.parse(answer.slice(answer.indexOf('{'))) as Info;
}

/** Runs `check` on a restore with these flags of docker run. */
export function restored(
  flags: readonly string[],
  check: (t: ExecutionContext, container: Container, subject: Subject) => Promise<void> = async () => {},
): (t: ExecutionContext, subject: Subject) => Promise<void> {
  return async (t, subject) => {
    const container = await restore(t, subject, flags);
    try {
      await check(t, container, subject);
    } finally {
      await container.remove();
    }
  };
}

/** Whether timers tick: a new count within two seconds. */
export async function ticks(t: ExecutionContext, container: Container): Promise<void> {
  const count = async () => (JSON.parse(await untilAnswers(container, '/tick')) as { count: number }).count;
  const before = await count();
  const end = performance.now() + 2000;
  let after = before;
  while (after === before && performance.now() < end) after = await count();
  t.true(after > before, `${before} ticks, two seconds later ${after}`);
}

/** A container's port on this machine now; it changes when the engine starts the container again. */
export async function portNow(id: string): Promise<number> {
  return Number((await docker('port', id, '8080/tcp')).split('\n')[0]?.split(':').at(-1));
}
