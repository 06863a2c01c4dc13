// The privileges that are printed are enough, and each of them is needed: without it the gate says which.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { PROFILE_NAME } from '../../src/image/deploy-lines.ts';
import type { BakeReport } from '../../src/report/report.ts';
import { bakeWell, crac } from './support/cli.ts';
import { type Container, docker, PROFILE, runContainer, untilAnswers, untilLogged } from './support/engine.ts';
import { withFolder } from './support/images.ts';

const REQUIRE = ['--env', 'CRAC_INIT_RESTORE=require', '--env', 'CRAC_INIT_LOG=1'];

interface Refusal {
  readonly id: string;
  readonly cause: string;
}

/** What the gate says of a container with these flags. */
async function gateSays(image: string, flags: readonly string[]): Promise<readonly Refusal[]> {
  const args = ['run', '--rm', '--network', 'none', ...flags, '--entrypoint', '/opt/crac-bake/crac-init', image, 'check'];
  const { stdout } = await execa('docker', args, { stdin: 'ignore', reject: false });
  return (JSON.parse(stdout) as { refusals: Refusal[] }).refusals;
}

/** Pairs of flag and value: each a privilege that is granted, or with `--cap-drop` taken. */
function pairs(flags: string): string[][] {
  const words = flags.split(' ');
  return words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? '']] : []));
}

const NAMED: Readonly<Record<string, Refusal>> = {
  CHECKPOINT_RESTORE: { id: 'capabilities', cause: 'missing CHECKPOINT_RESTORE' },
  SETPCAP: { id: 'capabilities', cause: 'missing SETPCAP' },
  seccomp: {
    id: 'seccomp',
    cause: 'a process cannot be made with a given PID: clone3 is blocked, as by the engine’s default seccomp profile',
  },
};

const straight = (text: string) => text.replaceAll('’', "'");

for (const variant of ['app', 'nonroot']) {
  const image = `crac-bake-it/privileges:${variant}`;

  test.serial(`${variant}: the printed flags restore; without any one of them the gate names it`, async (t) => {
    const report = await bakeWell(['--image', `crac-bake-test/plain-http:${variant}`, '--tag', image, '--warmup-count', '5']);
    try {
      await withFolder(async (folder) => {
        // As the printed lines say: the profile is written first, and named by its file's name.
        await writeFile(join(folder, PROFILE_NAME), (await crac(['seccomp'])).stdout);
        const [, printed = ''] = /^docker run --rm (.+) -p 8080:8080 /.exec(report.runWith?.docker ?? '') ?? [];
        const granted = pairs(printed.replace(PROFILE_NAME, join(folder, PROFILE_NAME)));
        t.deepEqual(
          granted.map(([flag]) => flag),
          ['--cap-drop', '--cap-add', '--cap-add', '--security-opt'],
        );
        await isRestored(image, granted.flat(), report);
        t.deepEqual(await gateSays(image, granted.flat()), []);
        // What drops everything takes nothing away when it is dropped itself.
        for (const dropped of granted.slice(1)) {
          const { id, cause } = NAMED[dropped[1]?.split('=')[0] ?? ''] ?? { id: '', cause: '' };
          const flags = granted.filter((pair) => pair !== dropped).flat();
          // Without CHECKPOINT_RESTORE the profile does not let clone3 pass either: that comes second.
          t.deepEqual((await gateSays(image, flags))[0], { id, cause: straight(cause) });
          const container = await runContainer(image, { flags });
          try {
            const log = await untilLogged(container, /starting normally$/m);
            t.true(log.includes(`crac-init: not restored (${id}): ${straight(cause)}; starting normally`), log);
          } finally {
            await container.remove();
          }
        }
      });
    } finally {
      await docker('rmi', '--force', image);
    }
  });
}

/** Asserts by throwing. */
async function isRestored(image: string, flags: readonly string[], report: BakeReport): Promise<void> {
  const container: Container = await runContainer(image, { flags: [...flags, ...REQUIRE] });
  try {
    await untilLogged(container, new RegExp(`^crac-init: restored pid ${report.checkpoint?.pid} `, 'm'));
    await untilAnswers(container, '/');
  } finally {
    await container.remove();
  }
}

test.serial(
  'the profile in Kubernetes’ form restores as well, and --seccomp unconfined proves and prints a restore without any',
  async (t) => {
    const image = 'crac-bake-it/privileges:tiny';
    const report = await bakeWell([
      '--image',
      'crac-bake-test/tiny:nonroot',
      '--tag',
      image,
      '--warmup-count',
      '0',
      '--seccomp',
      'unconfined',
    ]);
    try {
      t.regex(report.runWith?.docker ?? '', / --security-opt seccomp=unconfined /);
      t.is(report.runWith?.profile, null);
      await withFolder(async (folder) => {
        const file = join(folder, 'kubernetes.json');
        await writeFile(file, (await crac(['seccomp', '--for', 'kubernetes'])).stdout);
        const capabilities = ['--cap-drop', 'ALL', '--cap-add', 'CHECKPOINT_RESTORE', '--cap-add', 'SETPCAP'];
        await isRestored(image, [...capabilities, '--security-opt', `seccomp=${file}`], report);
      });
    } finally {
      await docker('rmi', '--force', image);
    }
  },
);

test.serial('the profile grants nothing to a container without CHECKPOINT_RESTORE', async (t) => {
  // clone3 with the size that chooses PIDs, and arguments that contradict each other: EINVAL (22) where it reaches the kernel, ENOSYS (38) where the profile answers.
  const program = 'my $arguments = pack("Q11", (0) x 8, 1, 0, 0); syscall(435, $arguments, 80); print $!+0';
  const flags = ['--rm', '--cap-drop', 'ALL', '--security-opt', `seccomp=${PROFILE}`, '--entrypoint', 'perl'];
  t.is(await docker('run', ...flags, 'crac-bake-test/tiny:app', '-e', program), '38');
});
