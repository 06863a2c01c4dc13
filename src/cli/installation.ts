// Where this installation keeps its own files, and the host checks that it remembers.

import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { files } from '../adapters/files.ts';
import type { Installation } from '../bake/run.ts';
import { untrustedEvent } from '../registry/untrusted-event.ts';
import { VERSION } from './version.ts';

/** The package's folder: the bundle is in `dist/`, the source in `src/cli/`. */
const root = (() => {
  const here = dirname(fileURLToPath(import.meta.url));
  return here.endsWith(join('src', 'cli')) ? join(here, '..', '..') : join(here, '..');
})();

export function findInstallation(environment: Readonly<Record<string, string | undefined>>): Installation {
  const cache = join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'crac-bake', 'host-checks');
  const fileOf = (key: string) => join(cache, createHash('sha256').update(key).digest('hex').slice(0, 16));
  return {
    tool: `crac-bake ${VERSION}`,
    dist: join(root, 'dist'),
    helper: join(root, 'helper'),
    seccomp: join(root, 'seccomp', 'crac-bake.json'),
    dockerConfig: environment.DOCKER_CONFIG || join(homedir(), '.docker'),
    dockerHost: environment.DOCKER_HOST || undefined,
    untrusted: async () => {
      const path = environment.GITHUB_EVENT_PATH;
      const payload = path ? await files.readText(path).catch(() => '') : '';
      return untrustedEvent(environment.GITHUB_EVENT_NAME, payload);
    },
    hostChecks: {
      has: (key) => files.exists(fileOf(key)),
      // A home that cannot be written to costs a repeated check, nothing else.
      add: (key) => files.write(fileOf(key), '').catch(() => {}),
    },
  };
}
