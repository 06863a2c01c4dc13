// From a folder to a proved image: init, then a bake without any option.

import { appendFile, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { bakeWell, crac } from './support/cli.ts';
import { docker, runRestored, untilAnswers } from './support/engine.ts';
import { leavingNothing } from './support/host-state.ts';

const APP = fileURLToPath(new URL('../apps/spring-hello', import.meta.url));
const IMAGE = 'spring-hello:crac';

test('init in a folder, then bake without any option, ends in a proved image (long)', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'init-'));
  try {
    await cp(APP, folder, { recursive: true });
    await mkdir(join(folder, '.git'));
    const { exitCode, stdout, stderr } = await crac(['init'], { cwd: folder });
    t.is(exitCode, 0, stderr);
    t.regex(stdout, /^Found a Dockerfile, Spring Boot with actuator, maven\.$/m);
    const file = join(folder, 'crac-bake.yml');
    t.regex(await readFile(file, 'utf8'), /^# build-args:\n# {3}BASE: eclipse-temurin:21$/m);
    // The base image of tests has another name.
    await appendFile(file, '\nbuild-args:\n  BASE: crac-bake-test/jdk21:local\n');
    // From a folder below it as well.
    const report = await leavingNothing(t, () => bakeWell([], { cwd: join(folder, 'src') }), { results: [IMAGE] });
    t.deepEqual(report.tags, [IMAGE]);
    t.is(report.firstResponse?.request, 'http:8080/actuator/health');
    const container = await runRestored(IMAGE);
    try {
      t.regex(await untilAnswers(container, '/'), /^hello \d+/);
      t.regex(await container.logs(), /^crac-init: restored pid \d+/m);
    } finally {
      await container.remove();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
    await docker('rmi', '--force', IMAGE);
  }
});
