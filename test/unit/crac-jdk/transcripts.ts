// The recorded runs of a real CRaC JDK, read as what the verdicts take.

import { readdirSync, readFileSync } from 'node:fs';
import type { RestoreRecord } from '../../../src/crac-jdk/restore-verdict.ts';
import type { CheckpointRecord, ProcessState } from '../../../src/crac-jdk/verdict.ts';

const FOLDER = new URL('../../fixtures/transcripts/', import.meta.url);

export const TRANSCRIPTS: readonly string[] = readdirSync(FOLDER).filter((name) => !name.includes('.'));

/** A file that is absent was empty. */
export function recorded(name: string, file: string): string {
  try {
    return readFileSync(new URL(`${name}/${file}.txt`, FOLDER), 'utf8');
  } catch {
    return '';
  }
}

function stateOf(name: string): ProcessState {
  const [, status, code, oom] = /^(\w+) exit=(\d+) oom=(\w+)/.exec(recorded(name, 'container.state')) ?? [];
  return { running: status === 'running', exitCode: Number(code), oomKilled: oom === 'true' };
}

export function checkpointRecord(name: string): CheckpointRecord {
  const exit = recorded(name, 'jcmd.exit');
  return {
    engine: 'criu',
    ...(exit === ''
      ? {}
      : { trigger: { stdout: recorded(name, 'jcmd.stdout'), stderr: recorded(name, 'jcmd.stderr'), exitCode: Number(exit) } }),
    app: { stdout: recorded(name, 'app.stdout'), stderr: recorded(name, 'app.stderr') },
    state: stateOf(name),
    files: [...recorded(name, 'files').matchAll(/^(\d+) (\S+)$/gm)].map(([, bytes, file = '']) => ({ name: file, bytes: Number(bytes) })),
    dumpLog: recorded(name, 'dump4.errors'),
  };
}

export function restoreRecord(name: string): RestoreRecord {
  return { output: { stdout: recorded(name, 'app.stdout'), stderr: recorded(name, 'app.stderr') }, state: stateOf(name) };
}
