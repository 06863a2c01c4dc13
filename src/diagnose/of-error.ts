// The known failure behind an error of a bake.

import { diagnoseText, type NamedFailure } from './diagnose.ts';
import type { Rank } from './failure.ts';

/** What of an error is looked at: its words and the lines that it shows. */
interface Told {
  readonly code: string;
  readonly message: string;
  readonly details: string;
  readonly log: readonly string[];
}

/** Failures that are none of a log: their message says all. */
const SAYS_ALL = new Set([
  'bug',
  'interrupted',
  'usage',
  'invalid-tag',
  'no-entrypoint',
  'already-baked',
  'no-probe',
  'old-engine',
  'wrong-architecture',
  'registry-unreachable',
  'dockerfile-missing',
  'hook-timeout',
  'trigger-timeout',
  'warm-up-timeout',
  'criu-timeout',
  'several-jvms',
]);

/** The app runs here, so its log may hold lines that did no harm: only what is sure counts. */
const APP_LIVES = new Set(['not-ready', 'warm-up-failed', 'restored-not-ready']);

/** Ranks that explain an error: signs and lines of good runs do not. */
const EXPLAINS = new Set<Rank>(['root', 'follow', 'doubtful', 'umbrella']);

/** The failure that an error's log names, or null. */
export function failureOf({ code, message, details, log }: Told): Pick<NamedFailure, 'id' | 'cause' | 'remedy' | 'link'> | null {
  if (SAYS_ALL.has(code)) return null;
  const { root } = diagnoseText([...log, details, message].join('\n'));
  if (root === undefined || !(APP_LIVES.has(code) ? root.rank === 'root' : EXPLAINS.has(root.rank))) return null;
  const { id, cause, remedy, link } = root;
  return { id, cause, remedy, link };
}
