// What the engine says of itself (`docker info`); asking costs no container, so every bake asks too.

import type { EngineFacts } from '../../docker/engine-facts.ts';
import { atLeast, type Checks, fail, gigabytes, ok, versionOf, warn } from '../judgement.ts';

/** CAP_CHECKPOINT_RESTORE came with Linux 5.9 (capabilities(7)). */
const OLDEST_KERNEL = [5, 9] as const;

/** CRIU asks the kernel where glibc's restartable sequences are (PTRACE_GET_RSEQ_CONFIGURATION, Linux 5.13); without, glibc 2.35 and later cannot be dumped. */
const RSEQ_KERNEL = [5, 13] as const;

/** Before Linux 6.8 /proc/PID/maps shows files of an overlayfs as those of its layers (file_user_path, commit def3ae83da02). */
const OVERLAY_NAMES_KERNEL = [6, 8] as const;

/** A process on its own clock needs a kernel that enters a time namespace on exec (Linux 6.1). */
const OWN_CLOCK_KERNEL = [6, 1] as const;

/**
 * The kernel opens /proc/PID/map_files for CHECKPOINT_RESTORE in the first user namespace only (fs/proc/base.c, proc_map_files_get_link). Elsewhere
 * CRIU takes mapped files by their names: seen to work with userns-remap, but files without a name cannot be dumped.
 */
const BY_NAME = 'mapped files are dumped by their names, those that were deleted not at all';

/** A JVM of 256 MB, the engine and the CLI beside it. */
const WANTED_MEMORY_BYTES = 1_000_000_000;

const hasOption = (engine: EngineFacts, name: string) =>
  engine.securityOptions.some((option) => option.split(',').includes(`name=${name}`));

/** Where the engine runs. The VM of Docker Desktop has a kernel of its own, and WSL a kernel of Microsoft's. */
function placeOf({ operatingSystem, kernel }: EngineFacts): 'desktop' | 'wsl' | 'linux' {
  if (/docker desktop/i.test(operatingSystem) || /linuxkit/i.test(kernel)) return 'desktop';
  return /microsoft/i.test(kernel) ? 'wsl' : 'linux';
}

export const ENGINE_CHECKS: Checks<EngineFacts> = {
  engine: (engine) => ok(`Docker ${engine.version} on ${engine.operatingSystem}, ${engine.storageDriver}, linux/${engine.architecture}`),

  place: (engine) => {
    switch (placeOf(engine)) {
      case 'desktop':
        return warn(
          `Docker Desktop: its Linux VM (kernel ${engine.kernel}) decides, not this machine; crac-bake was not tried there`,
          'See whether the tiny checkpoint below works; images baked there restore on Linux hosts as well.',
        );
      case 'wsl':
        return warn(`WSL: Microsoft’s kernel ${engine.kernel} decides; crac-bake was not tried there`, 'wsl --update');
      default:
        return undefined;
    }
  },

  architecture: ({ architecture }) =>
    architecture === 'amd64' || architecture === 'arm64'
      ? undefined
      : fail(`linux/${architecture}`, 'Bake on an engine for amd64 or arm64: docker context use NAME', 'docker-exec-format'),

  rootless: (engine) =>
    hasOption(engine, 'rootless')
      ? warn(
          `the engine is rootless, which was not tried: ${BY_NAME}`,
          'docker context use default (the engine that root runs), or see whether the tiny checkpoint below works.',
          'criu-mapfile',
        )
      : ok('no, the engine runs as root'),

  'userns-remap': (engine) => (hasOption(engine, 'userns') ? ok(`on: ${BY_NAME}`) : ok('off')),

  kernel: ({ kernel }) => {
    const version = versionOf(kernel);
    if (!atLeast(version, OLDEST_KERNEL))
      return fail(
        `Linux ${kernel}`,
        `Linux ${OLDEST_KERNEL.join('.')} or later is needed (Debian 12, Ubuntu 22.04): docker context use NAME for another engine, or on this one’s host: sudo apt full-upgrade && sudo reboot`,
        'kernel-too-old',
      );
    if (!atLeast(version, RSEQ_KERNEL)) {
      return warn(
        `Linux ${kernel}: apps on glibc 2.35 or later cannot be dumped, and none gets a clock of its own`,
        `Bake on Linux ${OWN_CLOCK_KERNEL.join('.')} or later, or with --env GLIBC_TUNABLES=glibc.pthread.rseq=0.`,
        'criu-rseq',
      );
    }
    if (!atLeast(version, OWN_CLOCK_KERNEL)) {
      return warn(
        `Linux ${kernel}: the app gets no clock of its own at bake`,
        `Images baked here restore only on hosts that have been up for longer; bake on Linux ${OWN_CLOCK_KERNEL.join('.')} or later.`,
        'clock',
      );
    }
    return ok(`Linux ${kernel}`);
  },

  'mapped files': (engine) => {
    const named = !engine.storageDriver.startsWith('overlay') || atLeast(versionOf(engine.kernel), OVERLAY_NAMES_KERNEL);
    if (named || !(hasOption(engine, 'rootless') || hasOption(engine, 'userns'))) return undefined;
    return warn(
      `Linux ${engine.kernel} shows them under the names of overlayfs’ layers, and by names is how they are dumped here`,
      `Bake on Linux ${OVERLAY_NAMES_KERNEL.join('.')} or later, or without rootless and userns-remap: docker context use NAME`,
      'criu-mapfile',
    );
  },

  cgroups: ({ cgroupVersion }) =>
    cgroupVersion === '1' || cgroupVersion === '2'
      ? ok(`version ${cgroupVersion}; they are left to the engine`)
      : warn('the engine does not tell their version', 'See whether the tiny checkpoint below works.'),

  'seccomp profile': (engine) => {
    const option = engine.securityOptions.find((each) => each.startsWith('name=seccomp'));
    if (option === undefined) return ok('none, the engine knows no seccomp');
    const profile = /profile=([^,]+)/.exec(option)?.[1] ?? 'default';
    return ok(`${profile}; bakes run under none, restores under crac-bake’s: the default and clone3`);
  },

  SELinux: (engine) =>
    hasOption(engine, 'selinux')
      ? warn(
          'on: container_t may keep CRIU from its sockets; crac-bake was not tried there',
          'sudo setsebool -P virt_sandbox_use_netlink 1, or "selinux-enabled": false in /etc/docker/daemon.json',
          'criu-netlink',
        )
      : ok('off'),

  memory: ({ memoryBytes }) => {
    if (memoryBytes === 0) return warn('the engine does not tell', 'free -h on the engine’s host');
    if (memoryBytes < WANTED_MEMORY_BYTES / 4)
      return fail(gigabytes(memoryBytes), 'Give the engine’s host at least 1 GB; free -h shows what it has.', 'oom-137');
    return memoryBytes < WANTED_MEMORY_BYTES
      ? warn(gigabytes(memoryBytes), 'Give the engine’s host at least 1 GB; free -h shows what it has.', 'oom-137')
      : ok(gigabytes(memoryBytes));
  },
};
