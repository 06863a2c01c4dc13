// The run is interrupted, once or twice, while its engine works or does not.

import type { Fault } from './support/proxy.ts';

/** Seconds from the signal to the end of the run. */
export const AFTER_ONE_SIGNAL_S = 7;
export const AFTER_TWO_SIGNALS_S = 2;

export interface Interruption {
  readonly row: number;
  readonly title: string;
  readonly quick?: true;
  /** The line of the progress at which the signals are sent. */
  readonly at: RegExp;
  readonly signals: readonly NodeJS.Signals[];
  readonly args?: readonly string[];
  readonly faults?: readonly Fault[];
  /** Whether something may be left, because no engine took the clean-up. */
  readonly leaves?: true;
}

const TWICE = ['SIGINT', 'SIGTERM'] as const;

/** With --verbose. */
const CREATING = /^\$ docker create --name crac-bake-\w+-bake /;
const COMMITTING = /^\$ docker commit .* crac-bake-\w+-bake /;

const CREATE_APP = /^POST \/containers\/create\?name=crac-bake-\w+-bake$/;
const COMMIT = /^POST \/commit\?.*container=crac-bake-\w+-bake&/;

export const INTERRUPTIONS: readonly Interruption[] = [
  { row: 33, title: 'two signals as the app starts', at: /^Start the app …/, signals: TWICE, quick: true },
  { row: 33, title: 'two signals while it becomes ready', at: /^Wait until it is ready …/, signals: TWICE, args: ['--ready', 'log:never'] },
  { row: 33, title: 'two signals in the warm-up', at: /^Warm it up …/, signals: TWICE, args: ['--warmup-command', 'sleep 86397'] },
  { row: 33, title: 'two signals as the process is dumped', at: /^Look for open connections …/, signals: TWICE },
  { row: 33, title: 'two signals as the proof starts', at: /^Prove the restore …/, signals: TWICE },
  {
    row: 33,
    title: 'one signal while a commit takes a minute',
    at: COMMITTING,
    signals: ['SIGINT'],
    faults: [{ at: COMMIT, effect: { delayMs: 60_000 }, lasts: 'once' }],
  },
  {
    row: 33,
    title: 'two signals while a commit takes a minute',
    at: COMMITTING,
    signals: TWICE,
    faults: [{ at: COMMIT, effect: { delayMs: 60_000 }, lasts: 'once' }],
  },
  {
    row: 33,
    title: 'one signal while the engine does not answer',
    at: CREATING,
    signals: ['SIGINT'],
    faults: [{ at: CREATE_APP, effect: 'hang', lasts: 'from-then-on' }],
    leaves: true,
  },
  {
    row: 33,
    title: 'two signals while the engine does not answer',
    at: CREATING,
    signals: TWICE,
    faults: [{ at: CREATE_APP, effect: 'hang', lasts: 'from-then-on' }],
    leaves: true,
  },
];
