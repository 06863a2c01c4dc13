// The machine that crac-bake itself runs on, where it is not the engine's.

import { type Checks, ok, warn } from '../judgement.ts';

export interface CallerFacts {
  /** As Node.js names it: `linux`, `darwin`, `win32`. */
  readonly platform: string;
  readonly dockerHost: string | undefined;
}

export const CALLER_CHECKS: Checks<CallerFacts> = {
  'this machine': ({ platform }) => {
    if (platform === 'darwin')
      return warn(
        'macOS: the Linux VM of Docker Desktop, Colima or the like does the work and decides; crac-bake was not tried there',
        'Bake on a Linux host, for example in CI: docker context use NAME',
      );
    if (platform === 'win32')
      return warn(
        'Windows: the Linux VM of Docker Desktop (WSL 2) does the work and decides; crac-bake was not tried there',
        'Bake on a Linux host, for example in CI: docker context use NAME',
      );
    return undefined;
  },
  'engine’s address': ({ dockerHost }) => (dockerHost === undefined ? undefined : ok(`DOCKER_HOST=${dockerHost}`)),
};
