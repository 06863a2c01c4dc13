// What a dump makes of the things that an app holds once it is ready: a table, each row seen with CRIU 4.2 in a container with our privileges
// unless another source is named.

import type { AgentView, Examination, ExaminedProcess, Holding } from '../runtime/examination.ts';

/** `refuses`: no checkpoint, or none that restores. `endangers`: it works, but something is lost. */
export type Severity = 'refuses' | 'endangers';

export interface Finding {
  readonly id: string;
  readonly severity: Severity;
  readonly pid: number;
  /** The process's name, as the kernel has it. */
  readonly process: string;
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
  /** Class and field that hold it, where the JVM can tell. */
  readonly heldBy: string | null;
}

type Verdict = Omit<Finding, 'pid' | 'process' | 'heldBy'>;

/** CRIU writes deleted files up to this size into the checkpoint (criu(8), --ghost-limit). */
const GHOST_LIMIT = 1024 * 1024;

/** Without DAC_READ_SEARCH CRIU finds a watched file again only below these folders (criu/irmap.c, `hints`). */
const WATCHED_AND_FOUND = /^\/(etc|var\/spool|var\/log|lib\/udev)(\/|$)/;

const BY_KIND: Readonly<Record<string, (holding: Holding) => Verdict | undefined>> = {
  connection: ({ detail, peer }) => ({
    id: 'open-connection',
    severity: 'endangers',
    what: `an open TCP connection to ${peer}, from ${detail}`,
    why: 'the restored process finds it closed',
    remedy: 'Let the client connect again by itself, or close it in beforeCheckpoint.',
  }),
  'unix-peer': ({ detail, peer }) => ({
    id: 'outside-unix-socket',
    severity: 'refuses',
    what: `a UNIX socket connected to the outside${detail === '' ? '' : `, ${detail}`} (${peer})`,
    why: 'CRIU cannot dump one end of it (criu/sk-unix.c, "External socket is used")',
    remedy: 'Close the connection at bake: a log driver, D-Bus, or an agent’s socket that is mounted into the container.',
  }),
  inotify: ({ detail }) =>
    WATCHED_AND_FOUND.test(detail)
      ? {
          id: 'file-watcher',
          severity: 'endangers',
          what: `a file watcher (inotify) on ${detail}`,
          why: 'the restored process watches the file that is there then, and misses what changed in between',
          remedy: 'Let the app read the file anew after the restore.',
        }
      : {
          id: 'file-watcher',
          severity: 'refuses',
          what: `a file watcher (inotify) on ${detail || 'a file that is gone'}`,
          why: 'CRIU does not find the watched file again on the container’s file system ("fsnotify: Can’t dump that handle")',
          remedy:
            'Switch the watcher off at bake: development tools, reloading of configuration or certificates; or close it in beforeCheckpoint.',
        },
  pidfd: ({ detail }) => ({
    id: 'outside-pidfd',
    severity: 'refuses',
    what: `a pidfd of process ${detail}, which is not the app’s`,
    why: 'CRIU dumps pidfds of the app’s own processes only (criu/pidfd.c)',
    remedy: 'Close it before the checkpoint.',
  }),
  anonymous: ({ detail }) => ANONYMOUS[detail] ?? unknownAnonymous(detail),
  device: ({ detail }) => ({
    id: 'device',
    severity: 'refuses',
    what: `the device ${detail}`,
    why: 'CRIU cannot dump the state of a device (criu/files.c, "Can’t dump file of that type")',
    remedy: 'Close it before the checkpoint.',
  }),
  lock: ({ detail }) => ({
    id: 'file-lock',
    severity: 'endangers',
    what: `a lock on ${detail}`,
    why: 'the restored process holds it again, each container on its own copy of the file',
    remedy: 'Where the lock keeps other containers out, take it after the restore.',
  }),
  'deleted-file': ({ detail, bytes }) =>
    bytes > GHOST_LIMIT
      ? {
          id: 'large-deleted-file',
          severity: 'refuses',
          what: `the deleted file ${detail} of ${Math.ceil(bytes / 1024)} KiB, open or mapped`,
          why: 'CRIU keeps deleted files of at most 1 MiB ("Can’t dump ghost file")',
          remedy: 'Let the app keep the file, or close it before the checkpoint.',
        }
      : undefined,
  'memory-file': ({ detail }) => ({
    id: 'memory-file',
    severity: 'refuses',
    what: `the file ${detail} on a tmpfs`,
    why: 'it is in no image, so the restore does not find it',
    remedy: 'Write it to the container’s file system, or close it before the checkpoint.',
  }),
  'system-v-shm': ({ detail }) => ({
    id: 'system-v-shm',
    severity: 'refuses',
    what: `a System V shared memory segment, ${detail}`,
    why: 'CRIU dumps it only together with an IPC namespace ("doesn’t live in IPC ns")',
    remedy: 'Use mapped files or memfd_create.',
  }),
  terminal: ({ detail }) => ({
    id: 'terminal',
    severity: 'endangers',
    what: `the terminal ${detail}`,
    why: 'it can be restored only together with its master, if that is the app’s own (criu/tty.c)',
    remedy: 'Let the app not open a terminal at bake.',
  }),
};

