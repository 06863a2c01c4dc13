// The action's log of a whole bake over the fake engine.

import test from 'ava';
import { stepLog } from '../../action/log.ts';
import { outputsOf } from '../../action/outputs.ts';
import { renderSummary } from '../../action/summary.ts';
import { bakeOnce } from './bench.ts';

test('every step of a bake is one group or line, and holds its own commands', async (t) => {
  const { events, report } = await bakeOnce({ options: { context: '.' } });
  const groups = new Map<string, readonly string[]>();
  let now = 0;
  const emit = stepLog(
    { line: (text) => /^[✓✗]/.test(text) && groups.set(text, []), group: (title, lines) => groups.set(title, lines) },
    { now: () => now++, redact: (text) => text },
  );
  events.forEach(emit);
  const titles = [...groups.keys()].map((title) => title.replace(/^✓ (.*?), .*/, '$1'));
  t.deepEqual(titles.sort(), report.steps.map(({ title }) => title).sort());
  const linesOf = (start: string) => [...groups].find(([title]) => title.startsWith(`✓ ${start},`))?.[1].join('\n') ?? '';
  t.regex(linesOf('Get the app image'), /^\$ docker build .*--tag crac-bake-run\//m);
  t.notRegex(linesOf('Get the app image'), /network inspect|crac-bake\/helper/);
  t.regex(linesOf('Check the engine'), /^\$ docker image inspect crac-bake\/helper:/m);
  t.notRegex(linesOf('Check the engine'), /crac-bake-run\/\w+:app/);
  t.regex(linesOf('Prove the restore'), /^\$ docker run --detach/m);
  t.regex(linesOf('Tag the restore image'), /^\$ docker tag \S+ app:crac$/m);
});

test('outputs and summary of that bake', async (t) => {
  const { report } = await bakeOnce();
  t.like(outputsOf(report, '/r'), { outcome: 'baked', image: 'app:crac', engine: 'criu', 'checkpoint-bytes': '100000000' });
  t.notRegex(renderSummary(report), /undefined|NaN|null/);
});
