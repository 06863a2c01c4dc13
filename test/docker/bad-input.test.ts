// Bad input on the real engine: each has its own message, exit code and remedy, shows what the user needs to see, and leaves nothing behind.

import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { bake, bakeWell } from './support/cli.ts';
import { docker } from './support/engine.ts';
import { leavingNothing } from './support/host-state.ts';
import { importImage, withContext, withFolder } from './support/images.ts';

const TAG = 'crac-bake-it/bad:tag';
const NO_ENTRYPOINT = 'crac-bake-it/bad:no-entrypoint';
const FOREIGN = 'crac-bake-it/bad:foreign';
const BAKED = 'crac-bake-it/bad:baked';
const FOREIGN_ARCHITECTURE = process.arch === 'arm64' ? 'amd64' : 'arm64';

const TINY = ['--image', 'crac-bake-test/tiny:app', '--tag', TAG];
const PLAIN = ['--image', 'crac-bake-test/plain-http:app', '--warmup-count', '10', '--tag', TAG];

interface Failure {
  readonly exitCode: number;
  readonly code: string;
  readonly step: string;
  readonly message: RegExp;
  readonly details?: RegExp;
  readonly remedy: RegExp;
  /** Lines that the user has to see. */
  readonly log?: readonly RegExp[];
}

type BadInput = Failure & { readonly title: string; readonly args: readonly string[]; readonly env?: Readonly<Record<string, string>> };

/** Bakes and asserts that it fails in this way, in the report and for people, and that the host is as before. */
async function fails(t: ExecutionContext, args: readonly string[], failure: Failure, env: Readonly<Record<string, string>> = {}) {
  const { exitCode, report, stderr } = await leavingNothing(t, () => bake(args, { env }));
  const error = report.error;
  if (error === null) return t.fail(`it did not fail:\n${stderr}`);
  const { message, details, remedy, log } = error;
  t.like({ exitCode, code: error.code, step: error.step }, { exitCode: failure.exitCode, code: failure.code, step: failure.step }, stderr);
  t.is(report.exitCode, exitCode);
  t.regex(message, failure.message);
  t.regex(details, failure.details ?? /^/);
  t.regex(remedy, failure.remedy);
  for (const line of failure.log ?? []) t.regex(log.join('\n'), line);
  t.true(log.length <= 50);
  for (const wanted of failure.log ?? []) {
    const line = log.find((each) => wanted.test(each));
    if (line !== undefined) t.true(stderr.includes(line.trim()), `people see it, too: ${line}\n---\n${stderr}`);
  }
  // What the catalogue of known failures says stands in the place of the step's own words.
  const known = error.failure;
  const told = known === null ? [remedy, ...details.split('\n'), ...log] : [known.cause, known.remedy, known.link];
  for (const shown of [message, ...told]) t.true(stderr.includes(shown.trim()), `${shown}\n---\n${stderr}`);
  t.notRegex(stderr, /^\s+at .*\.[jt]s:\d+/m, 'there is no stack trace of our own');
}

test.before(async () => {
  await importImage(NO_ENTRYPOINT, []);
  await importImage(FOREIGN, ['CMD ["/app"]', 'EXPOSE 8080'], `linux/${FOREIGN_ARCHITECTURE}`);
  await bakeWell(['--image', 'crac-bake-test/tiny:app', '--warmup-count', '1', '--tag', BAKED]);
});

test.after.always(async () => {
  await docker('rmi', '--force', NO_ENTRYPOINT, FOREIGN, BAKED);
});

const USAGE: Omit<Failure, 'message'> = { exitCode: 2, code: 'usage', step: 'options', remedy: /crac-bake bake --help/ };

