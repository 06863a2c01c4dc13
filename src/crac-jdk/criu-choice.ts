// Whether the CRIU that an image brings can work on this kernel and processor, judged from its version.

/** What is known of an image's CRIU and of the host that it would run on. */
export interface ImageCriuFacts {
  /** What `criu --version` printed, or its version alone. */
  readonly version: string;
  /** `uname -r`. */
  readonly kernel: string;
  /** As docker and Go name it: `amd64`, `arm64`. */
  readonly architecture: string;
  /** Flags of /proc/cpuinfo. */
  readonly cpuFeatures: readonly string[];
  /** Version of the image's C library (`2.41`), where it is known and the glibc one. */
  readonly glibc?: string;
}

/**
 * CRIU's families: the fork of the CRaC project (Zulu, Liberica, Canonical 17), Canonical's later fork, and CRIU itself. They differ in what
 * they ask for at a restore.
 */
export type CriuFamily = 'crac-fork' | 'canonical-fork' | 'upstream';

export interface ImageCriuJudgement {
  readonly version: string;
  readonly family: CriuFamily;
  /** `doubtful`: what may break depends on what the process has mapped. */
  readonly verdict: 'works' | 'doubtful' | 'cannot';
  /** Why not, one sentence each; empty where it works. */
  readonly reasons: readonly string[];
  /** Whether it knows `--unprivileged` (CRIU 3.18). */
  readonly unprivileged: boolean;
  /** Whether stdout and stderr of the restoring process become those of the restored one by themselves; else the pipes have to be named. */
  readonly inheritsStdio: boolean;
}

type Version = readonly [major: number, minor: number];

interface Rule {
  readonly verdict: 'doubtful' | 'cannot';
  readonly applies: (facts: ParsedFacts) => boolean;
  readonly because: (facts: ParsedFacts) => string;
}

interface ParsedFacts {
  readonly text: string;
  readonly criu: Version;
  readonly family: CriuFamily;
  readonly kernel: Version;
  readonly kernelText: string;
  readonly amx: boolean;
  readonly arm: boolean;
  readonly glibc: Version | undefined;
}

/** Changes of kernel, processor and C library, and the CRIU that knows them. */
const RULES: readonly Rule[] = [
  {
    // Linux e93d2521b27f; checkpoint-restore/criu 8ee2eba47. CRaC/criu has it since February 2026 under the same version, which cannot be told.
    verdict: 'cannot',
    applies: ({ criu, kernel }) => least(kernel, [6, 13]) && !least(criu, [4, 1]),
    because: ({ text, kernelText }) =>
      `CRIU ${text} does not know the split vDSO pages that Linux has since 6.13 (this is ${kernelText}); 4.1 does`,
  },
  {
    verdict: 'cannot',
    applies: ({ criu, kernel, arm }) => arm && least(kernel, [6, 12]) && !least(criu, [4, 1]),
    because: ({ text, kernelText }) =>
      `CRIU ${text} cannot read the vDSO of Linux 6.12 and later on arm64 (this is ${kernelText}); 4.1 can`,
  },
  {
    // checkpoint-restore/criu 727d79650, criu#2835.
    verdict: 'cannot',
    applies: ({ criu, amx }) => amx && !least(criu, [3, 19]),
    because: ({ text }) => `CRIU ${text} has too little room for the registers of a processor with AMX; 3.19 has enough`,
  },
  {
    // checkpoint-restore/criu 089345f77, criu#2477; Canonical's fork asks the kernel instead from 5.13 on.
    verdict: 'cannot',
    applies: ({ criu, glibc, family, kernel }) =>
      glibc !== undefined && least(glibc, [2, 40]) && !least(criu, [4, 0]) && !(family === 'canonical-fork' && least(kernel, [5, 13])),
    because: ({ text, glibc }) =>
      `CRIU ${text} restores processes of glibc ${glibc?.join('.')} with a wrong size of their rseq area, and they crash; 4.0 knows it`,
  },
  {
    verdict: 'cannot',
    applies: ({ kernel, glibc }) => glibc !== undefined && least(glibc, [2, 35]) && !least(kernel, [5, 13]),
    because: ({ kernelText, glibc }) =>
      `glibc ${glibc?.join('.')} uses rseq, which no CRIU can keep on Linux ${kernelText}; 5.13 is needed`,
  },
  {
    verdict: 'doubtful',
    applies: ({ criu, kernel }) => least(kernel, [6, 11]) && !least(criu, [4, 2]),
    because: ({ text, kernelText }) =>
      `CRIU ${text} does not know all kinds of memory that Linux ${kernelText} has (MAP_DROPPABLE, guard pages); 4.2 does`,
  },
];

const UNKNOWN: Rule = { verdict: 'doubtful', applies: () => true, because: () => 'The CRIU of the image does not say its version' };

/** Whether the image's own CRIU can do the work here. */
export function judgeImageCriu(facts: ImageCriuFacts): ImageCriuJudgement {
  const text = /(\d+\.\d+(?:\.\d+)?(?:-\w+)?)/.exec(facts.version)?.[1] ?? '';
  const criu = numbers(text);
  const family = familyOf(text, criu);
  const parsed: ParsedFacts = {
    text,
    criu,
    family,
    kernel: numbers(facts.kernel),
    kernelText: /^\d+\.\d+/.exec(facts.kernel)?.[0] ?? facts.kernel,
    amx: facts.cpuFeatures.some((feature) => feature.startsWith('amx')),
    arm: /^(?:arm64|aarch64)$/.test(facts.architecture),
    glibc: facts.glibc === undefined ? undefined : numbers(facts.glibc),
  };
  const broken = (text === '' ? [UNKNOWN] : RULES).filter(({ applies }) => applies(parsed));
  const verdict = broken.some((rule) => rule.verdict === 'cannot') ? 'cannot' : broken.length > 0 ? 'doubtful' : 'works';
  return {
    version: text,
    family,
    verdict,
    reasons: broken.filter((rule) => verdict === 'doubtful' || rule.verdict === 'cannot').map(({ because }) => because(parsed)),
    unprivileged: least(criu, [3, 18]),
    inheritsStdio: family !== 'upstream',
  };
}

/** `3.17.1-crac` is the CRaC project's, `3.19-crac` Canonical's. */
function familyOf(text: string, criu: Version): CriuFamily {
  if (!text.endsWith('-crac')) return 'upstream';
  return least(criu, [3, 19]) ? 'canonical-fork' : 'crac-fork';
}

function numbers(text: string): Version {
  const [major = 0, minor = 0] = text.split('.').map((part) => Number.parseInt(part, 10) || 0);
  return [major, minor];
}

function least([major, minor]: Version, [wantedMajor, wantedMinor]: Version): boolean {
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
