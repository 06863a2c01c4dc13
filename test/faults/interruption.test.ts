// Signals: whatever the engine does, the run ends in time, and a second signal makes it hurry.

import test from 'ava';
import { bake, crac } from '../docker/support/cli.ts';
import { AFTER_ONE_SIGNAL_S, AFTER_TWO_SIGNALS_S, INTERRUPTIONS } from './interruption.scenarios.ts';
import { isReadable } from './support/assert.ts';
import { type Bench, checkHost, startBench, stateOf, throughProxy } from './support/bench.ts';
import { titleOf } from './support/scenario.ts';

const TINY = ['--image', 'crac-bake-test/tiny:app', '--ready', 'log:^listening', '--warmup-count', '0', '--verbose', '--tag', 'fault:tag'];

let bench: Bench;

test.before(async () => {
  bench = await startBench(['crac-bake-test/tiny:app']);
  await checkHost(bench);
});

test.after.always(() => bench?.stop());

for (const { at, signals, args = [], faults = [], leaves, ...scenario } of INTERRUPTIONS) {
  test(titleOf(scenario), async (t) => {
    const before = await stateOf(bench);
    let sentAt = 0;
    const onLine = (line: string) => {
      if (sentAt > 0 || !at.test(line)) return undefined;
      sentAt = performance.now();
      return signals;
    };
    const limitS = signals.length > 1 ? AFTER_TWO_SIGNALS_S : AFTER_ONE_SIGNAL_S;
    const { exitCode, report, stderr, tookS } = await throughProxy(bench, faults, async (sick) => {
      const run = await bake([...TINY, ...args], { env: sick.env, onLine, betweenSignalsMs: 100 });
      return { ...run, tookS: (performance.now() - sentAt) / 1000 };
    });
    t.log(`${tookS.toFixed(1)} s after the signal: ${report.error?.message}`);
    t.true(sentAt > 0 && tookS < limitS, `it took ${tookS} s\n${stderr}`);
    t.like(
      { exitCode, outcome: report.outcome, tags: report.tags, code: report.error?.code },
      { exitCode: 130, outcome: 'interrupted', tags: [], code: 'interrupted' },
    );
    isReadable(t, report, stderr);
    if (leaves) {
      t.regex(`${report.error?.message}`, /run crac-bake clean$/);
      t.is((await crac(['clean'], { env: bench.env })).exitCode, 0);
    } else {
      t.deepEqual([...report.warnings], []);
    }
    t.deepEqual(await stateOf(bench), before);
  });
}
