// A scenario as data: what is done to a bake, and what has to come of it. The tables of docs/reliability.md are made from them.

import { ERRORS, type ErrorCode, EXIT_CODES } from '../../../src/errors.ts';
import type { SmallEngine } from '../../docker/support/small-engine.ts';
import type { Fault } from './proxy.ts';

export interface Scenario {
  /** Number of the fault in docs/reliability.md. */
  readonly row: number;
  /** What happens, in the words of the table. */
  readonly title: string;
  /** Whether it is among those of every `npm test`. */
  readonly quick?: true;
  readonly code: ErrorCode;
  readonly exitCode: number;
  /** Id of the known failure that the report names. */
  readonly failure?: string;
  /** Words of message, details or remedy: what a user needs to know. */
  readonly tells?: RegExp;
  /** The run ends within this time, its clean-up included. */
  readonly withinS: number;
}

/** A test's title. Every `npm test` takes those that end in `(quick)`. */
export function titleOf({ row, title, quick }: Pick<Scenario, 'row' | 'title' | 'quick'>): string {
  return `${row}: ${title}${quick ? ' (quick)' : ''}`;
}

/** The outcome of a failure with this code. */
export function fails(code: ErrorCode, withinS = 20): Pick<Scenario, 'code' | 'exitCode' | 'withinS'> {
  return { code, exitCode: EXIT_CODES[ERRORS[code].outcome], withinS };
}

/** A scenario that a proxy before the engine brings about. */
export interface EngineScenario extends Scenario {
  readonly args?: readonly string[];
  readonly faults: (engine: SmallEngine) => readonly Fault[];
  /** Whether the engine never answers again: then `clean` has to do the rest, and a warning says so. */
  readonly staysAway?: true;
}

/** A fault that another test covers. */
export interface Covered {
  readonly row: number;
  readonly title: string;
  /** What comes of it, in a few words. */
  readonly outcome: string;
  /** The file, and words of the test's title that are found in it. */
  readonly file: string;
  readonly test: string;
}
