// What stands in the way of a checkpoint on a CRaC JDK: each by its name, and nothing left behind. Every test says which line of the JDK's contract it checks.

import test from 'ava';
import { bake } from './support/cli.ts';
import { CASES, type CracImages, cracImages, REAL_JDK, TWO_JVMS, withCases } from './support/crac-jdk.ts';
import { leavingNothing } from './support/host-state.ts';

const TAG = 'crac-bake-it/crac-refused:tag';

let jdk: CracImages;
test.before(async () => {
  jdk = await cracImages();
});

interface Case {
  readonly title: string;
  readonly instructions: readonly string[];
  readonly args?: readonly string[];
  readonly exitCode?: number;
  readonly code: string;
  readonly step: string;
  /** In what the user reads of it: message, details and log. */
  readonly says: readonly RegExp[];
  readonly standInOnly?: true;
}

const JCMD = '$(dirname "$(readlink -f "$(command -v java)")")/jcmd';

const CASES_REFUSED: readonly Case[] = [
  {
    title: 'an open file is refused by its path, though jcmd exits with 0',
    instructions: ['CMD ["file"]'],
    code: 'checkpoint-refused',
    step: 'trigger',
    says: [/The file \/etc\/passwd is open/],
  },
  {
    title: 'all that is open is told, a listening socket by its port (long)',
    instructions: ['CMD ["file", "listen"]'],
    code: 'checkpoint-refused',
    step: 'trigger',
    says: [/The JVM refused the checkpoint for 2 reasons/, /The file \/etc\/passwd is open/, /A socket listens on port 8080/],
  },
  {
    title: 'a hook that throws is told by its class and place',
    instructions: ['CMD ["hookfail"]'],
    code: 'hook-failed',
    step: 'trigger',
    says: [/Cases\$1 threw java\.lang\.IllegalStateException in beforeCheckpoint: cache not flushed \(Cases\.java:\d+\)/],
  },
  {
    title: 'a hook that hangs is ended by --hooks-timeout, and a thread dump shows where (long)',
    instructions: ['CMD ["hookhang"]'],
    args: ['--hooks-timeout', '3s'],
    code: 'hook-timeout',
    step: 'trigger',
    says: [/did not end in time/, /at Cases\$1\.beforeCheckpoint\(Cases\.java:\d+\)/],
  },
  {
    title: 'an app that asks itself gets an exception, whose reasons are told from its log (long)',
    instructions: ['CMD ["self", "file"]'],
    args: ['--trigger', 'app', '--ready-timeout', '8s', '--warmup-timeout', '1s'],
    code: 'checkpoint-refused',
    step: 'trigger',
    says: [/The file \/etc\/passwd is open/],
  },
  {
    title: 'a JVM that takes no commands cannot be asked (long)',
    instructions: ['ENV JAVA_TOOL_OPTIONS=-XX:+DisableAttachMechanism'],
    code: 'attach-refused',
    step: 'trigger',
    says: [/was started with -XX:\+DisableAttachMechanism/],
  },
  {
    title: 'two JVMs are not guessed between',
    instructions: [TWO_JVMS],
    code: 'several-jvms',
    step: 'trigger',
    says: [/Several JVMs run in the container/, /\d+ \(Cases\), \d+ \(Cases\)/],
  },
  {
    title: 'a flag that the version does not know ends the JVM; it is told before the start',
    instructions: ['ENV JAVA_TOOL_OPTIONS=-XX:CRaCNoSuchFlag=x'],
    exitCode: 2,
    code: 'jvm-lacks-flag',
    step: 'build',
    says: [/refuses -XX:CRaCNoSuchFlag=x/],
  },
  {
    title: 'CRAC_CRIU_LEAVE_RUNNING makes the JVM go on after a good dump, which is then no checkpoint of a stopped app (long)',
    instructions: ['ENV CRAC_CRIU_LEAVE_RUNNING=1'],
    code: 'jvm-went-on',
    step: 'dump',
    says: [/The dump is finished, and the JVM goes on/, /Dumping finished successfully/],
    standInOnly: true,
  },
  {
    title: 'a checkpoint folder of the app’s own start script is not ours (long)',
    instructions: ['ENTRYPOINT ["sh", "-c", "exec java -XX:CRaCCheckpointTo=/tmp/mine -cp /app:/app/org.crac.jar Cases"]'],
    code: 'criu-failed',
    step: 'dump',
    says: [/would write its checkpoint to \/tmp\/mine/],
  },
  {
    title: 'a folder that cannot be made ends the JVM at its start (long)',
    instructions: ['ENTRYPOINT ["sh", "-c", "exec java -XX:CRaCCheckpointTo=/proc/mine -cp /app:/app/org.crac.jar Cases"]'],
    exitCode: 11,
    code: 'app-exited',
    step: 'ready',
    says: [/\/proc\/mine/],
  },
  {
    title: '--criu image needs a CRIU of the JDK (long)',
    instructions: [],
    args: ['--criu', 'image'],
    exitCode: 2,
    code: 'no-image-criu',
    step: 'build',
    says: [/The JDK brings no CRIU of its own/],
    standInOnly: true,
  },
  {
    title: 'a CRIU that cannot be executed is told before the start (long)',
    instructions: ['USER 0', `RUN touch "$(dirname ${JCMD})/../lib/criu" && chmod 644 "$(dirname ${JCMD})/../lib/criu"`, 'USER 1000'],
    args: ['--criu', 'image'],
    exitCode: 2,
    code: 'no-image-criu',
    step: 'build',
    says: [/lib\/criu cannot be executed/],
  },
];

for (const { title, instructions, args = [], exitCode = 14, code, step, says, standInOnly } of CASES_REFUSED) {
  if (standInOnly && REAL_JDK) continue;
  test(`contract: ${title}`, async (t) => {
    await withCases(jdk, instructions, async (folder) => {
      const run = await leavingNothing(t, () => bake([folder, '--tag', TAG, ...CASES, ...args]));
      const { error } = run.report;
      if (error === null) return t.fail(`it did not fail:\n${run.stderr}`);
      t.like({ exitCode: run.exitCode, code: error.code, step: error.step }, { exitCode, code, step }, run.stderr);
      const text = [error.message, error.details, error.remedy, ...error.log].join('\n');
      for (const wanted of says) t.regex(text, wanted);
    });
  });
}

test('contract: a JVM whose -XX:+PrintFlagsFinal shows no CRaC is none, and --engine crac refuses it', async (t) => {
  const run = await leavingNothing(t, () => bake(['--image', 'crac-bake-test/plain-http:app', '--engine', 'crac', '--tag', TAG]));
  t.is(run.exitCode, 2);
  t.is(run.report.error?.code, 'no-crac-jdk');
  t.regex(run.report.error?.message ?? '', /which has no CRaC/);
});

test('contract: an image without java has no CRaC, and --engine crac refuses it', async (t) => {
  const run = await leavingNothing(t, () => bake(['--image', 'crac-bake-test/tiny:app', '--engine', 'crac', '--tag', TAG]));
  t.is(run.exitCode, 2);
  t.is(run.report.error?.code, 'no-crac-jdk');
});