const BAD_INPUTS: readonly BadInput[] = [
  {
    title: 'no engine answers',
    args: TINY,
    env: { DOCKER_HOST: 'unix:///nonexistent/docker.sock' },
    exitCode: 3,
    code: 'no-engine',
    step: 'check-host',
    message: /^No Docker Engine answers$/,
    details: /unix:\/\/\/nonexistent\/docker\.sock/,
    remedy: /Start Docker/,
  },
  { title: 'an unknown option', args: [...TINY, '--taag', 'x'], ...USAGE, message: /unknown option '--taag'\s+\(Did you mean --tag\?\)/ },
  {
    title: 'an option of the wrong type',
    args: [...TINY, '--ready-timeout', 'soon'],
    ...USAGE,
    message: /^--ready-timeout takes a time such as .+, not "soon"$/,
  },
  {
    title: 'an option with a value that it cannot take',
    args: [...TINY, '--trigger', 'magic'],
    ...USAGE,
    message: /^--trigger takes one of auto, agent, .+, not "magic"$/,
  },
  {
    title: 'an option with a wrong value in the environment',
    args: TINY,
    env: { CRAC_BAKE_WARMUP_COUNT: 'many' },
    ...USAGE,
    message: /^--warmup-count takes a whole number .+, not "many"$/,
  },
  {
    title: 'a probe that is none',
    args: [...TINY, '--ready', 'https://localhost/'],
    ...USAGE,
    message: /^--ready takes http:PORT\/PATH, .+, not "https:\/\/localhost\/"$/,
  },
  {
    title: 'no tag',
    args: ['--image', 'crac-bake-test/tiny:app'],
    ...USAGE,
    message: /^There is no tag/,
    remedy: /--tag NAME:TAG/,
  },
  {
    title: 'an invalid tag',
    args: [...TINY, '--tag', 'Shop:1.0'],
    exitCode: 2,
    code: 'invalid-tag',
    step: 'options',
    message: /^"Shop:1\.0" is not a valid tag$/,
    remedy: /lower case/,
  },
  {
    title: 'an image that is not there',
    args: ['--image', '127.0.0.1:9/nobody/nothing:1', '--tag', TAG],
    exitCode: 2,
    code: 'image-not-found',
    step: 'build',
    message: /^There is no image 127\.0\.0\.1:9\/nobody\/nothing:1$/,
    details: /connection refused/,
    remedy: /build or pull it/,
  },
  {
    title: 'an image without entrypoint and command',
    args: ['--image', NO_ENTRYPOINT, '--tag', TAG],
    exitCode: 2,
    code: 'no-entrypoint',
    step: 'options',
    message: /^crac-bake-it\/bad:no-entrypoint has neither entrypoint nor command$/,
    remedy: /ENTRYPOINT or CMD/,
  },
  {
    title: 'an image of another architecture',
    args: ['--image', FOREIGN, '--tag', TAG],
    exitCode: 3,
    code: 'wrong-architecture',
    step: 'build',
    message: new RegExp(`^crac-bake-it/bad:foreign is for linux/${FOREIGN_ARCHITECTURE}, the engine is linux/`),
    remedy: /--platform/,
  },
  {
    title: 'a platform that is not the engine’s',
    args: [...TINY, '--platform', `linux/${FOREIGN_ARCHITECTURE}`],
    exitCode: 3,
    code: 'wrong-architecture',
    step: 'build',
    message: new RegExp(`^--platform linux/${FOREIGN_ARCHITECTURE} is not the engine’s`),
    remedy: /machine of the image’s/,
  },
  {
    title: 'an image that is a restore image already',
    args: ['--image', BAKED, '--tag', TAG],
    exitCode: 2,
    code: 'already-baked',
    step: 'build',
    message: /^crac-bake-it\/bad:baked is a restore image already$/,
    remedy: /crac-bake-test\/tiny:app/,
  },
  {
    title: 'an app that ends at its start',
    args: [...PLAIN, '--env', 'APP_EXIT_AT_START=3'],
    exitCode: 11,
    code: 'app-exited',
    step: 'ready',
    message: /^The app ended with exit code 3 before it was ready$/,
    remedy: /docker run/,
    log: [/^starting, line 60$/m],
  },
  {
    title: 'an app that is never ready',
    args: [...PLAIN, '--env', 'APP_NEVER_READY=true', '--ready-timeout', '2s'],
    exitCode: 12,
    code: 'not-ready',
    step: 'ready',
    message: /^The app was not ready after 2 s$/,
    details: /^port 8080 .+: .*connection/,
    remedy: /--ready-timeout/,
    log: [/^never going to listen$/m],
  },
  {
    title: 'an app that answers with another status than is wanted',
    args: [...TINY, '--ready', 'http:8080/health', '--ready-timeout', '1s'],
    exitCode: 12,
    code: 'not-ready',
    step: 'ready',
    message: /^The app was not ready after 1 s$/,
    details: /^http:8080\/health: .*404/,
    remedy: /right port, path or pattern/,
  },
  {
    title: 'an app that dies in the warm-up',
    args: [...PLAIN, '--env', 'APP_DIE_AT_REQUEST=6'],
    exitCode: 13,
    code: 'app-exited-in-warm-up',
    step: 'warm-up',
    message: /^The app ended with exit code 7 after \d+ of 10 warm-up requests$/,
    remedy: /--warmup-concurrency/,
    log: [/^dying: die-at-request is set$/m],
  },
  {
    title: 'warm-up requests that fail',
    args: [...PLAIN, '--env', 'APP_FAIL_PATH=/info', '--warmup-request', '/info', '--warmup-request', '/', '--warmup-max-failures', '40%'],
    exitCode: 13,
    code: 'warm-up-failed',
    step: 'warm-up',
    message: /^10 of 20 warm-up requests failed: 50 %, allowed are 40 %$/,
    details: /^10 × .*500/,
    remedy: /--warmup-max-failures/,
  },
  {
    title: 'a warm-up that takes too long',
    args: [...TINY, '--warmup-count', '1000000', '--warmup-timeout', '1s'],
    exitCode: 13,
    code: 'warm-up-timeout',
    step: 'warm-up',
    message: /^\d+ of 1000000 warm-up requests came to an end in 1\.\d s$/,
    remedy: /--warmup-timeout/,
  },
  {
    title: 'a warm-up command that fails',
    args: [...TINY, '--warmup-command', 'sh -c "echo no luck with $CRAC_BAKE_URL; exit 4"'],
    exitCode: 13,
    code: 'warm-up-failed',
    step: 'warm-up',
    message: /^sh ended with exit code 4$/,
    details: /^no luck with http:\/\/127\.0\.0\.1:\d+$/,
    remedy: /Check the requests/,
  },
  {
    title: 'a warm-up command that does not exist',
    args: [...TINY, '--warmup-command', 'no-such-program --fast'],
    exitCode: 13,
    code: 'warm-up-failed',
    step: 'warm-up',
    message: /^no-such-program could not be started/,
    remedy: /Check the requests/,
  },
  {
    title: 'a hook that throws',
    args: [...PLAIN, '--env', 'APP_HOOK=throw'],
    exitCode: 14,
    code: 'hook-failed',
    step: 'trigger',
    message: /^\S*\$Proxy\d+ threw an exception in beforeCheckpoint$/,
    details: /^\S*\$Proxy\d+: java\.lang\.IllegalStateException: hook fails as told in beforeCheckpoint$/,
    remedy: /let go of what it holds/,
    log: [/^java\.lang\.IllegalStateException: hook fails as told/m, /^\s+at Hooks\.called\(Hooks\.java:\d+\)$/m],
  },
  {
    title: 'a hook that hangs',
    args: [...PLAIN, '--env', 'APP_HOOK=hang', '--hooks-timeout', '1s'],
    exitCode: 14,
    code: 'hook-timeout',
    step: 'trigger',
    message: /^The beforeCheckpoint hooks did not end in time$/,
    details: /1000 ms/,
    remedy: /--hooks-timeout/,
    log: [/Thread\.State: TIMED_WAITING/, /^\s+at Hooks\.called\(Hooks\.java:\d+\)$/m],
  },
  {
    title: 'the agent’s trigger for a process that is no JVM',
    args: [...TINY, '--trigger', 'agent', '--warmup-count', '1'],
    exitCode: 14,
    code: 'agent-missing',
    step: 'trigger',
    message: /^No JVM/,
    remedy: /--trigger none/,
  },
  {
    title: 'the app’s trigger for an app that never asks',
    args: [...PLAIN, '--trigger', 'app', '--ready-timeout', '2s', '--warmup-timeout', '1s'],
    exitCode: 14,
    code: 'trigger-timeout',
    step: 'trigger',
    message: /did not ask for a checkpoint/,
    remedy: /Core\.checkpointRestore\(\)/,
  },
  {
    title: 'an afterRestore hook that throws',
    args: [...PLAIN, '--env', 'APP_HOOK=throw-after'],
    exitCode: 16,
    code: 'restore-failed',
    step: 'prove',
    message: /^The restore image did not restore$/,
    details: /\(after-restore-failed\): .*java\.lang\.IllegalStateException: hook fails as told in afterRestore/,
    remedy: /No tag was moved/,
  },
  {
    title: 'an afterRestore hook that hangs',
    // Longer than the deadline of a restore: a process that is awake has the time that its hooks were given.
    args: [...PLAIN, '--env', 'APP_HOOK=hang-after', '--after-restore-timeout', '4s'],
    exitCode: 16,
    code: 'restore-failed',
    step: 'prove',
    message: /^The restore image did not restore$/,
    details: /\(after-restore-failed\): afterRestore of \S+ failed: .*did not return within 4000 ms/,
    remedy: /No tag was moved/,
    log: [/^hook hang-after: afterRestore$/m],
  },
];

