// The printed lines for Compose, as they are, with the profile beside them as its printed command writes it.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { crac } from '../docker/support/cli.ts';
import { docker, untilAnswers } from '../docker/support/engine.ts';
import { type Baked, bakeSubjects, isRestored, REQUIRED, type Subjects } from './support/subjects.ts';

/** What every test has beside the printed lines: a port of this machine that is free, and switches. */
const BESIDE = `services:\n  app:\n    ports: !override ["127.0.0.1::8080"]\n    environment: ${JSON.stringify(REQUIRED)}\n`;

let subjects: Subjects;

test.before(async () => {
  subjects = await bakeSubjects('compose');
});

test.after.always(() => subjects?.remove());

for (const [title, which] of [
  ['an image that runs as root', 'root'],
  ['an image with a user of its own', 'user'],
] as const) {
  test(`${title} restores by the lines for Compose`, async (t) => {
    const baked: Baked = subjects[which];
    const folder = await mkdtemp(join(tmpdir(), 'crac-bake-compose-'));
    const compose = async (...words: string[]) => {
      const { stdout } = await execa('docker', ['compose', '--file', 'compose.yml', '--file', 'beside.yml', ...words], { cwd: folder });
      return stdout;
    };
    try {
      await writeFile(join(folder, 'compose.yml'), baked.lines.compose);
      await writeFile(join(folder, 'beside.yml'), BESIDE);
      t.is(baked.lines.profile?.docker, 'npx crac-bake seccomp > crac-bake-seccomp.json');
      await writeFile(join(folder, 'crac-bake-seccomp.json'), (await crac(['seccomp'])).stdout);
      await compose('up', '--detach');
      const container = { url: `http://${await compose('port', 'app', '8080')}`, logs: () => compose('logs') };
      await isRestored(t, { ask: (path) => untilAnswers(container, path), logs: container.logs }, baked);
      await compose('stop');
      t.is(await docker('inspect', '--format', '{{.State.ExitCode}}', await compose('ps', '--all', '--quiet')), '143');
    } finally {
      await compose('down', '--volumes').catch(() => '');
      await rm(folder, { recursive: true, force: true });
    }
  });
}
