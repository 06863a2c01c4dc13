// Processes for the set-up scripts: argument arrays only, never a shell; every call can have a deadline.
import { spawn } from 'node:child_process';
import { SetupError } from './errors.mjs';

const TAIL_LINES = 15;

/**
 * Runs a program to its end. Never rejects: a program that cannot be started has the exit code 127.
 * `timeoutMs` is for all of it, `firstOutputMs` for the first sign of life on stdout.
 * @returns {Promise<{code: number, stdout: string, stderr: string, timedOut: boolean}>}
 */
export function tryRun(command, args = [], { cwd, env, timeoutMs, firstOutputMs } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    let timedOut = false;
    const giveUp = () => {
      timedOut = true;
      child.kill('SIGKILL');
      // A grandchild may hold the pipes open; the answer must not wait for it.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const timers = [timeoutMs, firstOutputMs].map((ms) => (ms ? setTimeout(giveUp, ms) : undefined));
    child.stdout.once('data', () => clearTimeout(timers[1]));
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8');
      child[name].on('data', (text) => {
        output[name] += text;
      });
    }
    const done = (code, extra = '') => {
      for (const timer of timers) clearTimeout(timer);
      resolve({ code, stdout: output.stdout, stderr: output.stderr + extra, timedOut });
    };
    child.on('error', (error) => done(127, error.message));
    child.on('close', (code) => done(code ?? 1));
  });
}

/** Like `tryRun`, but a failure throws with the last lines of what the program printed. */
export async function run(command, args = [], options = {}) {
  const result = await tryRun(command, args, options);
  if (result.code !== 0) throw commandFailed([command, ...args], result);
  return result;
}

export function commandFailed(argv, { code, stdout, stderr, timedOut }) {
  const why = timedOut ? 'did not end in time' : `ended with exit code ${code}`;
  const shown = (stderr.trim() || stdout.trim()).split('\n').slice(-TAIL_LINES);
  return new SetupError([`${argv.join(' ')} ${why}`, ...shown.map((line) => `  ${line}`)].join('\n'));
}

export async function commandExists(command) {
  return (await tryRun('which', [command])).code === 0;
}