for (const { title, args, env, ...failure } of BAD_INPUTS) {
  test(title, (t) => fails(t, args, failure, env));
}

test('no docker command', (t) =>
  withFolder((empty) =>
    fails(
      t,
      TINY,
      { exitCode: 3, code: 'no-engine', step: 'check-host', message: /^There is no docker command$/, remedy: /Install Docker/ },
      { PATH: empty },
    ),
  ));

test('a Dockerfile that is missing', async (t) => {
  await withContext(['FROM crac-bake-test/tiny:app'], async (folder) => {
    const args = [folder, '--file', join(folder, 'Dockerfile.crac'), '--tag', TAG];
    const message = /^There is no \/.+\/Dockerfile\.crac$/;
    await fails(t, args, { exitCode: 10, code: 'dockerfile-missing', step: 'build', message, remedy: /--file/ });
  });
});

test('a Dockerfile that does not build', async (t) => {
  await withContext(['FROM crac-bake-test/tiny:app', 'RUN echo "the mirror is down"; exit 9'], (folder) =>
    fails(t, [folder, '--tag', TAG], {
      exitCode: 10,
      code: 'build-failed',
      step: 'build',
      message: /^docker build failed$/,
      remedy: /docker build/,
      log: [/the mirror is down$/m, /exit code: 9/],
    }),
  );
});

