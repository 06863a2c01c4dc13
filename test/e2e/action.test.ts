// The action in workflows, on a real engine: `uses: ./`.

import { readdir, readFile } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import type { BakeReport } from '../../src/report/report.ts';
import { docker } from '../docker/support/engine.ts';
import { type ActRun, runWorkflow } from './act.ts';

const MADE = ['crac-bake-e2e/tiny:crac', 'crac-bake-e2e/tiny:latest', 'crac-bake-e2e/built:crac'];

test.after.always(async () => {
  await docker('rmi', '--force', ...MADE);
});

/** Nothing of a run is on the engine. */
async function leftNothing(t: ExecutionContext, run: string): Promise<void> {
  t.is(await docker('ps', '--all', '--quiet', '--filter', `label=io.github.crac-bake.run=${run}`), '');
  t.is(await docker('images', '--quiet', `crac-bake-run/${run.slice(0, 8)}`), '');
}

const failedWith = (run: ActRun) => run.text.split('\n').slice(-40).join('\n');

test.serial('an image and a build context are baked; outputs, summary, groups and the post step are as they should', async (t) => {
  const files = {
    'app/Dockerfile': 'ARG BASE\nFROM $BASE\nENV MADE_BY=test\n',
    'app/crac-bake.yml': 'services: compose.yml\nwarmup-count: 7\n',
    'app/compose.yml': 'services:\n  neighbour:\n    image: crac-bake-test/tiny:app\n',
  };
  await runWorkflow('bakes', { files }, async (run) => {
    t.is(run.exitCode, 0, failedWith(run));
    const report = (await run.results('report.json')) as BakeReport;
    const outputs = (await run.results('outputs.json')) as Record<string, string>;
    t.like(outputs, {
      image: MADE[0],
      outcome: 'baked',
      engine: 'criu',
      'image-id': report.image?.id ?? 'none',
      'restore-flags': report.runWith?.flags ?? 'none',
    });
    t.true(Number(outputs['restored-ms']) > 0 && Number(outputs['cold-ms']) > 0 && Number(outputs['checkpoint-bytes']) > 100_000);
    t.deepEqual(report.tags, MADE.slice(0, 2));
    const [summary, second] = run.commands('summary').map(({ content }) => content ?? '');
    t.regex(summary ?? '', /^## Baked crac-bake-e2e\/tiny:crac\n/);
    t.regex(summary ?? '', /^cold +█+ \d+ ms\nrestored +█+ \d+ ms$/m);
    t.regex(summary ?? '', /^\| ✓ Prove the restore \|/m);
    t.regex(second ?? '', /^## Baked crac-bake-e2e\/built:crac\n/);
    t.regex(second ?? '', /^\| ✓ Start the services \|.*neighbour up/m);
    t.regex(second ?? '', /^\| ✓ Warm it up \|.* 7 requests/m);
    t.deepEqual(run.commands('error'), []);
    t.is(run.commands('group').length, run.commands('endgroup').length);
    t.true(run.commands('group').length >= 10);
    t.regex(run.text, /Nothing was left\./);
    t.regex(run.text, /^restored$/m);
    t.false(run.text.replace(/add-mask::.*/g, '').includes('value-nobody-may-see'));
    await leftNothing(t, report.run);
  });
});

test.serial('a bake that fails: the job fails, the outputs are set before, one annotation, nothing is left', async (t) => {
  await runWorkflow('fails', {}, async (run) => {
    t.is(run.exitCode, 1, failedWith(run));
    const report = (await run.results('report.json')) as BakeReport;
    t.like(await run.results('outputs.json'), { outcome: 'readiness', image: '', 'image-id': '' });
    t.is(report.error?.code, 'not-ready');
    const errors = run.commands('error');
    t.is(errors.length, 1);
    t.regex(errors[0]?.kvPairs?.title ?? '', /^crac-bake: The app did not become ready|^crac-bake: /);
    t.regex(errors[0]?.arg ?? '', /What to do: Raise `ready-timeout`, or check `ready`/);
    t.regex(run.commands('summary')[0]?.content ?? '', /^## Not baked: [\s\S]*\| Failure \| not-ready \|/);
    await leftNothing(t, report.run);
    t.is(await docker('images', '--quiet', 'crac-bake-e2e/never'), '');
  });
});

test.serial('a main step that is killed: the post step removes what it has left', async (t) => {
  let killed: Promise<string> | undefined;
  const onLine = ({ msg }: { msg: string }, folder: string) => {
    if (killed === undefined && msg.includes('Wait until it is ready …')) killed = killMain(folder);
  };
  await runWorkflow('killed', { onLine }, async (run) => {
    t.is(run.exitCode, 1, failedWith(run));
    const id = await killed;
    t.regex(id ?? '', /^[\da-f-]{36}$/);
    t.regex(run.text, /^Removed \d+ containers\.$/m);
    await leftNothing(t, id ?? 'none');
  });
});

/** Kills the action's main program below a folder; returns the id of its run, which it saved for the post step. */
async function killMain(folder: string): Promise<string> {
  for (const pid of await readdir('/proc')) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const [program = '', entry = ''] = command.split('\0');
    if (!program.endsWith('node') || !entry.startsWith(folder) || !entry.endsWith('dist/main.js')) continue;
    const environment = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0');
    const file = environment.find((entry) => entry.startsWith('GITHUB_STATE='))?.slice('GITHUB_STATE='.length) ?? '';
    const [, run = ''] = /^run<<\S+\n(\S+)$/m.exec(await readFile(file, 'utf8')) ?? [];
    process.kill(Number(pid), 'SIGKILL');
    return run;
  }
  throw new Error('the main step is not there');
}
