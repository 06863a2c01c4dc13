// Faults that the other tests cover, and those that cannot come about.

import type { Covered } from './support/scenario.ts';

const BAD_INPUT = 'test/docker/bad-input.test.ts';
const INTERRUPT = 'test/docker/interrupt.test.ts';
const HOST_STATE = 'test/docker/host-state.test.ts';
const VARIANTS = 'test/docker/variants.test.ts';
const FAILURES = 'test/component/failures.test.ts';

export const COVERED: readonly Covered[] = [
  { row: 1, title: 'no engine answers', outcome: '`no-engine`, exit code 3', file: BAD_INPUT, test: 'no engine answers' },
  { row: 1, title: 'no docker command', outcome: '`no-engine`, exit code 3', file: BAD_INPUT, test: 'no docker command' },
  {
    row: 5,
    title: 'the app image does not build',
    outcome: '`build-failed`, exit code 10',
    file: BAD_INPUT,
    test: 'a Dockerfile that does not build',
  },
  {
    row: 6,
    title: 'the image has a stock JDK',
    outcome: 'it is baked',
    file: 'test/docker/spring.test.ts',
    test: 'a restored process is the one of the bake',
  },
  {
    row: 7,
    title: 'the image is for another architecture',
    outcome: '`wrong-architecture`, exit code 3',
    file: BAD_INPUT,
    test: 'an image of another architecture',
  },
  {
    row: 8,
    title: 'the image has another libc, or none',
    outcome: 'it is baked',
    file: VARIANTS,
    test: 'an image without shell and libraries',
  },
  {
    row: 9,
    title: 'the app ends at its start',
    outcome: '`app-exited`, exit code 11',
    file: BAD_INPUT,
    test: 'an app that ends at its start',
  },
  {
    row: 10,
    title: 'the app dies in the warm-up',
    outcome: '`app-exited-in-warm-up`, exit code 13',
    file: BAD_INPUT,
    test: 'an app that dies in the warm-up',
  },
  { row: 12, title: 'the app is never ready', outcome: '`not-ready`, exit code 12', file: BAD_INPUT, test: 'an app that is never ready' },
  {
    row: 13,
    title: 'the app is ready, and then not',
    outcome: 'successes count in a row only',
    file: 'test/unit/readiness/wait.test.ts',
    test: 'a failure begins the row of successes anew',
  },
  {
    row: 14,
    title: 'the warm-up command fails',
    outcome: '`warm-up-failed`, exit code 13',
    file: BAD_INPUT,
    test: 'a warm-up command that fails',
  },
  {
    row: 14,
    title: 'the warm-up takes too long',
    outcome: '`warm-up-timeout`, exit code 13',
    file: BAD_INPUT,
    test: 'a warm-up that takes too long',
  },
  {
    row: 14,
    title: 'the warm-up command goes on when the run is interrupted',
    outcome: 'it is ended',
    file: INTERRUPT,
    test: 'a warm-up command ends with the run',
  },
  {
    row: 15,
    title: 'the app’s port is taken on the host',
    outcome: 'it is baked',
    file: HOST_STATE,
    test: 'a port that is taken on the host',
  },
  { row: 18, title: 'a hook throws', outcome: '`hook-failed`, exit code 14', file: BAD_INPUT, test: 'a hook that throws' },
  { row: 19, title: 'a hook hangs', outcome: '`hook-timeout`, exit code 14', file: BAD_INPUT, test: 'a hook that hangs' },
  {
    row: 20,
    title: 'a container of the restore image lacks the capabilities',
    outcome: 'the app starts normally and says why',
    file: 'test/docker/tiny.test.ts',
    test: 'without the capabilities the app starts normally and says why',
  },
  {
    row: 21,
    title: 'the CPU has AMX, and CRIU is older than 3.19',
    outcome: '`crac-bake doctor` says no and names both, exit code 3',
    file: 'test/component/doctor.test.ts',
    test: 'a CPU with AMX and CRIU 3.17.1',
  },
  {
    row: 21,
    title: 'CRIU meets AMX all the same: its log',
    outcome: '`crac-bake explain` says `criu-fpu`',
    file: 'test/unit/diagnose/wordings.ts',
    test: 'criu-fpu',
  },
  {
    row: 22,
    title: 'the kernel is newer than CRIU knows',
    outcome: '`crac-bake doctor` says no and names both, exit code 3',
    file: 'test/component/doctor.test.ts',
    test: 'Linux 6.18 and CRIU 4.0',
  },
  { row: 23, title: 'the disk is full at the dump', outcome: '`no-space`, exit code 3', file: HOST_STATE, test: 'a disk that is full' },
  { row: 24, title: 'the disk is full at the commit', outcome: '`no-space`, exit code 3', file: HOST_STATE, test: 'a disk that is full' },
  {
    row: 28,
    title: 'a restore image whose files are not complete',
    outcome: 'the app starts normally and says why',
    file: 'runtime/init/restore_test.go',
    test: 'TestWhateverGoesWrongTheApplicationStartsNormally',
  },
  {
    row: 29,
    title: 'CRIU ends with 0 and has written nothing',
    outcome: '`checkpoint-incomplete`, exit code 14',
    file: 'runtime/init/criu_test.go',
    test: 'TestADumpSucceededOnlyWhenEverythingSaysSo',
  },
  { row: 30, title: 'the JRE has no jcmd', outcome: 'it is baked', file: VARIANTS, test: 'an image with a JRE without jcmd' },
  {
    row: 33,
    title: 'SIGINT in every step',
    outcome: '`interrupted`, exit code 130',
    file: INTERRUPT,
    test: 'SIGINT while the engine is checked',
  },
  {
    row: 33,
    title: 'SIGINT before and after every docker command',
    outcome: '`interrupted`, exit code 130',
    file: 'test/component/interruption.test.ts',
    test: 'leaves nothing when it is interrupted',
  },
  { row: 33, title: 'SIGTERM', outcome: '`interrupted`, exit code 143', file: INTERRUPT, test: 'SIGTERM ends with 143' },
  {
    row: 34,
    title: 'SIGKILL',
    outcome: '`crac-bake clean` removes what is left',
    file: INTERRUPT,
    test: 'clean removes what killed runs left',
  },
  {
    row: 3,
    title: 'the clean-up fails',
    outcome: 'a warning that says what to do',
    file: FAILURES,
    test: 'a clean-up that fails is a warning',
  },
];
