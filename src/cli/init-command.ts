// `crac-bake init`.

import { files } from '../adapters/files.ts';
import { init } from '../init/write.ts';
import { VERSION } from './version.ts';

/** Writes a config file and a workflow, and says what it found. Throws `usage`. */
export async function initCommand(folder: string | undefined, flags: { readonly force?: boolean; readonly json?: boolean }): Promise<void> {
  const written = await init({ files, folder: folder ?? '.', cwd: process.cwd(), force: flags.force === true, version: VERSION });
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ version: 1, files: written.files }, null, 2)}\n`);
    return;
  }
  const { spring, build, composeFile } = written.found;
  const found = [
    'a Dockerfile',
    ...(spring === undefined ? [] : [spring.actuator ? 'Spring Boot with actuator' : 'Spring Boot']),
    ...(build === undefined ? [] : [build.replace('-wrapper', '')]),
    ...(composeFile === undefined ? [] : [composeFile]),
  ];
  process.stdout.write(
    `Found ${found.join(', ')}.\n${written.files.map((file) => `Wrote ${file}\n`).join('')}Next: crac-bake bake ${folder ?? ''}`.trimEnd(),
  );
  process.stdout.write('\n');
}
