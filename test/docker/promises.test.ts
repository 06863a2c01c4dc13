// The promises, one test a row (test/promises; docs/promises.md is their table), all with one image.

import test, { type ExecutionContext } from 'ava';
import { FALLBACKS } from '../promises/fallbacks.ts';
import { RESTORES } from '../promises/restores.ts';
import { infoOf, restore, type Subject } from '../promises/subject.ts';
import { bakeWell } from './support/cli.ts';
import { type Container, docker, LEAST, runContainer, runRestored, untilAnswers, untilLogged } from './support/engine.ts';
import { buildImage } from './support/images.ts';

const IMAGE = 'crac-bake-it/promises:app';
const CHANGED = 'crac-bake-it/promises:changed';

let subject: Subject;

test.before(async (t) => {
  const report = await bakeWell([
    ...['--image', 'crac-bake-test/plain-http:nonroot', '--tag', IMAGE, '--env', 'APP_RANDOMS=true'],
    ...['--env', 'ONLY_AT_BAKE=yes', '--env', 'BOTH=bake', '--warmup-count', '20', '--warmup-request', '/', '--warmup-request', '/random'],
    ...['--warmup-request', '/parallelism', '--warmup-request', '/host-name', '--warmup-request', '/resolve?name=localhost'],
  ]);
  const { checkpoint } = report;
  if (checkpoint === null) throw new Error('no checkpoint in the report');
  const first = await runRestored(IMAGE);
  try {
    const { jvmStartTime } = await infoOf(first);
    t.true(jvmStartTime < Date.now() - (performance.now() - first.startedAt), 'the JVM is older than its container');
    subject = { image: IMAGE, pid: checkpoint.pid, jvmStartTime, residentBytes: checkpoint.residentBytes };
  } finally {
    await first.remove();
  }
});

test.after.always(async () => {
  await docker('rmi', '--force', IMAGE, CHANGED);
});

for (const { title, run } of RESTORES) {
  test(`restores: ${title}`, (t) => run(t, subject));
}

/** Far more than a start and the longest deadline: what takes longer hangs. In ms. */
const HANGS_MS = 30_000;

/** A container that has started normally, after the line: a new JVM that answers. */
async function startedNormally(t: ExecutionContext, container: Container, id: string, cause: RegExp): Promise<void> {
  const log = await untilLogged(container, /starting normally$/m, HANGS_MS);
  const [, foundId, foundCause = ''] = /^crac-init: not restored \(([\w-]+)\): (.+); starting normally$/m.exec(log) ?? [];
  t.is(foundId, id, log);
  t.regex(foundCause, cause);
  t.is(log.match(/^crac-init:/gm)?.length, 1, 'one line');
  await untilLogged(container, /listening on port/, HANGS_MS);
  const { jvmStartTime } = JSON.parse(await untilAnswers(container, '/info', { deadlineMs: HANGS_MS })) as { jvmStartTime: number };
  t.true(jvmStartTime > subject.jvmStartTime, 'the JVM is new');
}

for (const { title, id, cause, flags, command = [], change, besideAnother } of FALLBACKS) {
  test(`falls back: ${title}`, async (t) => {
    if (change !== undefined) await buildImage(CHANGED, [`FROM ${IMAGE}`, 'USER 0', ...change, 'USER 1000:1000']);
    const other = besideAnother ? await restore(t, subject, []) : undefined;
    try {
      const joined = other === undefined ? [] : ['--pid', `container:${other.id}`];
      const container = await runContainer(change === undefined ? IMAGE : CHANGED, {
        flags: [...(flags?.(subject) ?? LEAST), ...joined],
        command,
      });
      try {
        await startedNormally(t, container, id, cause);
      } finally {
        await container.remove();
      }
    } finally {
      await other?.remove();
    }
  });
}
