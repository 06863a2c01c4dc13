import test from 'ava';
import { type ImageCriuFacts, type ImageCriuJudgement, judgeImageCriu } from '../../../src/crac-jdk/criu-choice.ts';

const OLD_HOST: ImageCriuFacts = { version: '', kernel: '6.8.0-1017-azure', architecture: 'amd64', cpuFeatures: ['avx2'] };
const NEW_HOST: ImageCriuFacts = { ...OLD_HOST, kernel: '6.18.44' };
const AMX = { cpuFeatures: ['avx2', 'amx_tile'] };
const FORK = 'Version: 3.17.1-crac\nGitID: release-1.4';

const cases: readonly [title: string, facts: ImageCriuFacts, verdict: ImageCriuJudgement['verdict'], reasons: readonly RegExp[]][] = [
  ['the fork on 6.8', { ...OLD_HOST, version: FORK }, 'works', []],
  ['the fork on 6.18', { ...NEW_HOST, version: FORK }, 'cannot', [/split vDSO pages.*6\.18/]],
  ['the fork on 6.13, the first with the change', { ...OLD_HOST, kernel: '6.13.0', version: FORK }, 'cannot', [/6\.13/]],
  ['the fork on 6.12', { ...OLD_HOST, kernel: '6.12.9', version: FORK }, 'doubtful', [/MAP_DROPPABLE/]],
  ['the fork and AMX', { ...OLD_HOST, ...AMX, version: FORK }, 'cannot', [/AMX/]],
  ['the fork, AMX and 6.18: both are said', { ...NEW_HOST, ...AMX, version: FORK }, 'cannot', [/split vDSO/, /AMX/]],
  ['Canonical’s fork and AMX', { ...OLD_HOST, ...AMX, version: 'Version: 3.19-crac' }, 'works', []],
  ['Canonical’s fork on 6.18', { ...NEW_HOST, version: '3.19-crac' }, 'cannot', [/split vDSO/]],
  ['the fork and glibc 2.41', { ...OLD_HOST, version: FORK, glibc: '2.41' }, 'cannot', [/rseq/]],
  ['Canonical’s fork and glibc 2.41', { ...OLD_HOST, version: '3.19-crac', glibc: '2.41' }, 'works', []],
  ['the fork and glibc 2.36', { ...OLD_HOST, version: FORK, glibc: '2.36' }, 'works', []],
  [
    'any on a kernel without rseq’s address',
    { ...OLD_HOST, kernel: '5.10.0', version: '4.2', glibc: '2.36' },
    'cannot',
    [/5\.13 is needed/],
  ],
  ['4.1.1 on 6.18, as it was recorded', { ...NEW_HOST, version: '4.1.1' }, 'doubtful', [/4\.2 does/]],
  ['4.2 on 6.18 with AMX', { ...NEW_HOST, ...AMX, version: 'Version: 4.2', glibc: '2.41' }, 'works', []],
  ['4.0 on arm64 and 6.12', { ...OLD_HOST, kernel: '6.12.1', architecture: 'arm64', version: '4.0' }, 'cannot', [/arm64/]],
  ['4.0 on amd64 and 6.12', { ...OLD_HOST, kernel: '6.12.1', version: '4.0' }, 'doubtful', [/6\.12/]],
  ['one that says nothing', { ...NEW_HOST, version: 'Illegal instruction' }, 'doubtful', [/does not say its version/]],
];

for (const [title, facts, verdict, reasons] of cases) {
  test(`the CRIU of an image here: ${title}`, (t) => {
    const judged = judgeImageCriu(facts);
    t.is(judged.verdict, verdict);
    t.is(judged.reasons.length, reasons.length, judged.reasons.join('\n'));
    for (const [at, reason] of reasons.entries()) t.regex(judged.reasons[at] ?? '', reason);
  });
}

for (const [version, family, unprivileged, inheritsStdio] of [
  ['3.17.1-crac', 'crac-fork', false, true],
  ['3.19-crac', 'canonical-fork', true, true],
  ['4.2.1', 'upstream', true, false],
  ['3.17.1', 'upstream', false, false],
] as const) {
  test(`what CRIU ${version} can do`, (t) => {
    const judged = judgeImageCriu({ ...OLD_HOST, version });
    t.deepEqual([judged.version, judged.family, judged.unprivileged, judged.inheritsStdio], [version, family, unprivileged, inheritsStdio]);
  });
}
