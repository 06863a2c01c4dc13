// What a restore on a CRaC JDK takes and refuses, and where its CRIU comes from. Every test says which line of the JDK's contract it checks.

import test from 'ava';
import { bakeWell } from './support/cli.ts';
import { CASES, type CracImages, cracImages, TWO_JVMS, ticks, withCases } from './support/crac-jdk.ts';
import { docker, runContainer, runRestored, untilExited, untilLogged } from './support/engine.ts';

const IMAGE = 'crac-bake-it/crac-restore:cases';
const OTHER = 'crac-bake-it/crac-restore:other';
const JCMD = '$(dirname "$(readlink -f "$(command -v java)")")/jcmd';

let jdk: CracImages;
test.before(async () => {
  jdk = await cracImages();
  await bakeWell(['--image', jdk.images.cases, '--tag', IMAGE, ...CASES]);
});

test.afterEach.always(async () => {
  await docker('rmi', '--force', OTHER);
});

test.after.always(async () => {
  await docker('rmi', '--force', IMAGE);
});

test('contract: java -XX:CRaCRestoreFrom=DIR -Dname=value Main a b sets the property and runs the new main in the restored JVM', async (t) => {
  const flags = ['--env', 'NEW_ONE=fresh'];
  const container = await runRestored(IMAGE, { flags, command: ['-Dnew.one=prop', 'NewMain', 'a', 'b'] });
  try {
    const log = await untilLogged(container, /new main: a b property=prop/);
    t.notRegex(log, /^ready$/m, 'it was not started');
    const later = await untilLogged(container, /^tick \d+ env=fresh property=prop$/m);
    t.true((ticks(later)[0] ?? 0) > 1, 'the count goes on');
  } finally {
    await container.remove();
  }
});

test('contract: a flag that is not settable at a restore ends the JVM; it is named before, and the app starts normally', async (t) => {
  const container = await runContainer(IMAGE, {
    flags: [
      '--cap-add',
      'CHECKPOINT_RESTORE',
      '--security-opt',
      'seccomp=unconfined',
      '--env',
      'JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=50',
    ],
  });
  try {
    const log = await untilLogged(container, /^tick \d+/m);
    t.regex(log, /crac-init: not restored \(jvm-options\): the JVM refuses -XX:MaxRAMPercentage=50 at a restore.*; starting normally/);
    t.regex(log, /^ready$/m);
  } finally {
    await container.remove();
  }
});

test('contract: with CRAC_INIT_RESTORE=require such a flag ends the container with 80', async (t) => {
  const container = await runRestored(IMAGE, { flags: ['--env', 'JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=50'] });
  try {
    t.is(await untilExited(container), 80);
    t.regex(await container.logs(), /not restored \(jvm-options\)/);
  } finally {
    await container.remove();
  }
});

test('contract: -Xmx and an agent are passed over at a restore; the log says that they have no effect', async (t) => {
  const container = await runRestored(IMAGE, { flags: ['--env', 'JAVA_TOOL_OPTIONS=-Xmx32m -javaagent:/none.jar'] });
  try {
    const log = await untilLogged(container, /^tick \d+/m);
    t.regex(log, /crac-init: -Xmx32m has no effect at a restore/);
    t.regex(log, /crac-init: -javaagent:\/none\.jar has no effect at a restore/);
    t.notRegex(log, /^ready$/m);
  } finally {
    await container.remove();
  }
});

test('contract: a JRE has no jcmd; crac-init asks the JVM over its attach socket', async (t) => {
  await withCases(jdk, ['USER 0', `RUN rm "${JCMD}"`, 'USER 1000'], async (folder) => {
    const report = await bakeWell([folder, '--tag', OTHER, ...CASES]);
    t.is(report.engine?.jvm?.hasJcmd, false);
  });
  const container = await runRestored(OTHER);
  try {
    t.true((ticks(await untilLogged(container, /^tick \d+/m))[0] ?? 0) > 1);
  } finally {
    await container.remove();
  }
});

test('contract: of several JVMs --process names the one that checkpoints itself; what started it is ended (long)', async (t) => {
  await withCases(jdk, [TWO_JVMS], async (folder) => {
    await bakeWell([folder, '--tag', OTHER, ...CASES, '--process', 'Cases second$']);
  });
  const container = await runRestored(OTHER);
  try {
    t.true((ticks(await untilLogged(container, /^tick \d+/m))[0] ?? 0) > 1);
  } finally {
    await container.remove();
  }
});

test('contract: a resource policy lets an open file be; it is written in the JVM’s format, and 17 takes no empty line (long)', async (t) => {
  await withCases(jdk, ['CMD ["file"]'], async (folder) => {
    await bakeWell([folder, '--tag', OTHER, ...CASES, '--resource-policies', 'type: file\npath: /etc/passwd\naction: ignore']);
  });
  const container = await runRestored(OTHER);
  try {
    t.true((ticks(await untilLogged(container, /^tick \d+/m))[0] ?? 0) > 1);
  } finally {
    await container.remove();
  }
});

test('contract: a folder of the image’s own in the command (-XX:CRaCCheckpointTo) makes way for that of the bake (long)', async (t) => {
  const command = ['java', '-XX:CRaCCheckpointTo=/tmp/mine', '-cp', '/app:/app/org.crac.jar', 'Cases'];
  await withCases(jdk, [`ENTRYPOINT ${JSON.stringify(command)}`], async (folder) => {
    t.is((await bakeWell([folder, '--tag', OTHER, ...CASES])).engine?.name, 'crac');
  });
});
