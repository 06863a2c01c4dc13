// The Spring sample on a CRaC JDK, with each trigger. Every test says which line of the JDK's contract it checks.

import test from 'ava';
import type { BakeReport } from '../../src/report/report.ts';
import { bakeWell } from './support/cli.ts';
import { type CracImages, cracImages } from './support/crac-jdk.ts';
import { docker, processStatus, runContainer, runRestored, untilAnswers } from './support/engine.ts';

const JCMD = 'crac-bake-it/crac:jcmd';
const ON_REFRESH = 'crac-bake-it/crac:on-refresh';
const APP = 'crac-bake-it/crac:app';

interface Info {
  readonly pid: number;
  readonly jvmStartTime: number;
  readonly counter: number;
  readonly uid: number;
}

let jdk: CracImages;
let report: BakeReport;

test.before(async () => {
  jdk = await cracImages();
  report = await bakeWell([
    ...['--image', jdk.images['spring-nonroot'], '--tag', JCMD, '--env', 'ONLY_AT_BAKE=secret', '--env', 'BOTH=bake'],
    ...['--warmup-request', '/', '--warmup-count', '50', '--ready-timeout', '240s'],
  ]);
});

test.after.always(async () => {
  await docker('rmi', '--force', JCMD, ON_REFRESH, APP);
});

const info = async (container: Parameters<typeof untilAnswers>[0]) => JSON.parse(await untilAnswers(container, '/info')) as Info;

test('contract: -XX:+PrintFlagsFinal lists the flags of CRaC; the engine auto takes the JVM’s own mechanism, and the report says what it is', async (t) => {
  t.is(report.engine?.name, 'crac');
  const jvm = report.engine?.jvm;
  t.true(jvm?.flags.includes('CRaCCheckpointTo'));
  t.regex(jvm?.version ?? '', /^\d+/);
  t.not(jvm?.vendor, '');
  t.not(jvm?.engine, '');
  const labels = JSON.parse(await docker('image', 'inspect', '--format', '{{json .Config.Labels}}', JCMD)) as Record<string, string>;
  t.is(labels['io.github.crac-bake.engine'], 'crac');
});

test('contract: the restored process is the one of the checkpoint: same PID and JVM start, its memory, its user, and no capability', async (t) => {
  const first = await runRestored(JCMD);
  const second = await runRestored(JCMD);
  try {
    const [a, b] = [await info(first), await info(second)];
    t.is(a.pid, report.checkpoint?.pid ?? 0);
    t.is(a.pid, b.pid);
    t.true(a.counter >= 50, `the counter goes on: ${a.counter}`);
    const status = await processStatus(first, a.pid);
    t.is(status.get('CapEff'), '0000000000000000');
    t.is(status.get('CapBnd'), '0000000000000000');
    t.is(status.get('Uid')?.split('\t')[0], '1000');
    t.is(await first.inspect('{{.HostConfig.Privileged}}'), 'false');
  } finally {
    await Promise.all([first.remove(), second.remove()]);
  }
});

test('contract: variables of the restoring process are set over the old ones; those of the bake alone cannot be removed, and are emptied', async (t) => {
  const container = await runRestored(JCMD, { flags: ['--env', 'NEW_ONE=fresh', '--env', 'BOTH=run'] });
  try {
    t.is((await untilAnswers(container, '/env/NEW_ONE')).trim(), 'fresh');
    t.is((await untilAnswers(container, '/env/BOTH')).trim(), 'run');
    t.is((await untilAnswers(container, '/env/ONLY_AT_BAKE')).trim(), '');
    t.is((await untilAnswers(container, '/env/JAVA_TOOL_OPTIONS')).trim(), '');
  } finally {
    await container.remove();
  }
});

test('contract: CRIU does not hand stdout on by itself; what is written after the restore is in docker logs all the same', async (t) => {
  const container = await runRestored(JCMD);
  try {
    await untilAnswers(container, '/log?text=written-after-the-restore');
    t.regex(await container.logs(), /written-after-the-restore/);
    t.regex(await container.logs(), /crac-init: restored pid \d+ in \d+ ms/);
  } finally {
    await container.remove();
  }
});

test('contract: the engine’s restorewait hands signals and the exit code on: docker stop ends it in under a second with 143', async (t) => {
  const container = await runRestored(JCMD);
  try {
    await untilAnswers(container, '/');
    const { elapsedMs, exitCode } = await container.stop();
    t.is(exitCode, 143);
    t.true(elapsedMs < 1000, `docker stop took ${elapsedMs} ms`);
  } finally {
    await container.remove();
  }
});

test('contract: a restore works under --privileged too, as the guidelines for CRaC do it', async (t) => {
  const container = await runContainer(JCMD, { flags: ['--privileged', '--env', 'CRAC_INIT_RESTORE=require'] });
  try {
    t.true((await info(container)).counter >= 50);
  } finally {
    await container.remove();
  }
});

test('contract: without capabilities there is no restore; the app starts normally, as if nothing had been baked', async (t) => {
  const container = await runContainer(JCMD, { flags: ['--cap-drop', 'ALL'] });
  try {
    t.true((await info(container)).counter < 50);
    t.regex(await container.logs(), /crac-init: not restored \(capabilities\): .*; starting normally/);
    t.is((await untilAnswers(container, '/env/JAVA_TOOL_OPTIONS')).trim(), '');
  } finally {
    await container.remove();
  }
});

test('contract: -Dspring.context.checkpoint=onRefresh makes Spring ask for the checkpoint before it listens; in a bake with --privileged (long)', async (t) => {
  const baked = await bakeWell([
    ...[
      '--image',
      jdk.images.spring,
      '--tag',
      ON_REFRESH,
      '--trigger',
      'on-refresh',
      '--privileges',
      'privileged',
      '--ready-timeout',
      '240s',
      '--prove-timeout',
      '60s',
    ],
  ]);
  t.is(baked.engine?.name, 'crac');
  const container = await runRestored(ON_REFRESH);
  try {
    t.is((await info(container)).pid, baked.checkpoint?.pid ?? 0);
  } finally {
    await container.remove();
  }
});

test('contract: Core.checkpointRestore() of the app begins the checkpoint, and returns in the restored process (long)', async (t) => {
  const baked = await bakeWell(['--image', jdk.images['spring-self'], '--tag', APP, '--trigger', 'app', '--ready-timeout', '240s']);
  t.is(baked.engine?.name, 'crac');
  const container = await runRestored(APP);
  try {
    t.is((await info(container)).pid, baked.checkpoint?.pid ?? 0);
    t.regex(await container.logs(), /checkpointRestore returned/);
  } finally {
    await container.remove();
  }
});