test('an app that ends at once, before the engine has told its ports', async (t) => {
  await withContext(['FROM crac-bake-test/tiny:app', 'ENTRYPOINT ["sh", "-c", "echo nothing to do; exit 5"]'], async (folder) => {
    const { exitCode, report } = await leavingNothing(t, () => bake([folder, '--tag', TAG]));
    t.is(exitCode, 11);
    t.like(report.error, { code: 'app-exited', message: 'The app ended with exit code 5 before it was ready' });
    t.deepEqual([...(report.error?.log ?? [])], ['nothing to do']);
  });
});

test('a file that the restored process misses; the tag keeps the older image', async (t) => {
  await docker('tag', 'crac-bake-test/busybox:app', TAG);
  try {
    // What is in /dev/shm is no part of an image.
    const entrypoint = ['sh', '-c', 'exec 9>/dev/shm/lost; exec perl /server.pl'];
    await withContext(['FROM crac-bake-test/tiny:app', `ENTRYPOINT ${JSON.stringify(entrypoint)}`], (folder) =>
      fails(t, [folder, '--warmup-count', '1', '--tag', TAG], {
        exitCode: 16,
        code: 'restore-failed',
        step: 'prove',
        message: /^The restore image did not restore$/,
        details: /not restored \(criu-restore\): .*dev\/shm\/lost/,
        remedy: /No tag was moved/,
      }),
    );
    const id = (image: string) => docker('image', 'inspect', '--format', '{{.Id}}', image);
    t.is(await id(TAG), await id('crac-bake-test/busybox:app'));
  } finally {
    await docker('rmi', TAG);
  }
});

test('a restored process that does not answer as it should', async (t) => {
  // It counts its answers, and after the warm-up there is one digit too many.
  const ready = ['--ready', 'http:8080/', '--ready-body', '^hello \\d\\s', '--warmup-count', '20', '--prove-timeout', '2s'];
  await fails(t, [...TINY, ...ready], {
    exitCode: 16,
    code: 'restored-not-ready',
    step: 'prove',
    message: /^The restored process did not answer$/,
    details: /^http:8080\/: .*body/,
    remedy: /No tag was moved/,
    log: [/^crac-init: restored pid/m],
  });
});

test('--on-failure plain tags the app image unchanged, loudly, when a hook fails', async (t) => {
  const app = 'crac-bake-test/plain-http:app';
  try {
    const args = [...PLAIN, '--env', 'APP_HOOK=throw', '--on-failure', 'plain'];
    const { exitCode, report, stderr } = await leavingNothing(t, () => bake(args), { results: [TAG] });
    t.is(exitCode, 0);
    t.like(report, { outcome: 'plain', tags: [TAG], image: null, error: { code: 'hook-failed' } });
    t.regex(stderr, /^! Not baked: .+ threw an exception in beforeCheckpoint\. The app image was tagged unchanged/m);
    const id = (image: string) => docker('image', 'inspect', '--format', '{{.Id}}', image);
    t.is(await id(TAG), await id(app));
  } finally {
    await docker('rmi', '--force', TAG);
  }
});

test('--on-failure plain does not forgive an app that ends at its start', (t) =>
  fails(t, [...PLAIN, '--env', 'APP_EXIT_AT_START=3', '--on-failure', 'plain'], {
    exitCode: 11,
    code: 'app-exited',
    step: 'ready',
    message: /exit code 3/,
    remedy: /docker run/,
  }));
