// Processes of an engine, as this machine sees them.

import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** How long a process is looked for, in ms. */
const LOOK_MS = 20_000;

/** Process ids of a process's children. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

/** All below a process, without those of foreign threads: enough for engines, whose shims are children of process 1. */
async function descendantsOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const texts = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')));
  const children = texts.flatMap((text) => text.split(' ').filter(Boolean).map(Number));
  return [...children, ...(await Promise.all(children.map(descendantsOf))).flat()];
}

/** The first process below another one whose command line holds these words; undefined where none comes. */
export async function findFirst(below: number, words: readonly string[]): Promise<number | undefined> {
  const end = performance.now() + LOOK_MS;
  while (performance.now() < end) {
    for (const pid of await descendantsOf(below)) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (command.includes(words.join('\0'))) return pid;
    }
    await pause(1);
  }
  return undefined;
}

/** Kills the first process below another one with these words; whether there was one. The fewer processes there are, the sooner it is found. */
export async function killFirst(below: number, words: readonly string[]): Promise<boolean> {
  const pid = await findFirst(below, words);
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  return pid !== undefined;
}