const ANONYMOUS: Readonly<Record<string, Verdict>> = {
  io_uring: {
    id: 'io-uring',
    severity: 'refuses',
    what: 'an io_uring',
    why: 'CRIU cannot dump its rings (checkpoint-restore/criu#2131)',
    remedy: 'Switch it off at bake: another transport for Netty, UV_USE_IO_URING=0 for libuv.',
  },
  userfaultfd: {
    id: 'userfaultfd',
    severity: 'refuses',
    what: 'a userfaultfd',
    why: 'CRIU cannot dump it ("Can’t dump file of that type")',
    remedy: 'Choose another garbage collector, or switch off the library that watches page faults.',
  },
};

function unknownAnonymous(name: string): Verdict {
  return {
    id: 'unknown-descriptor',
    severity: 'refuses',
    what: `a descriptor of the kind ${name}`,
    why: 'CRIU does not know how to dump it',
    remedy: 'Close it before the checkpoint.',
  };
}

function judgeProcess(process: ExaminedProcess): Verdict[] {
  const found: Verdict[] = [];
  if (process.tracedBy !== 0)
    found.push({
      id: 'traced',
      severity: 'refuses',
      what: `is traced by process ${process.tracedBy}`,
      why: 'a process has one tracer at most (ptrace(2)), and CRIU needs to be it',
      remedy: 'End the debugger or strace before the checkpoint.',
    });
  if (process.seccomp !== 0)
    found.push({
      id: 'seccomp',
      severity: 'refuses',
      what: 'runs under a seccomp filter of its own',
      why: 'CRIU would need SYS_ADMIN to suspend it ("suspending seccomp failed")',
      remedy: 'Switch the app’s sandbox off at bake.',
    });
  if (process.namespaces.length > 0)
    found.push({
      id: 'namespaces',
      severity: 'refuses',
      what: `has namespaces of its own: ${process.namespaces.join(', ')}`,
      why: 'CRIU without privileges cannot dump namespaces inside the container’s',
      remedy: 'Switch the app’s sandbox off at bake.',
    });
  return found;
}

/** All findings, those that refuse first. `oneJvm`: whether the options say which of several JVMs is meant, or that no hooks run. */
export function judge({ processes, holdings, agent }: Examination, oneJvm = false): Finding[] {
  const names = new Map(processes.map(({ pid, name }) => [pid, name]));
  const about = (pid: number, verdict: Verdict, heldBy: string | null = null): Finding => ({
    ...verdict,
    pid,
    process: names.get(pid) ?? '',
    heldBy,
  });
  const users = [...new Set(processes.map(({ uid }) => uid))];
  const [first] = processes;
  const jvms = processes.filter(({ jvm }) => jvm !== '');
  const findings = [
    ...(jvms.length > 1 && !oneJvm ? [about(jvms[0]?.pid ?? 0, severalJvms(jvms))] : []),
    ...(users.length > 1 && first !== undefined ? [about(first.pid, severalUsers(users))] : []),
    ...processes.flatMap((process) => judgeProcess(process).map((verdict) => about(process.pid, verdict))),
    ...holdings.flatMap((holding) => {
      const verdict = BY_KIND[holding.kind]?.(holding);
      return verdict === undefined ? [] : [about(holding.pid, verdict, holderOf(holding, agent))];
    }),
  ];
  return [...findings.filter(({ severity }) => severity === 'refuses'), ...findings.filter(({ severity }) => severity === 'endangers')];
}

/** Where a holding stands in the app, and whether that is a registered Resource, which may let go of it by itself. */
function holderOf({ pid, fd }: Holding, agent: AgentView | undefined): string | null {
  if (agent === undefined || agent.pid !== pid || fd === 0) return null;
  const open = agent.open.find((each) => each.fd === fd);
  if (open === undefined) return null;
  if (open.holder === '') return open.kind;
  const isResource = agent.resources.some((name) => open.holder.startsWith(`${name}.`));
  return `${open.holder} (${open.kind}${isResource ? ', in a registered Resource' : ''})`;
}

function severalJvms(jvms: readonly ExaminedProcess[]): Verdict {
  return {
    id: 'several-jvms',
    severity: 'refuses',
    what: `is one of several JVMs (${jvms.map(({ pid, jvm }) => `process ${pid} runs ${jvm}`).join(', ')})`,
    why: 'crac-bake does not guess whose hooks are to run',
    remedy: 'Name one with --process, or freeze all of them without hooks (--trigger none).',
  };
}

function severalUsers(users: readonly number[]): Verdict {
  return {
    id: 'several-users',
    severity: 'refuses',
    what: `its processes run as several users (uids ${users.join(', ')})`,
    why: 'CRIU without privileges can dump those of one',
    remedy: 'Start the app as its user from the beginning (USER in the Dockerfile).',
  };
}
