// The attach client against stock JVMs in an image that has no jcmd.

import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { diagnoseText } from '../../src/diagnose/diagnose.ts';
import { type Container, docker, runContainer, untilAnswers } from './support/engine.ts';

const JRE = 'crac-bake-test/plain-http:jre';
const INIT = fileURLToPath(new URL(`../../dist/crac-init-${process.arch === 'arm64' ? 'arm64' : 'amd64'}`, import.meta.url));

interface Attached {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a container with crac-init in it. */
async function start(options: Parameters<typeof runContainer>[1] = {}, image = JRE): Promise<Container> {
  const container = await runContainer(image, options);
  await docker('cp', INIT, `${container.id}:/usr/local/bin/crac-init`);
  return container;
}

async function attach(container: Container, words: readonly string[], flags: readonly string[] = []): Promise<Attached> {
  const { exitCode, stdout, stderr } = await execa('docker', ['exec', ...flags, container.id, 'crac-init', 'attach', ...words], {
    reject: false,
    stdin: 'ignore',
  });
  return { exitCode: exitCode ?? -1, stdout, stderr };
}

/** SIGQUIT at the wrong moment would have printed one. */
async function noThreadDump(t: ExecutionContext, container: Container): Promise<void> {
  t.notRegex(await container.logs(), /Full thread dump/);
}

async function using(container: Container, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } finally {
    await container.remove();
  }
}

test('a stock JVM in an image without jcmd runs VM.version, and logs nothing of it', async (t) => {
  const container = await start();
  await using(container, async () => {
    await untilAnswers(container, '/');
    t.is((await execa('docker', ['exec', container.id, 'which', 'jcmd', 'javac'], { reject: false })).stdout, '');
    const log = await container.logs();
    for (const words of [['VM.version'], ['app.jar', 'VM.version'], ['1', 'VM.version']]) {
      const { exitCode, stdout, stderr } = await attach(container, words);
      t.is(exitCode, 0, stderr);
      t.regex(stdout, /^1:\nOpenJDK .*VM version 21\.[\s\S]*\nJDK 21\./);
    }
    t.is(await container.logs(), log);
    t.is(await container.exec('sh', '-c', 'ls -A /tmp /app | grep attach_pid || true'), '');
  });
});

test('a JVM of a user of its own is reached by root with the bake’s capabilities, and by its user with none', async (t) => {
  const flags = ['--user', '1000:1000', '--cap-drop', 'ALL', '--cap-add', 'SYS_PTRACE', '--cap-add', 'SETUID', '--cap-add', 'SETGID'];
  const container = await start({ flags });
  await using(container, async () => {
    await untilAnswers(container, '/');
    for (const user of ['0:0', '1000:1000']) {
      const { exitCode, stdout, stderr } = await attach(container, ['VM.version'], ['--user', user]);
      t.is(exitCode, 0, `as ${user}: ${stderr}`);
      t.regex(stdout, /\nJDK 21\./);
    }
    const other = await attach(container, ['VM.version'], ['--user', '1001:1001']);
    t.is(other.exitCode, 1);
    t.regex(other.stderr, /^crac-init: no-jvm: no JVM runs in this container \(as far as uid 1001 may see\)$/);
    await noThreadDump(t, container);
  });
});

test('a JVM that has only just been started is waited for, and neither ends of the signal nor dumps its threads', async (t) => {
  // Not as PID 1, which no signal without a handler ends.
  const container = await start({ flags: ['--entrypoint', 'sleep'], command: ['600'] });
  await using(container, async () => {
    const script = [
      'for round in 1 2 3 4 5; do',
      '  java -XX:TieredStopAtLevel=1 -cp /app/app.jar PlainHttp >/tmp/log 2>&1 & jvm=$!',
      '  until crac-init attach VM.version 2>>/tmp/complaints; do kill -0 $jvm || exit 9; done',
      '  kill $jvm; wait $jvm; cat /tmp/log',
      'done',
    ].join('\n');
    const { exitCode, stdout, stderr } = await execa('docker', ['exec', container.id, 'sh', '-c', script], { reject: false });
    t.is(exitCode, 0, stderr);
    t.is(stdout.match(/^JDK 21\./gm)?.length, 5, stdout);
    t.notRegex(stdout, /Full thread dump/);
    for (const line of (await container.exec('cat', '/tmp/complaints')).split('\n')) t.regex(line, /^(?:crac-init: no-jvm: .*)?$/);
  });
});

