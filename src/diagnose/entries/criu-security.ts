// Security modules that stand in CRIU's way, at dump and restore.

import type { Failure } from '../failure.ts';

const UNCONFINED = {
  docker: '--security-opt apparmor=unconfined (SELinux: --security-opt label=disable)',
  kubernetes: 'appArmorProfile: { type: Unconfined }',
} as const;

export const CRIU_SECURITY: readonly Failure[] = [
  {
    id: 'criu-apparmor-scan',
    stage: 'dump',
    match: [/err scanfing/i],
    cause: 'CRIU could not read the app’s AppArmor profile.',
    remedy: 'Bake without AppArmor confinement, or use a newer CRIU.',
    on: UNCONFINED,
    source: 'checkpoint-restore/criu#2033',
  },
  {
    id: 'criu-transport',
    stage: 'dump',
    match: [/Unable to connect a transport socket: Permission denied/i],
    cause: 'AppArmor or SELinux does not let CRIU talk to the process that it dumps.',
    remedy: 'Bake without confinement.',
    on: UNCONFINED,
    source: 'checkpoint-restore/criu#552',
  },
  {
    id: 'criu-lsm-mismatch',
    stage: 'restore',
    match: [/mismatched lsm types and lsm profile specified/i, /(?:lsm|LSM) type .{0,40}(?:doesn't match|mismatch|not match)/i],
    cause: 'The process was dumped under another security module (AppArmor, SELinux, none) than this host has.',
    remedy: 'Bake without confinement: then it restores on both kinds of hosts.',
    on: UNCONFINED,
    source: 'checkpoint-restore/criu#323, #1267',
  },
  {
    id: 'criu-lsm-write',
    stage: 'restore',
    match: [/can't write lsm profile (?<errno>-?\d+)/i],
    cause: 'The restored process may not take on the security profile that it had at the dump.',
    remedy: 'Bake and restore without confinement, or both under the same profile.',
    on: UNCONFINED,
    source: 'CRIU criu/pie/restorer.c',
  },
  {
    id: 'selinux-denial',
    stage: 'host',
    match: [/avc: {1,2}denied {1,2}\{ (?<what>[^}]{1,60})\}/i],
    cause: 'SELinux refused something ({what}); what follows is its consequence.',
    remedy: 'Bake without SELinux confinement, or allow it by a policy module (audit2allow).',
    on: { docker: '--security-opt label=disable', kubernetes: 'seLinuxOptions: { type: spc_t }' },
    source: 'Linux audit log',
  },
  {
    id: 'apparmor-denial',
    stage: 'host',
    match: [/apparmor="DENIED" operation="(?<what>[^"]{1,40})"/i],
    cause: 'AppArmor refused an operation ({what}); what follows is its consequence.',
    remedy: 'Bake without AppArmor confinement.',
    on: UNCONFINED,
    source: 'Linux audit log',
  },
];
