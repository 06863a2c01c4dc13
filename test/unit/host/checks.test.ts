import test from 'ava';
import { CATALOGUE } from '../../../src/diagnose/catalogue.ts';
import { BakeError } from '../../../src/errors.ts';
import { CALLER_CHECKS, type CallerFacts } from '../../../src/host/checks/caller.ts';
import { CONTAINER_CHECKS } from '../../../src/host/checks/container.ts';
import { CRIU_CHECKS } from '../../../src/host/checks/criu.ts';
import { ENGINE_CHECKS } from '../../../src/host/checks/engine.ts';
import { checkEngine } from '../../../src/host/engine-check.ts';
import { type Checks, judgeAll } from '../../../src/host/judgement.ts';
import { CRIU, ENGINE, HOST } from './facts.ts';

const IDS = new Set(CATALOGUE.map(({ id }) => id));

const WELL: CallerFacts = { platform: 'linux', dockerHost: undefined };

/** Changed facts, and the one check that they change, to what, in which words. */
type Case<F> = readonly [what: string, change: Partial<F>, verdict: 'ok' | 'warn' | 'fail', found: RegExp];

function cases<F>(title: string, checks: Checks<F>, well: F, table: readonly Case<F>[], neverFails: readonly string[] = []): void {
  test(`${title}: all is well on a usual host`, (t) => {
    t.deepEqual(
      judgeAll(checks, well).filter(({ verdict, remedy }) => verdict !== 'ok' || remedy !== ''),
      [],
    );
  });

  for (const [what, change, verdict, found] of table) {
    test(`${title}, ${what}: ${verdict} for ${JSON.stringify(change)}`, (t) => {
      const judgements = judgeAll(checks, { ...well, ...change });
      const judgement = judgements.find((each) => each.what === what);
      t.is(judgement?.verdict, verdict);
      t.regex(judgement?.found ?? '', found);
      t.is(judgement?.remedy === '', verdict === 'ok');
      if (verdict === 'fail') t.true(IDS.has(judgement?.failure ?? ''), judgement?.failure);
      if (verdict === 'ok') t.is(judgement?.failure, undefined);
      t.deepEqual(
        judgements.filter((each) => each.verdict !== 'ok' && each.what !== what),
        [],
      );
    });
  }

  test(`${title}: each check was made to say no once`, (t) => {
    const doubted = new Set(table.filter(([, , verdict]) => verdict !== 'ok').map(([what]) => what));
    t.deepEqual(
      Object.keys(checks).filter((what) => !doubted.has(what) && !neverFails.includes(what)),
      [],
    );
  });
}

const option = (name: string) => ({ securityOptions: [...ENGINE.securityOptions, `name=${name}`] });

cases(
  'the engine',
  ENGINE_CHECKS,
  ENGINE,
  [
    ['place', { operatingSystem: 'Docker Desktop' }, 'warn', /^Docker Desktop: its Linux VM \(kernel 6\.12\.3-amd64\) decides/],
    ['place', { kernel: '6.12.5-linuxkit' }, 'warn', /^Docker Desktop/],
    ['place', { kernel: '6.6.87.2-microsoft-standard-WSL2' }, 'warn', /^WSL: Microsoft’s kernel 6\.6\.87\.2/],
    ['architecture', { architecture: 's390x' }, 'fail', /^linux\/s390x$/],
    ['rootless', option('rootless'), 'warn', /not tried: mapped files are dumped by their names/],
    ['userns-remap', option('userns'), 'ok', /^on: mapped files/],
    ['kernel', { kernel: '6.1.0' }, 'ok', /^Linux 6\.1\.0$/],
    ['kernel', { kernel: '7.0' }, 'ok', /^Linux 7\.0$/],
    ['kernel', { kernel: '6.0.19' }, 'warn', /no clock of its own/],
    ['kernel', { kernel: '5.15.0-1053-azure' }, 'warn', /no clock of its own/],
    ['kernel', { kernel: '5.10.0' }, 'warn', /glibc 2\.35 or later cannot be dumped/],
    ['kernel', { kernel: '5.8.18' }, 'fail', /^Linux 5\.8\.18$/],
    ['kernel', { kernel: '4.18.0-553.el8' }, 'fail', /^Linux 4\.18/],
    ['mapped files', { ...option('userns'), kernel: '6.5.0' }, 'warn', /under the names of overlayfs’ layers/],
    ['cgroups', { cgroupVersion: '1' }, 'ok', /^version 1/],
    ['cgroups', { cgroupVersion: '' }, 'warn', /does not tell/],
    ['seccomp profile', { securityOptions: [] }, 'ok', /^none/],
    ['seccomp profile', { securityOptions: ['name=seccomp,profile=/etc/own.json'] }, 'ok', /^\/etc\/own\.json/],
    ['SELinux', option('selinux'), 'warn', /container_t/],
    ['memory', { memoryBytes: 0.9e9 }, 'warn', /^0\.9 GB$/],
    ['memory', { memoryBytes: 0.2e9 }, 'fail', /^0\.2 GB$/],
    ['memory', { memoryBytes: 0 }, 'warn', /does not tell/],
  ],
  // Its version is refused where it is asked; its profile is switched off; a bake under userns-remap was seen to work.
  ['engine', 'userns-remap', 'seccomp profile'],
);

