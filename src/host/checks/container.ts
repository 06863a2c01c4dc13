// What a container with the privileges of a bake finds on the engine's host (`crac-init facts`).

import type { HostFacts } from '../../runtime/host-facts.ts';
import { type Checks, fail, gigabytes, ok, warn } from '../judgement.ts';

/** What a bake container is given (src/engines/criu.ts); an engine inside a limited container cannot hand on what it lacks. */
const NEEDED_CAPABILITIES = ['CHECKPOINT_RESTORE', 'SETPCAP', 'SYS_PTRACE', 'SYS_ADMIN', 'SYS_TIME'];

/** A checkpoint of a middling JVM, its commit and room to breathe. */
const WANTED_DISK_BYTES = 2_000_000_000;

/** Layers of a JVM image and a checkpoint have some thousand files. */
const WANTED_INODES = 20_000;

export const CONTAINER_CHECKS: Checks<HostFacts> = {
  'user namespace': ({ userNamespace }) => ok(userNamespace ? 'of their own: containers’ root is another user on the host' : 'the host’s'),

  capabilities: ({ capabilities }) => {
    const missing = NEEDED_CAPABILITIES.filter((name) => !capabilities.bounding.includes(name));
    if (missing.length === 0) return ok(`the engine grants ${NEEDED_CAPABILITIES.join(', ')}`);
    return fail(
      `the engine does not grant ${missing.join(', ')}`,
      'An engine in a container: docker run --privileged … docker:dind. One of the host: sudo systemctl edit docker, without CapabilityBoundingSet=.',
      'docker-caps-not-held',
    );
  },

  seccomp: ({ seccomp }) =>
    seccomp === 0
      ? ok('off in bake and restore containers')
      : fail(
          'a filter is on although seccomp=unconfined was asked for',
          'Remove "seccomp-profile" from /etc/docker/daemon.json, then: sudo systemctl restart docker',
          'criu-seccomp-suspend',
        ),

  'chosen PIDs': ({ clone3SetTid, nsLastPidWritable }) => {
    if (clone3SetTid) return ok(`by clone3${nsLastPidWritable ? ', and by ns_last_pid' : ''}`);
    return nsLastPidWritable
      ? warn('by ns_last_pid only: a restore may meet a PID that is taken', 'Allow clone3: --security-opt seccomp=unconfined', 'seccomp')
      : fail('neither clone3 nor ns_last_pid lets a process choose its PID', 'Allow clone3: --security-opt seccomp=unconfined', 'seccomp');
  },

  /** Yama's scope 2 asks for SYS_PTRACE, which the bake has; 3 forbids all tracing (Documentation/admin-guide/LSM/Yama.rst). */
  'ptrace scope': ({ ptraceScope }) => {
    if (ptraceScope < 0) return ok('no Yama');
    if (ptraceScope < 3) return ok(`${ptraceScope}, SYS_PTRACE does`);
    return fail(
      `${ptraceScope}: nothing may be traced until the next boot`,
      'Set kernel.yama.ptrace_scope=1 in /etc/sysctl.d, then: sudo reboot',
      'criu-traceme',
    );
  },

  'time namespaces': ({ timeNamespaces }) =>
    timeNamespaces
      ? ok('the app gets a clock of its own')
      : warn(
          'the app gets no clock of its own',
          'Images baked here restore only on hosts that have been up for longer; bake on Linux 6.1 or later.',
          'clock',
        ),

  /** For lazy restores, which crac-bake does not make: either answer is right. */
  userfaultfd: ({ userfaultfd }) => ok(userfaultfd ? 'there; not needed' : 'not there; not needed'),

  AppArmor: ({ appArmor }) => {
    const profile = appArmor.split(' ')[0] ?? '';
    if (profile === '' || profile === 'unconfined') return ok('off in containers');
    // moby's own profile allows ptrace and signals among the processes under it (profiles/apparmor/template.go).
    if (profile === 'docker-default') return ok('docker-default');
    return warn(
      `containers run under the profile ${profile}`,
      'See whether the tiny checkpoint below works, else: sudo aa-complain PROFILE',
      'apparmor-denial',
    );
  },

  'SELinux label': ({ seLinux }) =>
    seLinux === '' || /:(unconfined_t|spc_t):/.test(seLinux)
      ? undefined
      : warn(`containers run as ${seLinux}`, 'sudo setsebool -P virt_sandbox_use_netlink 1', 'criu-netlink'),

  /** The engine starts crac-init with its capabilities, for a user other than root as well: none have to be gained (seen with the daemon's own setting). */
  'new privileges': ({ noNewPrivileges }) => ok(noNewPrivileges ? 'containers may gain none; none are needed' : 'not forbidden'),

  disk: ({ disk }) => {
    const found = `${gigabytes(disk.freeBytes)} free where the engine stores`;
    if (disk.freeBytes >= WANTED_DISK_BYTES) return ok(found);
    const remedy = 'docker system prune, or "data-root" in /etc/docker/daemon.json on a larger disk.';
    return disk.freeBytes < WANTED_DISK_BYTES / 4 ? fail(found, remedy, 'criu-nospace') : warn(found, remedy, 'criu-nospace');
  },

  inodes: ({ disk }) => {
    if (disk.totalInodes === 0) return ok('not counted by this file system');
    const found = `${disk.freeInodes} free where the engine stores`;
    if (disk.freeInodes >= WANTED_INODES) return ok(found);
    return disk.freeInodes < WANTED_INODES / 4
      ? fail(found, 'docker system prune', 'criu-nospace')
      : warn(found, 'docker system prune', 'criu-nospace');
  },
};
