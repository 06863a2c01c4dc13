import test from 'ava';
import { damageIn } from '../vm/support/guest.ts';

const lines: readonly [what: string, line: string, damaged: boolean][] = [
  ['a panic', '[  199.685840] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000000', true],
  ['an oops', '[   12.345678] Oops: general protection fault, probably for non-canonical address 0xdead: 0000 [#1] PREEMPT SMP PTI', true],
  ['a bad access', '[   12.345678] BUG: unable to handle page fault for address: ffffffff81000000', true],
  ['a program that dies', '[  302.100000] traps: java[516] general protection fault ip:7fa6b4316ffb sp:7fa6ac2fc980 error:0', false],
  ['a host that is busy', '[  142.231334] watchdog: BUG: soft lockup - CPU#0 stuck for 21s! [kworker/u4:1:29]', false],
  ['a boot', '[    3.041182] AppArmor: AppArmor Filesystem Enabled', false],
];

for (const [what, line, damaged] of lines) {
  test(`${what} on a guest’s console ${damaged ? 'makes' : 'does not make'} its run void`, (t) => {
    t.is(damageIn(`before\n${line}\nafter`), damaged ? line : undefined);
  });
}