cases(
  'the host',
  CONTAINER_CHECKS,
  HOST,
  [
    ['user namespace', { userNamespace: true }, 'ok', /another user on the host/],
    ['capabilities', { capabilities: { bounding: ['SETPCAP'] } }, 'fail', /CHECKPOINT_RESTORE, SYS_PTRACE, SYS_ADMIN, SYS_TIME$/],
    ['seccomp', { seccomp: 2 }, 'fail', /a filter is on/],
    ['chosen PIDs', { nsLastPidWritable: true }, 'ok', /clone3, and by ns_last_pid/],
    ['chosen PIDs', { clone3SetTid: false, nsLastPidWritable: true }, 'warn', /by ns_last_pid only/],
    ['chosen PIDs', { clone3SetTid: false }, 'fail', /neither/],
    ['ptrace scope', { ptraceScope: -1 }, 'ok', /no Yama/],
    ['ptrace scope', { ptraceScope: 2 }, 'ok', /^2/],
    ['ptrace scope', { ptraceScope: 3 }, 'fail', /nothing may be traced/],
    ['time namespaces', { timeNamespaces: false }, 'warn', /no clock of its own/],
    ['userfaultfd', { userfaultfd: false }, 'ok', /not needed/],
    ['AppArmor', { appArmor: '' }, 'ok', /off/],
    ['AppArmor', { appArmor: 'strict-profile (enforce)' }, 'warn', /strict-profile/],
    ['SELinux label', { seLinux: 'system_u:system_r:container_t:s0:c1,c2' }, 'warn', /container_t/],
    ['new privileges', { noNewPrivileges: true }, 'ok', /none are needed/],
    ['disk', { disk: { ...HOST.disk, freeBytes: 1.9e9 } }, 'warn', /^1\.9 GB free/],
    ['disk', { disk: { ...HOST.disk, freeBytes: 0.4e9 } }, 'fail', /^0\.4 GB free/],
    ['inodes', { disk: { ...HOST.disk, freeInodes: 10_000 } }, 'warn', /^10000 free/],
    ['inodes', { disk: { ...HOST.disk, freeInodes: 10 } }, 'fail', /^10 free/],
    ['inodes', { disk: { ...HOST.disk, freeInodes: 0, totalInodes: 0 } }, 'ok', /not counted/],
  ],
  // Either answer is right.
  ['user namespace', 'userfaultfd', 'new privileges'],
);

cases(
  'CRIU',
  CRIU_CHECKS,
  CRIU,
  [
    ['CRIU and kernel', { criu: '4.0' }, 'fail', /too old for Linux 6\.18\.0: since 6\.13 .*vvar_vclock/],
    ['CRIU and kernel', { criu: '4.0', kernel: '6.12.0' }, 'fail', /since 6\.11 .*MAP_DROPPABLE/],
    ['CRIU and kernel', { criu: '4.1', kernel: '6.1.0' }, 'fail', /4\.2 or later is needed/],
    ['CPU', { cpu: { model: '', features: [] } }, 'ok', /^unnamed$/],
  ],
  // Made to say no below: such a CRIU is too old for the kernel, too.
  ['CPU'],
);

test('CRIU before 3.19 cannot keep the state of AMX', (t) => {
  const cpu = (criu: string, features = CRIU.cpu.features) =>
    judgeAll(CRIU_CHECKS, { ...CRIU, criu, cpu: { ...CRIU.cpu, features } }).find(({ what }) => what === 'CPU');
  t.like(cpu('3.17.1'), { verdict: 'fail', found: 'Intel Xeon has AMX, whose state CRIU 3.17.1 cannot keep' });
  t.like(cpu('3.17.1', ['avx2']), { verdict: 'ok' });
  t.like(cpu('4.2.1'), { verdict: 'ok', found: 'Intel Xeon, with AMX' });
});

cases(
  'the caller',
  CALLER_CHECKS,
  WELL,
  [
    ['this machine', { platform: 'darwin' }, 'warn', /^macOS: the Linux VM .* decides/],
    ['this machine', { platform: 'win32' }, 'warn', /^Windows: the Linux VM .* decides/],
    ['engine’s address', { dockerHost: 'tcp://build:2376' }, 'ok', /tcp:\/\/build:2376/],
  ],
  ['engine’s address'],
);

test('a bake refuses an engine that cannot, with every reason and remedy', (t) => {
  const engine = { ...ENGINE, kernel: '5.4.0', memoryBytes: 1e8 };
  const error = t.throws(() => checkEngine(engine, () => {}), { instanceOf: BakeError });
  t.like(error, { code: 'host-unfit', exitCode: 3, message: 'This engine cannot bake: kernel, memory' });
  t.regex(error.details, /^kernel: Linux 5\.4\.0\nmemory: 0\.1 GB$/);
  t.regex(error.remedy, /Linux 5\.9 or later.*at least 1 GB/);
});

test('a bake warns of what was not tried, and not of what its report tells later', (t) => {
  const warnings: string[] = [];
  checkEngine({ ...ENGINE, operatingSystem: 'Docker Desktop', kernel: '5.15.0', cgroupVersion: '' }, (message) => warnings.push(message));
  t.is(warnings.length, 1);
  t.regex(warnings[0] ?? '', /^place: Docker Desktop/);
});
