// The shipped profile, and what Kubernetes' runtimes get of it.

import { readFileSync } from 'node:fs';
import test from 'ava';
import { type DockerProfile, ociProfile } from '../../../src/engines/seccomp.ts';

const PROFILE = JSON.parse(readFileSync(new URL('../../../seccomp/crac-bake.json', import.meta.url), 'utf8')) as DockerProfile;

const RESTORE = ['CHECKPOINT_RESTORE', 'SETPCAP'];

/** The rules for a system call, without their names. */
const rulesFor = (name: string, capabilities: readonly string[]) =>
  ociProfile(PROFILE, capabilities)
    .syscalls.filter(({ names }) => names.includes(name))
    .map(({ names: _, ...rule }) => rule);

const OF_SIZE = (op: string) => [{ index: 1, value: 80, op }];

test('clone3 with a choice of PIDs passes, any other is told that there is none', (t) => {
  t.deepEqual(rulesFor('clone3', RESTORE), [
    { action: 'SCMP_ACT_ALLOW', args: OF_SIZE('SCMP_CMP_EQ') },
    { action: 'SCMP_ACT_ERRNO', errnoRet: 38, args: OF_SIZE('SCMP_CMP_NE') },
  ]);
});

test('without CHECKPOINT_RESTORE clone3 is as in the engine’s default', (t) => {
  t.deepEqual(rulesFor('clone3', ['SETPCAP']), [{ action: 'SCMP_ACT_ERRNO', errnoRet: 38 }]);
});

for (const name of [
  'mount',
  'bpf',
  'setns',
  'unshare',
  'kcmp',
  'pidfd_getfd',
  'fsopen',
  'userfaultfd',
  'io_uring_setup',
  'keyctl',
  'chroot',
]) {
  test(`a restore may not call ${name}`, (t) => {
    t.deepEqual(rulesFor(name, RESTORE), []);
  });
}

test('a capability of the app’s brings its system calls', (t) => {
  t.deepEqual(rulesFor('chroot', [...RESTORE, 'SYS_CHROOT']), [{ action: 'SCMP_ACT_ALLOW' }]);
});

test('new namespaces by clone are refused, as in the engine’s default', (t) => {
  t.deepEqual(rulesFor('clone', RESTORE), [
    { action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 2114060288, op: 'SCMP_CMP_MASKED_EQ' }] },
  ]);
});

test('the form for Kubernetes has no conditions, which containerd would not see, and both architectures', (t) => {
  const { defaultAction, defaultErrnoRet, architectures, syscalls } = ociProfile(PROFILE, RESTORE);
  t.like({ defaultAction, defaultErrnoRet }, { defaultAction: 'SCMP_ACT_ERRNO', defaultErrnoRet: 1 });
  t.true(architectures.includes('SCMP_ARCH_X86_64') && architectures.includes('SCMP_ARCH_AARCH64'));
  t.true(syscalls.every((rule) => !('includes' in rule) && !('excludes' in rule)));
});
