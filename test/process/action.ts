// Runs the built action as GitHub's runner does: inputs and files by the environment, in an empty folder; docker answers as scripted.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { ENGINE, type Rule } from './cli.ts';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const BIN = fileURLToPath(new URL('bin', import.meta.url));

interface Run {
  readonly docker?: readonly Rule[] | 'none';
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly state?: Readonly<Record<string, string>>;
  /** Files in the workspace. */
  readonly files?: Readonly<Record<string, string>>;
  /** Sends the signal when this shows up in the log. */
  readonly signal?: { readonly name: NodeJS.Signals; readonly when: string };
  /** The machine's folders, made anew for each run otherwise. */
  readonly folder?: string;
  /** The folder with the bundles. */
  readonly dist?: string;
}

/** Runs an entry to its end. */
export async function action(entry: 'main' | 'post', run: Run = {}) {
  const folder = run.folder ?? (await mkdtemp(join(tmpdir(), 'action-test-')));
  const at = (name: string) => join(folder, name);
  try {
    for (const name of ['work', 'empty', 'runner']) await mkdir(at(name), { recursive: true });
    for (const [name, text] of Object.entries(run.files ?? {})) await writeFile(join(at('work'), name), text);
    for (const name of ['output', 'state', 'summary', 'calls']) await writeFile(at(name), '');
    await writeFile(at('docker.json'), JSON.stringify(run.docker === 'none' ? [] : (run.docker ?? ENGINE)));
    const named = (prefix: string, values: Readonly<Record<string, string>> = {}, name = (text: string) => text) =>
      Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}${name(key)}`, value]));
    const startedAt = Date.now();
    const child = execa(process.execPath, [join(run.dist ?? DIST, `${entry}.js`)], {
      cwd: at('work'),
      reject: false,
      stdin: 'ignore',
      extendEnv: false,
      timeout: 30_000,
      env: {
        PATH: run.docker === 'none' ? at('empty') : [BIN, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
        HOME: folder,
        XDG_CACHE_HOME: folder,
        TMPDIR: at('empty'),
        GITHUB_ACTIONS: 'true',
        GITHUB_OUTPUT: at('output'),
        GITHUB_STATE: at('state'),
        GITHUB_STEP_SUMMARY: at('summary'),
        GITHUB_WORKSPACE: at('work'),
        RUNNER_TEMP: at('runner'),
        CRAC_BAKE_TEST_DOCKER: at('docker.json'),
        CRAC_BAKE_TEST_DOCKER_LOG: at('calls'),
        ...named('INPUT_', run.inputs, (name) => name.toUpperCase()),
        ...named('STATE_', run.state),
        ...run.env,
      },
      stripFinalNewline: false,
    });
    const { signal } = run;
    if (signal !== undefined) {
      let seen = '';
      child.stdout.on('data', (chunk: Buffer) => {
        const before = seen.includes(signal.when);
        seen += chunk;
        if (!before && seen.includes(signal.when)) child.kill(signal.name);
      });
    }
    const { exitCode, stdout, stderr, timedOut } = await child;
    const text = (name: string) => readFile(at(name), 'utf8');
    const outputs = parseFile(await text('output'));
    const report = outputs.report ? JSON.parse(await readFile(outputs.report, 'utf8')) : undefined;
    const calls = (await text('calls'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { args: string; at: number });
    return {
      exitCode,
      stdout: stdout ?? '',
      stderr: stderr ?? '',
      timedOut,
      outputs,
      state: parseFile(await text('state')),
      summary: await text('summary'),
      report,
      calls,
      startedAt,
    };
  } finally {
    if (run.folder === undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** Entries of a file command: `NAME<<DELIMITER`, the value's lines, the delimiter. */
function parseFile(text: string): Record<string, string> {
  const entries = [...text.matchAll(/^([\w-]+)<<(ghadelimiter_\S+)\n([\s\S]*?)\n?^\2$/gm)];
  return Object.fromEntries(entries.map(([, name, , value]) => [name, value ?? '']));
}
