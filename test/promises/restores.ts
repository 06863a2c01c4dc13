// What must restore: each with the fallback off. The rows are the tests of test/docker/promises.test.ts and the table of docs/promises.md.

import { readFileSync } from 'node:fs';
import type { ExecutionContext } from 'ava';
import { parseRestoreTrace } from '../../src/runtime/restore-trace.ts';
import { typeInto } from '../docker/support/attach.ts';
import { type Container, docker, LEAST, runContainer, untilAnswers, untilExited, untilLogged } from '../docker/support/engine.ts';
import { buildImage } from '../docker/support/images.ts';
import { ask, infoOf, isTheOneOfTheBake, portNow, restore, restored, type Subject, ticks } from './subject.ts';

interface Promised {
  readonly title: string;
  /** What is seen of it. */
  readonly outcome: string;
  readonly run: (t: ExecutionContext, subject: Subject) => Promise<void>;
}

/** Generators that are no duty of the restore: an object of the app's own, which nothing finds. */
const REPEATS = ['own'];

/** More than the app had been up for at the dump, less than any host that bakes. */
const BOOTED_S = 60;

export const RESTORES: readonly Promised[] = [
  {
    title: 'new environment (`--env`)',
    outcome: 'the app and its child processes see the new values; those of the bake are gone',
    run: restored(['--env', 'NEW_ONE=fresh', '--env', 'BOTH=run'], async (t, container) => {
      for (const path of ['/env', '/child-env']) {
        t.is(await ask(container, `${path}/NEW_ONE`), 'fresh');
        t.is(await ask(container, `${path}/BOTH`), 'run');
        t.is(await ask(container, `${path}/ONLY_AT_BAKE`), '');
      }
    }),
  },
  {
    title: 'a host that was booted a minute ago (its monotonic clock is far behind that of the bake’s)',
    outcome: 'timers tick, `System.nanoTime` goes on',
    run: (t, subject) => shiftedBy(t, subject, BOOTED_S - uptimeS()),
  },
  {
    title: 'a host that has been up for a day longer',
    outcome: 'the same',
    run: (t, subject) => shiftedBy(t, subject, 86_400),
  },
  {
    title: 'other host name, other DNS server, other hosts file',
    outcome: 'names resolve as in the new container',
    run: restored(['--hostname', 'somewhere-new', '--add-host', 'a-service:192.0.2.7', '--dns', '192.0.2.53'], async (t, container) => {
      t.is(await ask(container, '/host-name'), 'somewhere-new');
      t.is(await ask(container, '/resolve?name=a-service'), '192.0.2.7');
    }),
  },
  {
    title: 'other network, other address',
    outcome: 'it serves there',
    run: async (t, subject) => {
      const network = `crac-bake-promise-${process.pid}`;
      await docker('network', 'create', '--label', 'crac-bake-test.run=1', '--subnet', '198.51.100.0/24', network);
      try {
        await restored(['--network', network], async (_, container) => {
          t.regex(await container.inspect('{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'), /^198\.51\.100\./);
          t.is(await ask(container, '/resolve?name=localhost'), '127.0.0.1');
        })(t, subject);
      } finally {
        await docker('network', 'rm', network);
      }
    },
  },
  {
    title: 'further groups (`--group-add`; in Kubernetes `fsGroup` and `supplementalGroups`)',
    outcome: 'every thread of the process belongs to them',
    run: restored(['--group-add', '4242'], async (t, container, subject) => {
      const groups = await container.exec('bash', '-c', `grep --no-filename ^Groups: /proc/${subject.pid}/task/*/status`);
      t.deepEqual([...new Set(groups.split('\n').map((line) => line.split(/\s+/).includes('4242')))], [true]);
    }),
  },
  {
    title: 'other modes of folders and files (Podman gives the root folder 0555, Kubernetes changes those of volumes)',
    outcome: 'it serves',
    run: async (t, subject) => {
      const image = 'crac-bake-it/promises:modes';
      await buildImage(image, [`FROM ${subject.image}`, 'USER 0', 'RUN chmod 0555 / && chmod 0444 /app/app.jar', 'USER 1000:1000']);
      try {
        const container = await restore(t, subject, [], { image });
        await container.remove();
      } finally {
        await docker('rmi', '--force', image);
      }
    },
  },
  {
    title: 'read-only root file system with a tmpfs (`--read-only --tmpfs /tmp`)',
    outcome: 'it serves, and can write to the tmpfs',
    run: restored(['--read-only', '--tmpfs', '/tmp'], async (t, container) => {
      t.regex(JSON.parse(await ask(container, '/random')).file, /^random/);
    }),
  },
  { title: '`--init`', outcome: 'it serves below another PID 1, and ends by SIGTERM', run: restored(['--init'], endsBySigterm) },
  {
    title: 'a terminal (`-t`), and Ctrl-C in it',
    outcome: 'what it prints is on the terminal; Ctrl-C ends it with 130',
    run: restored(['--tty', '--interactive'], async (t, container) => {
      await ask(container, '/log?text=on-the-terminal');
      await untilLogged(container, /on-the-terminal/);
      await typeInto(container.id, '\x03');
      t.is(await untilExited(container), 130);
      t.regex(await container.logs(), /stopping/, 'its shutdown hook ran');
    }),
  },
  {
    title: 'no terminal',
    outcome: 'what it prints is in `docker logs`; `docker stop` ends it with 143',
    run: restored([], async (t, container) => {
      await ask(container, '/log?text=in-the-log');
      await untilLogged(container, /in-the-log/);
      await endsBySigterm(t, container);
    }),
  },
  {
    title: 'one processor (`--cpus 1`)',
    outcome: 'the common pool follows',
    run: restored(['--cpus', '1'], async (t, container) => {
      t.is(await ask(container, '/parallelism'), '1');
    }),
  },
  {
    title: 'a small part of a processor (`--cpus 0.03`)',
    outcome: 'it serves, though the restore takes longer than its deadline: what it waits for its share does not count',
    run: restored(['--cpus', '0.03'], async (t, container) => {
      const log = await untilLogged(container, /^crac-init: restored pid/m);
      const [trace] = log.split('\n').flatMap((line) => parseRestoreTrace(line) ?? []);
      t.log(`${trace?.totalMs.toFixed(0)} ms`);
    }),
  },
  {
    title: 'a memory limit above what it held at the dump (the label `resident-bytes`)',
    outcome: 'it serves',
    run: (t, subject) =>
      restored(['--memory', String(subject.residentBytes + 16_000_000)], async (_, container) => {
        t.is(await container.inspect('{{.State.OOMKilled}}'), 'false');
        await ticks(t, container);
      })(t, subject),
  },
  { title: '`--network none`', outcome: 'it answers inside', run: restored(['--network', 'none']) },
  {
    title: '`no-new-privileges` (Kubernetes: `allowPrivilegeEscalation: false`)',
    outcome: 'it serves: the engine starts `crac-init` with its capabilities, so that none have to be gained',
    run: restored(['--security-opt', 'no-new-privileges']),
  },
  {
    title: 'a restart policy, after a crash',
    outcome: 'it is restored once more: the same PID, the state of the bake',
    run: restored(['--restart', 'always'], async (t, container, subject) => {
      const { counter } = await infoOf(container);
      await ask(container, '/');
      t.true((await infoOf(container)).counter > counter);
      await container.exec('bash', '-c', `kill -KILL ${subject.pid}`);
      await untilLogged(container, /restored pid[\s\S]*restored pid/);
      const port = await portNow(container.id);
      const again: Container = { ...container, port, url: `http://127.0.0.1:${port}` };
      await isTheOneOfTheBake(t, subject, again);
      t.is((await infoOf(again)).counter, counter);
    }),
  },
  {
    title: 'more memory than the limit, after the restore',
    outcome: 'the container ends with 137, and the engine says `OOMKilled`',
    run: (t, subject) =>
      restored(['--memory', String(subject.residentBytes + 32_000_000), '--shm-size', '1g'], async (_, container) => {
        await ticks(t, container);
        // A file on a tmpfs counts as the container's memory; the JVM is the largest process in it.
        await container.exec('bash', '-c', 'head --bytes 500M /dev/zero >/dev/shm/filled').catch(() => {});
        t.is(await untilExited(container), 137);
        t.is(await container.inspect('{{.State.OOMKilled}}'), 'true');
      })(t, subject),
  },
  {
    title: '20 restores at once',
    outcome:
      'all serve, though they wait for each other’s processors; of 16 generators of random numbers, ids and file names no two restores have one value in common',
    run: async (t, subject) => {
      const started = await Promise.allSettled(Array.from({ length: 20 }, () => restore(t, subject, [])));
      const containers = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      try {
        for (const each of started) if (each.status === 'rejected') throw each.reason;
        const all = await Promise.all(containers.map(async (each) => JSON.parse(await ask(each, '/random')) as Record<string, string>));
        const names = Object.keys(all[0] ?? {}).filter((name) => !REPEATS.includes(name));
        t.is(names.length, 16);
        for (const name of names)
          t.is(new Set(all.map((numbers) => numbers[name])).size, containers.length, `${name} differs in all of them`);
      } finally {
        await Promise.all(containers.map((container) => container.remove()));
      }
    },
  },
];

