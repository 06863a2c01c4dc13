// Facts of a host on which everything is well.

import type { EngineFacts } from '../../../src/docker/engine-facts.ts';
import type { CriuFacts } from '../../../src/host/checks/criu.ts';
import type { HostFacts } from '../../../src/runtime/host-facts.ts';

export const ENGINE: EngineFacts = {
  id: 'engine',
  version: '28.0.0',
  architecture: 'amd64',
  kernel: '6.12.3-amd64',
  operatingSystem: 'Debian GNU/Linux 13 (trixie)',
  dataFolder: '/var/lib/docker',
  storageDriver: 'overlay2',
  securityOptions: ['name=apparmor', 'name=seccomp,profile=builtin', 'name=cgroupns'],
  cgroupVersion: '2',
  memoryBytes: 8e9,
};

export const HOST: HostFacts = {
  architecture: 'amd64',
  kernel: '6.12.3-amd64',
  cpu: { model: 'AMD EPYC', features: ['avx2'] },
  capabilities: { bounding: ['SETPCAP', 'SYS_PTRACE', 'SYS_ADMIN', 'SYS_TIME', 'CHECKPOINT_RESTORE'] },
  seccomp: 0,
  noNewPrivileges: false,
  memoryBytes: 8e9,
  clone3SetTid: true,
  timeNamespaces: true,
  nsLastPidWritable: false,
  ptraceScope: 1,
  userfaultfd: true,
  userNamespace: false,
  appArmor: 'docker-default (enforce)',
  seLinux: '',
  disk: { freeBytes: 50e9, freeInodes: 1_000_000, totalInodes: 2_000_000 },
};

export const CRIU: CriuFacts = { criu: '4.2.1', kernel: '6.18.0', cpu: { model: 'Intel Xeon', features: ['amx_tile', 'amx_int8'] } };
