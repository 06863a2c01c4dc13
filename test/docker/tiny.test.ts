// The smallest bake: a process that is no JVM.

import test from 'ava';
import { bakeWell, crac } from './support/cli.ts';
import { docker, runContainer, runRestored, untilAnswers, untilExited } from './support/engine.ts';

const IMAGE = 'crac-bake-it/tiny:crac';

test.before(async () => {
  await bakeWell(['--image', 'crac-bake-test/tiny:app', '--tag', IMAGE]);
});

test.after.always(async () => {
  await docker('rmi', '--force', IMAGE);
});

test('a process without JVM is restored under two capabilities and answers', async (t) => {
  const container = await runRestored(IMAGE);
  try {
    await untilAnswers(container, '/');
    t.regex(await container.logs(), /^crac-init: restored pid \d+ in \d+ ms/m);
    const { elapsedMs, exitCode } = await container.stop();
    t.is(exitCode, 143);
    t.true(elapsedMs < 1000, `docker stop took ${elapsedMs} ms`);
  } finally {
    await container.remove();
  }
});

test('without the capabilities the app starts normally and says why', async (t) => {
  const container = await runContainer(IMAGE, { flags: ['--cap-drop', 'ALL'] });
  try {
    await untilAnswers(container, '/');
    t.regex(await container.logs(), /^crac-init: not restored \(capabilities\): .+; starting normally$/m);
  } finally {
    await container.remove();
  }
});

test('without the capabilities and with the fallback off the container ends with 80', async (t) => {
  const container = await runContainer(IMAGE, { flags: ['--cap-drop', 'ALL', '--env', 'CRAC_INIT_RESTORE=require'] });
  try {
    t.is(await untilExited(container), 80);
  } finally {
    await container.remove();
  }
});

test('inspect shows what the image holds', async (t) => {
  const { exitCode, stdout } = await crac(['inspect', IMAGE, '--json']);
  t.is(exitCode, 0);
  const { labels } = JSON.parse(stdout) as { labels: Record<string, string> };
  t.is(labels['io.github.crac-bake.engine'], 'criu');
  t.is(labels['org.opencontainers.image.base.name'], 'crac-bake-test/tiny:app');
});
