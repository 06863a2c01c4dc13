// Starts dockerd on a machine without a service manager, also over the leftovers of one that was killed.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { SetupError } from './errors.mjs';
import { pollUntil } from './poll.mjs';
import { tryRun } from './run.mjs';

const LOG_FILE = '/var/log/crac-bake-dockerd.log';
const START_DEADLINE_MS = 60_000;
const PID_FILES = [
  { file: '/var/run/docker.pid', program: 'dockerd' },
  { file: '/var/run/docker/containerd/containerd.pid', program: 'containerd' },
];

/** Starts the engine and waits until `answers()` gives its version, which is returned. */
export async function startDaemon({ log, answers }) {
  const attempt = existsSync('/run/systemd/system') ? await startWithSystemd({ log }) : startDetached({ log });
  const version = await pollUntil(async () => (await answers()) ?? (attempt.ended() ? { gaveUp: true } : undefined), {
    deadlineMs: START_DEADLINE_MS,
    intervalMs: 200,
  });
  if (typeof version === 'string') return version;
  const state = version?.gaveUp ? 'ended at once' : `does not answer after ${START_DEADLINE_MS / 1000} s`;
  throw new SetupError([`the Docker Engine was started but ${state}${attempt.hint}`, ...attempt.tail()].join('\n'));
}

async function startWithSystemd({ log }) {
  log('starting the Docker Engine (systemctl start docker)');
  const { code, stderr } = await tryRun('systemctl', ['start', 'docker']);
  return { ended: () => code !== 0, hint: '; see journalctl -u docker', tail: () => stderr.trim().split('\n') };
}

function startDetached({ log }) {
  const running = livingDaemon();
  if (running) log(`dockerd runs already (pid ${running}) and does not answer yet: waiting for it`);
  else removeLeftovers({ log });
  const before = existsSync(LOG_FILE) ? statSync(LOG_FILE).size : 0;
  const child = running ? undefined : spawnDaemon({ log });
  return {
    // Another set-up at the same moment may have won the race for the pid file.
    ended: () => (child ? child.exitCode !== null || child.signalCode !== null : true) && !livingDaemon(),
    hint: `; its log is ${LOG_FILE}`,
    tail: () => lastLines(LOG_FILE, before),
  };
}

function spawnDaemon({ log }) {
  log(`starting dockerd (log: ${LOG_FILE})`);
  const output = openSync(LOG_FILE, 'a');
  const child = spawn('dockerd', [], { cwd: '/', env: daemonEnvironment(), detached: true, stdio: ['ignore', output, output] });
  closeSync(output);
  // Without a listener a failed start would end this process; exitCode stays null then.
  child.on('error', () => {
    child.exitCode ??= 127;
  });
  child.unref();
  return child;
}

// The daemon outlives this process: of the caller's environment it gets what it needs to reach registries and no more.
function daemonEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^(PATH|HOME|LANG|SSL_CERT_(FILE|DIR)|(https?|no|all)_proxy)$/i.test(name)),
  );
}

function livingDaemon() {
  const { file, program } = PID_FILES[0];
  return livingPid(file, program);
}

// A pid file may name a process that is gone or, after a restart of the machine, one that is something else.
function removeLeftovers({ log }) {
  for (const { file, program } of PID_FILES) {
    if (existsSync(file) && !livingPid(file, program)) {
      log(`removing ${file}: its process is not a living ${program}`);
      rmSync(file, { force: true });
    }
  }
}

export function livingPid(file, program) {
  try {
    const pid = readFileSync(file, 'utf8').trim();
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === program && isNotZombie(pid) ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}

const isNotZombie = (pid) => !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

function lastLines(file, from) {
  try {
    return readFileSync(file)
      .subarray(from)
      .toString()
      .trimEnd()
      .split('\n')
      .slice(-10)
      .map((line) => `  ${line}`);
  } catch {
    return [];
  }
}