function uptimeS(): number {
  return Math.floor(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]));
}

/** Restores where the monotonic clock is `byS` seconds from this host's: in a time namespace, which takes privileges that a restore does not have. */
async function shiftedBy(t: ExecutionContext, subject: Subject, byS: number): Promise<void> {
  const container = await runContainer(subject.image, {
    flags: [
      ...LEAST,
      ...['SYS_ADMIN', 'SYS_TIME', 'SETUID', 'SETGID'].flatMap((name) => ['--cap-add', name]),
      ...['--user', '0', '--env', 'CRAC_INIT_RESTORE=require', '--env', 'CRAC_INIT_LOG=1', '--entrypoint', 'sh'],
    ],
    // The engine has made the pipes for root.
    command: [
      '-c',
      `chmod 0666 /proc/self/fd/1 /proc/self/fd/2 && exec unshare --time --monotonic ${byS} --boottime ${byS} \\
        setpriv --reuid 1000 --regid 1000 --groups 1000 /opt/crac-bake/crac-init restore`,
    ],
  });
  try {
    await untilLogged(container, /^crac-init: restored pid/m);
    await isTheOneOfTheBake(t, subject, container);
    await ticks(t, container);
    const { lastNanos, nowNanos } = JSON.parse(await untilAnswers(container, '/tick')) as { lastNanos: number; nowNanos: number };
    t.true(nowNanos >= lastNanos, 'System.nanoTime does not go back');
  } finally {
    await container.remove();
  }
}

async function endsBySigterm(t: ExecutionContext, container: Container): Promise<void> {
  const { exitCode, elapsedMs } = await container.stop();
  t.is(exitCode, 143);
  t.true(elapsedMs < 5000, `docker stop took ${elapsedMs} ms`);
}