for (const option of ['-XX:+DisableAttachMechanism', '-Xrs']) {
  test(`a JVM with ${option} says so, and gets no signal`, async (t) => {
    const container = await start({ flags: ['--env', `JAVA_TOOL_OPTIONS=${option}`] });
    await using(container, async () => {
      await untilAnswers(container, '/');
      const { exitCode, stdout, stderr } = await attach(container, ['VM.version']);
      t.is(exitCode, 1);
      t.is(stdout, '');
      t.is(stderr, `crac-init: attach-off: the JVM (PID 1) was started with ${option}, and takes no commands`);
      t.is(diagnoseText(stderr).root?.id, 'jcmd-attach-off');
      t.is(await container.inspect('{{.State.Running}}'), 'true');
      await noThreadDump(t, container);
    });
  });
}

test('of several JVMs none is guessed; a part of the command names one', async (t) => {
  const container = await start();
  await using(container, async () => {
    await untilAnswers(container, '/');
    await docker(
      'exec',
      '--detach',
      '--env',
      'APP_PORT=9090',
      container.id,
      'java',
      '-Dsecond=yes',
      '-Dtoken=hunter2',
      '-cp',
      '/app/app.jar',
      'PlainHttp',
    );
    const end = performance.now() + 20_000;
    let both = await attach(container, ['VM.version']);
    while (both.exitCode === 0 && performance.now() < end) both = await attach(container, ['VM.version']);
    t.is(both.exitCode, 1);
    t.regex(both.stderr, /^crac-init: several-jvms: 2 JVMs are meant; .*: 1 \(\/app\/app\.jar\), \d+ \(PlainHttp\)$/);
    t.notRegex(both.stderr, /hunter2/);
    const { exitCode, stdout, stderr } = await attach(container, ['second=yes', 'VM.command_line']);
    t.is(exitCode, 0, stderr);
    t.regex(stdout, /^\d+:\nVM Arguments:\njvm_args: -Dsecond=yes/);
    t.regex((await attach(container, ['nothing-like-this', 'VM.version'])).stderr, /^crac-init: no-jvm: .*there are: 1 \(/);
  });
});

test('a stock JVM does not know JDK.checkpoint, which is an answer and a failure', async (t) => {
  const container = await start();
  await using(container, async () => {
    await untilAnswers(container, '/');
    const { exitCode, stdout, stderr } = await attach(container, ['JDK.checkpoint']);
    t.is(exitCode, 1);
    t.is(stderr, '');
    t.is(diagnoseText(stdout).root?.id, 'jcmd-unknown-command');
  });
});

test('a container without a /tmp that can be written says so', async (t) => {
  const container = await start();
  await using(container, async () => {
    await untilAnswers(container, '/');
    await container.exec('sh', '-c', 'rm -rf /tmp');
    const { exitCode, stderr } = await attach(container, ['VM.version']);
    t.is(exitCode, 1);
    t.regex(stderr, /^crac-init: attach-failed: the JVM cannot open its socket in \/tmp: no such file or directory$/);
    await noThreadDump(t, container);
  });
});

test('a JVM that is stopped does not answer, and is not waited for without end', async (t) => {
  const container = await start();
  await using(container, async () => {
    await untilAnswers(container, '/');
    // PID 1 cannot be stopped from inside its container; a second JVM can.
    const script = [
      'APP_PORT=9090 java -Dsecond=yes -cp /app/app.jar PlainHttp >/tmp/log 2>&1 & jvm=$!',
      'until grep -q listening /tmp/log; do sleep 0.1; done',
      'kill -STOP $jvm; crac-init attach --timeout 500 second=yes VM.version',
    ].join('\n');
    const { exitCode, stderr } = await execa('docker', ['exec', container.id, 'sh', '-c', script], { reject: false });
    t.is(exitCode, 1);
    t.regex(stderr, /^crac-init: attach-timeout: /);
  });
});
