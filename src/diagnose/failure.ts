// The catalogue of known failures: what an entry holds.

/** Where in the life of a checkpoint a failure is met. */
export const STAGES = {
  host: 'The host and the engine',
  build: 'Building the image',
  start: 'Starting the app',
  hooks: 'Checkpoint: the JVM and its hooks',
  dump: 'Checkpoint: CRIU',
  restore: 'Restore',
  tools: 'Other tools',
} as const;

export type Stage = keyof typeof STAGES;

/**
 * How much a match says, best first.
 * - `root`: this is why.
 * - `follow`: the reason came just before and may be missing from the log.
 * - `doubtful`: apps survive such lines; the reason only where nothing better is found.
 * - `umbrella`: says that it failed, not why.
 * - `hint`: an early sign, or what may fail later.
 * - `fine`: this is what a good run prints too.
 */
export const RANKS = ['root', 'follow', 'doubtful', 'umbrella', 'hint', 'fine'] as const;

export type Rank = (typeof RANKS)[number];

/** What one match needs. `line` names values by its groups; `also` and `unless` may be anywhere in the log. */
export interface Match {
  readonly line: RegExp;
  readonly also?: RegExp;
  readonly unless?: RegExp;
  /** An exit status that the log must name too. */
  readonly exit?: number;
}

/**
 * One known failure. Texts are templates: `{path}` is a value that `line` has found, `{path|the file}` has a word for where it found none;
 * `{criu}` and `{kernel}` are the versions that the log names.
 * An id that begins with another's (`criu-missing-file-perfdata`) is a more specific case of it, and wins where both match.
 */
export interface Failure {
  /** Never changes: messages, reports and links carry it. */
  readonly id: string;
  readonly stage: Stage;
  /** `root` where absent. */
  readonly rank?: Rank;
  readonly match: readonly (RegExp | Match)[];
  readonly cause: string;
  readonly remedy: string;
  /** What to do where crac-bake, or another tool, runs there. */
  readonly on?: { readonly github?: string; readonly docker?: string; readonly kubernetes?: string };
  /** Where it was seen or read. */
  readonly source: string;
  /** Ids of failures that this one brings about, wherever they stand in the log. */
  readonly explains?: readonly string[];
  /** How a process ended: the reason only where CRIU names no other. */
  readonly yields?: true;
  /** CRIU says it as a warning; warnings of CRIU count only as hints otherwise. */
  readonly warning?: true;
  /** Gives way to any other entry that matches the same line. */
  readonly general?: true;
}

/** Words that several entries share. */
export const PRIVILEGES = {
  docker:
    'npx crac-bake seccomp > crac-bake-seccomp.json; docker run --cap-add CHECKPOINT_RESTORE --cap-add SETPCAP --security-opt seccomp=crac-bake-seccomp.json IMAGE',
  kubernetes:
    'securityContext: { capabilities: { drop: [ALL], add: [CHECKPOINT_RESTORE, SETPCAP] }, seccompProfile: { type: Localhost, localhostProfile: crac-bake-seccomp.json } } for the container (crac-bake inspect IMAGE --deploy).',
} as const;
