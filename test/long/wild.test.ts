// Images as people build them: each bakes, and restores with the fallback off, or is refused with the reason that docs/images.md gives.

import test, { type ExecutionContext } from 'ava';
import type { BakeReport } from '../../src/report/report.ts';
import { bake, bakeWell } from '../docker/support/cli.ts';
import { type Container, docker, processStatus, runContainer, runRestored, untilAnswers } from '../docker/support/engine.ts';

interface Info {
  readonly pid: number;
  readonly jvmStartTime?: number;
  readonly javaVersion?: string;
  readonly uid?: number | string;
  readonly counter: number;
}

/** Prints the first line of the first request on OpenTelemetry's port. */
const COLLECTOR = `alarm 60; my $s = IO::Socket::INET->new(Listen => 5, LocalAddr => "127.0.0.1", LocalPort => 4318, ReuseAddr => 1) or die;
  print scalar readline($s->accept)`;

const WARM = ['--warmup-count', '20', '--warmup-request', '/', '--ready', 'http:8080/', '--ready-timeout', '5m'];

interface Baked {
  readonly container: Container;
  readonly report: BakeReport;
  readonly info: Info;
}

/** Bakes an image, restores it with the fallback off, and asserts that the process goes on: its count, its id, its start. */
async function restores(
  t: ExecutionContext,
  tag: string,
  args: readonly string[],
  check?: (baked: Baked) => Promise<void>,
  stopSeconds?: number,
): Promise<void> {
  const name = `crac-bake-it/wild:${tag}`;
  const report = await bakeWell(['--image', `crac-bake-test/wild:${tag}`, '--tag', name, ...WARM, ...args]);
  const restoredAt = Date.now();
  const container = await runRestored(name);
  try {
    const info = JSON.parse(await untilAnswers(container, '/info')) as Info;
    t.true(info.counter >= 20, `it goes on counting: ${info.counter}`);
    t.true((info.jvmStartTime ?? 0) < restoredAt);
    t.regex(await container.logs(), /^crac-init: restored pid /m);
    await check?.({ container, report, info });
    const { exitCode } = await container.stop(stopSeconds);
    t.not(exitCode, 137, 'it ends on docker stop');
  } finally {
    await container.remove();
    await docker('rmi', '--force', name);
  }
  const { coldMs, restoredMs } = report.firstResponse ?? {};
  t.log(`cold ${coldMs?.toFixed(0)} ms, restored ${restoredMs?.toFixed(0)} ms, hooks ${report.hooks?.resources.length ?? 'none'}`);
}

const samePid = (t: ExecutionContext, { info, report }: Baked) => t.is(info.pid, report.checkpoint?.pid ?? 0);

test('a shell entrypoint that becomes the JVM', async (t) => {
  await restores(t, 'shell-exec', [], async (baked) => {
    samePid(t, baked);
    t.truthy(baked.report.hooks);
  });
});

test('a shell entrypoint that stays the JVM’s parent: both are restored', async (t) => {
  await restores(t, 'shell-parent', [], async ({ container, info, report }) => {
    const parent = Number((await processStatus(container, info.pid)).get('PPid'));
    t.is(parent, report.checkpoint?.pid ?? 0);
    t.is((await processStatus(container, parent)).get('Name'), 'sh');
    t.truthy(report.hooks, 'the hooks of the JVM below the shell ran');
  });
});

test('an exploded Spring Boot jar', async (t) => {
  await restores(t, 'exploded', [], async (baked) => {
    samePid(t, baked);
    t.true((baked.report.hooks?.resources.length ?? 0) > 0);
  });
});

test('Jib’s layout: folders of classes and libraries, the class path in a file', async (t) => {
  await restores(t, 'jib', [], async (baked) => {
    samePid(t, baked);
    t.true((baked.report.hooks?.resources.length ?? 0) > 0);
  });
});

test('a launcher as buildpacks have it: it adds to JAVA_TOOL_OPTIONS and leaves a helper process beside the app', async (t) => {
  await restores(t, 'launcher', [], async (baked) => {
    samePid(t, baked);
    t.true((baked.report.hooks?.resources.length ?? 0) > 0);
    t.is(await untilAnswers(baked.container, '/env/BPI_MARK').then((text) => text.trim()), '');
    const commands = await baked.container.exec('sh', '-c', 'cat /proc/[0-9]*/cmdline | tr "\\0" " "');
    t.regex(commands, /\/layers\/helper\.sh/, 'the helper process was restored with it');
  });
});

