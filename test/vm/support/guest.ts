// A running virtual machine: another kernel, AppArmor and a CPU model of choice, reached by ssh from QEMU's own container.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { docker, TEST_LABEL } from '../../docker/support/engine.ts';

/** What the set-up made. */
export interface Machine {
  readonly image: string;
  readonly folder: string;
  readonly accelerator: string;
}

export interface Guest {
  /** Runs a program in the guest to its end; throws as execa does. The deadline is in ms. */
  run(words: readonly string[], deadlineMs?: number): Promise<{ readonly stdout: string; readonly stderr: string }>;
  /** `docker WORDS` in the guest; its output, both streams. */
  docker(...words: string[]): Promise<string>;
  /** Address on this machine of one of PORTS of the guest. */
  url(port: number): Promise<string>;
  /** The first line on the guest's console that tells of a damaged kernel: whatever was seen in such a guest is void. */
  corruption(): Promise<string | undefined>;
  /** Ends it, with what it has written on its data disk. */
  stop(): Promise<void>;
}

/** Those ports of the guest that are reached from here. */
export const PORTS = [8081, 8082, 8083] as const;

const BOOT_DEADLINE_MS = 600_000;
const RUN_DEADLINE_MS = 120_000;
const MEMORY_MB = 3072;
/** Of the kernel itself: neither a program that it ends (`traps: java[516] general protection fault`) nor `watchdog: BUG: soft lockup`, which tells of a busy host. */
const DAMAGE = /(?<!watchdog: )\bBUG:|\bOops\b|Kernel panic/;

/** The first line of a console that tells of a damaged kernel. */
export const damageIn = (console: string) => console.split('\n').find((line) => DAMAGE.test(line));

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** Starts a guest with this CPU model of QEMU and `data.ext4` of `folder` as its second disk; it is there when its Docker Engine answers. */
export async function startGuest({ image, folder: files, accelerator }: Machine, folder: string, cpu: string): Promise<Guest> {
  const forwards = [22, ...PORTS].map((port) => `,hostfwd=tcp::${port}-:${port}`).join('');
  const qemu = [
    ...['qemu-system-x86_64', '-M', 'q35', '-accel', accelerator === 'kvm' ? 'kvm' : 'tcg,thread=multi', '-cpu', cpu],
    ...['-smp', '1', '-m', String(MEMORY_MB), '-nodefaults', '-display', 'none', '-no-reboot', '-serial', 'file:/run/vm/console.log'],
    ...['-kernel', '/vm/vmlinuz', '-initrd', '/vm/initrd.img'],
    ...[
      '-append',
      'root=LABEL=root rw console=ttyS0 panic=-1 hostname=guest net.ifnames=0 mitigations=off nowatchdog apparmor=1 init=/usr/local/sbin/guest-init',
    ],
    ...['-drive', 'file=/vm/root.ext4,format=raw,if=virtio,snapshot=on'],
    ...['-drive', 'file=/run/vm/data.ext4,format=raw,if=virtio,cache=unsafe'],
    ...['-netdev', `user,id=net,restrict=on${forwards}`, '-device', 'virtio-net-pci,netdev=net', '-device', 'virtio-rng-pci'],
  ];
  const id = await docker(
    ...['run', '--detach', '--label', TEST_LABEL, '--volume', `${files}:/vm:ro`, '--volume', `${folder}:/run/vm`],
    ...(accelerator === 'kvm' ? ['--device', '/dev/kvm'] : []),
    ...[22, ...PORTS].flatMap((port) => ['--publish', `127.0.0.1::${port}`]),
    ...[image, ...qemu],
  );
  const ssh = [
    ...['exec', id, 'ssh', '-i', '/vm/key', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'],
    ...['-o', 'ControlMaster=auto', '-o', 'ControlPath=/tmp/ssh', '-o', 'ControlPersist=yes', 'root@127.0.0.1'],
  ];
  const run: Guest['run'] = async (words, deadlineMs = RUN_DEADLINE_MS) =>
    execa('docker', [...ssh, words.map(quoted).join(' ')], { stdin: 'ignore', timeout: deadlineMs });
  const console = () => readFile(join(folder, 'console.log'), 'utf8').catch(() => '');
  const corruption = async () => damageIn(await console());
  const stop = async () => {
    await run(['sync']).catch(() => {});
    await docker('rm', '--force', '--volumes', id);
  };
  const guest: Guest = {
    run,
    docker: async (...words) => {
      const { stdout, stderr } = await run(['docker', ...words]);
      return [stdout, stderr].filter(Boolean).join('\n');
    },
    url: async (port) => `http://${await docker('port', id, `${port}/tcp`)}`,
    corruption,
    stop,
  };
  try {
    await until('console does not say that the guest is up', async () => {
      if ((await docker('inspect', '--format', '{{.State.Running}}', id)) !== 'true')
        throw new Error(`QEMU ended: ${await docker('logs', id)}`);
      return /guest is up/.test(await console()) || (await corruption()) !== undefined;
    });
    await until('Docker Engine does not answer', async () =>
      run(['docker', 'info'], 60_000).then(
        () => true,
        async () => (await corruption()) !== undefined,
      ),
    );
    return guest;
  } catch (error) {
    const tail = (await console()).split('\n').slice(-20).join('\n');
    await docker('rm', '--force', '--volumes', id);
    throw new Error(`the guest (${cpu}) did not come up: ${(error as Error).message}\n${tail}`);
  }
}

async function until(what: string, done: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + BOOT_DEADLINE_MS;
  while (!(await done())) {
    if (performance.now() > end) throw new Error(`${what} in ${BOOT_DEADLINE_MS / 1000} s`);
    await pause(500);
  }
}
