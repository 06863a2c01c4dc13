// The printed line with podman in place of docker: as root and as an ordinary user, by runc and by crun.

import test from 'ava';
import { ensurePodman } from '../../scripts/setup/other-engines.mjs';
import { crac } from '../docker/support/cli.ts';
import { type Podman, type PodmanParts, startPodman } from './support/podman.ts';
import { bakeSubjects, isRestored, isStarted, REQUIRED, type Subjects } from './support/subjects.ts';

const CALLERS = ['root', 'somebody'] as const;
const SWITCHES = Object.entries(REQUIRED).flatMap(([name, value]) => ['--env', `${name}=${value}`]);

let subjects: Subjects;
let place: Awaited<ReturnType<typeof startPodman>>;
const podman = new Map<string, Podman>();

test.before(async (t) => {
  t.timeout(900_000);
  const parts: PodmanParts = await ensurePodman({ log: (line: string) => process.stderr.write(`    podman: ${line}\n`) });
  subjects = await bakeSubjects('podman');
  place = await startPodman(parts);
  const profile = await crac(['seccomp']);
  for (const caller of CALLERS) {
    const its = await place.as(caller, subjects.images);
    await its.write('crac-bake-seccomp.json', profile.stdout);
    podman.set(caller, its);
  }
});

test.after.always(async () => {
  await place?.remove();
  await subjects?.remove();
});

for (const caller of CALLERS) {
  for (const runtime of ['runc', 'crun']) {
    for (const which of ['root', 'user'] as const) {
      test(`podman of ${caller}, by ${runtime}, restores an image ${which === 'root' ? 'that runs as root' : 'with a user of its own'} by the printed line`, async (t) => {
        const { image, lines } = subjects[which];
        const container = await (podman.get(caller) as Podman).run(lines.docker, ['--runtime', runtime, ...SWITCHES]);
        try {
          t.true(lines.docker.endsWith(image));
          await isRestored(t, container, subjects[which]);
          t.is(await container.stop(), 143);
        } finally {
          await container.remove();
        }
      });
    }
  }

  test(`podman of ${caller} starts an image normally without the capabilities, and says why`, async (t) => {
    const line = subjects.user.lines.docker.replace(/ --cap-add \w+/g, '');
    const container = await (podman.get(caller) as Podman).run(line, []);
    try {
      await isStarted(t, container, subjects.user, 'capabilities');
    } finally {
      await container.remove();
    }
  });
}
