// What may fall back: the app starts normally, after one line that says why. The rows are the tests of test/docker/promises.test.ts and the table of docs/promises.md.

import { LEAST } from '../docker/support/engine.ts';
import type { Subject } from './subject.ts';

interface FallsBack {
  readonly title: string;
  /** The failure's id in crac-init's line, and its cause. */
  readonly id: string;
  readonly cause: RegExp;
  /** Whether the gate says no, before criu is started. */
  readonly gate: boolean;
  /** Flags of docker run beside, or in place of, the privileges that are printed. */
  readonly flags?: (subject: Subject) => readonly string[];
  /** In place of the image's entrypoint and command. */
  readonly command?: readonly string[];
  /** Instructions of a Dockerfile, as root, that make the image another one. */
  readonly change?: readonly string[];
  /** It joins the PID namespace of a restore that runs. */
  readonly besideAnother?: true;
}

const CHECKPOINT = '/opt/crac-bake/checkpoint';

/** The printed flags without the seccomp profile. */
const WITHOUT_PROFILE = LEAST.slice(0, LEAST.indexOf('--security-opt'));

const beside =
  (...flags: string[]) =>
  () => [...LEAST, ...flags];

export const FALLBACKS: readonly FallsBack[] = [
  {
    title: 'arbitrary uid (`--user 4242:0`, OpenShift)',
    id: 'capabilities',
    cause: /^missing SETGID, SETUID; the container has uid 4242 instead of 1000/,
    gate: true,
    flags: beside('--user', '4242:0'),
  },
  {
    title:
      '`no-new-privileges` (Kubernetes: `allowPrivilegeEscalation: false`) and a user of the image’s own, below another program: that one has lost the capabilities',
    id: 'no-new-privileges',
    cause: /CHECKPOINT_RESTORE/,
    gate: true,
    // The engine gives them to the first program; one without file capabilities, executed by a user other than root, loses them.
    flags: beside('--security-opt', 'no-new-privileges', '--entrypoint', 'env'),
    command: ['/opt/crac-bake/crac-init', 'restore'],
  },
  {
    title: 'the engine’s default seccomp profile',
    id: 'seccomp',
    cause: /^a process cannot be made with a given PID: clone3 is blocked/,
    gate: true,
    flags: () => WITHOUT_PROFILE,
  },
  {
    title: 'no capabilities (`--cap-drop ALL` alone)',
    id: 'capabilities',
    cause: /^missing SETPCAP, CHECKPOINT_RESTORE/,
    gate: true,
    flags: () => ['--cap-drop', 'ALL'],
  },
  {
    title: 'a CPU without a feature that the checkpoint may use',
    id: 'cpu',
    cause: /^this CPU lacks avx99, which the checkpoint may use \(baked on the CPU of tomorrow\)/,
    gate: true,
    change: [`RUN sed -i '$ s/}$/,"cpu":{"model":"the CPU of tomorrow","features":["avx99"]}}/' /opt/crac-bake/manifest.json`],
  },
  { title: 'a PID of the checkpoint is taken', id: 'pids', cause: /^PID \d+ of the checkpoint is taken/, gate: true, besideAnother: true },
  {
    title: 'a limit of processes below what it had (`--pids-limit`)',
    id: 'pids',
    cause: /^the container may have \d+ more processes and threads, the checkpoint needs \d+/,
    gate: true,
    flags: beside('--pids-limit', '25'),
  },
  {
    title: 'a file that the process has mapped was changed',
    id: 'criu-restore',
    cause: /app\.jar/,
    gate: false,
    change: ['RUN jar --update --file /app/app.jar -C /etc hostname'],
  },
  {
    title: 'the page file is truncated',
    id: 'files',
    cause: /^pages-1\.img of the checkpoint has 4096 bytes instead of \d+/,
    gate: true,
    change: [`RUN truncate --size 4096 ${CHECKPOINT}/pages-1.img`],
  },
  {
    title: 'the page file is missing',
    id: 'files',
    cause: /^pages-1\.img of the checkpoint cannot be read/,
    gate: true,
    change: [`RUN rm ${CHECKPOINT}/pages-1.img`],
  },
  { title: 'criu was removed', id: 'criu-restore', cause: /^cannot start criu/, gate: false, change: ['RUN rm -r /opt/crac-bake/criu'] },
  {
    title: 'a memory limit below what it held at the dump',
    id: 'memory',
    cause: /^the memory limit is \d+ MB, the checkpoint has \d+ MB in memory/,
    gate: true,
    flags: ({ residentBytes }) => [...LEAST, '--memory', String(residentBytes - 4_000_000)],
  },
];