test('a distroless-like image: a runtime of jlink, no shell, a user without a name', async (t) => {
  await restores(t, 'distroless', [], async (baked) => {
    samePid(t, baked);
    t.is(Number(baked.info.uid), 65532);
    t.truthy(baked.report.hooks);
  });
});

test('a runtime without java.instrument: refused with what to do, and baked without hooks', async (t) => {
  const args = ['--image', 'crac-bake-test/wild:no-instrument', '--tag', 'crac-bake-it/wild:none', ...WARM];
  const { exitCode, report } = await bake(args);
  t.is(exitCode, 11);
  t.is(report.error?.code, 'app-exited');
  t.is(report.error?.failure?.id, 'jvm-agent-failed');
  t.regex(report.error?.failure?.remedy ?? '', /java\.instrument.*--trigger none/);
  await restores(t, 'no-instrument', ['--trigger', 'none'], async (baked) => {
    samePid(t, baked);
    t.is(baked.report.hooks, null);
  });
});

test('VOLUME /tmp: what Tomcat has there is there again', async (t) => {
  await restores(t, 'tmp-volume', [], async (baked) => {
    samePid(t, baked);
    t.regex(await baked.container.exec('ls', '/tmp'), /^tomcat\.8080\./m);
    t.is((await baked.container.exec('stat', '-c', '%a', '/tmp')).trim(), '1777');
  });
});

test('an existing JAVA_TOOL_OPTIONS stays in force, and is the image’s own afterwards', async (t) => {
  await restores(t, 'tool-options', [], async (baked) => {
    samePid(t, baked);
    t.is((await untilAnswers(baked.container, '/env/JAVA_TOOL_OPTIONS')).trim(), '-Xmx48m -XX:+UseSerialGC -Dfile.encoding=UTF-8');
    t.truthy(baked.report.hooks);
    const commands = await baked.container.exec('sh', '-c', `grep -c UseSerialGC /proc/${baked.info.pid}/environ`);
    t.is(commands.trim(), '1');
  });
});

test('an OpenTelemetry agent that exports to nowhere: its threads and sockets come along', async (t) => {
  const check = async (baked: Baked) => {
    samePid(t, baked);
    t.true((baked.report.checkpoint?.threads ?? 0) > 20);
    t.true((baked.report.hooks?.resources.length ?? 0) > 0);
    // Now somebody listens where its exporters go on trying.
    const request = await baked.container.exec('perl', '-MIO::Socket::INET', '-e', COLLECTOR);
    t.regex(request, /^POST \/v1\/(metrics|traces|logs) HTTP/);
    t.is(JSON.parse(await untilAnswers(baked.container, '/info')).pid, baked.info.pid);
  };
  // At its end the agent tries for up to 10 s to get rid of its data, baked or not.
  await restores(t, 'otel', [], check, 30);
});

test('Java 8: baked without hooks, which is said', async (t) => {
  await restores(t, 'java8', [], async (baked) => {
    samePid(t, baked);
    t.regex(baked.info.javaVersion ?? '', /^1\.8\./);
    t.is(baked.report.hooks, null);
    t.true(
      baked.report.warnings.some((line) => /^Baked without CRaC hooks: the JVM is older than Java 11/.test(line)),
      baked.report.warnings.join('\n'),
    );
  });
});

test('musl and busybox, as on Alpine: a process that is no JVM', async (t) => {
  await restores(t, 'musl', [], async (baked) => {
    samePid(t, baked);
    t.is(baked.report.hooks, null);
  });
});

test('where no restore is possible, each starts as its image does', async (t) => {
  const name = 'crac-bake-it/wild:fallback';
  await bakeWell(['--image', 'crac-bake-test/wild:launcher', '--tag', name, ...WARM]);
  const container = await runContainer(name, { flags: ['--cap-drop', 'ALL'] });
  try {
    t.is((await untilAnswers(container, '/env/BPI_MARK')).trim(), 'set-by-the-launcher');
    t.regex(await container.logs(), /crac-init: not restored \(capabilities\)/);
  } finally {
    await container.remove();
    await docker('rmi', '--force', name);
  }
});
