// Asks the image's JVM what it is, in a container of the image that has no network and holds no capability.

import { LISTING_ARGUMENTS } from '../crac-jdk/jvm-listing.ts';
import { docker } from '../docker/cli.ts';
import { RUN_LABEL } from '../image/labels.ts';
import type { RunNames } from '../plan/names.ts';
import type { World } from '../ports.ts';
import { INIT, packRuntime } from '../runtime/files.ts';
import { type JvmReport, parseJvmReport } from '../runtime/jvm-report.ts';
import type { AppImage } from './app-image.ts';
import { failing } from './steps.ts';

/** Time for the answers of the JVM and of its CRIU, in ms; crac-init gives each program 20 s. */
const LIMIT_MS = 90_000;

/** What the JVM and what lies beside it say; `program` is empty where the image has no `java`. The clean-up removes the container by its label. Throws `start-failed`. */
export async function askJvm(
  world: World,
  names: RunNames,
  app: AppImage,
  runtime: { readonly init: Uint8Array; readonly agent: Uint8Array },
): Promise<JvmReport> {
  const container = names.jvm;
  const candidates = [...app.facts.entrypoint, ...app.facts.command].filter((word) => /(?:^|\/)java$/.test(word));
  const request = { version: 1, command: [INIT], environment: {}, user: '', clock: 'host', pidFloor: 0, capabilities: [] } as const;
  return failing('start-failed', 'start', 'The image’s JVM could not be asked what it is', async () => {
    const packed = packRuntime(runtime.init, runtime.agent, request);
    await docker(world, [
      ...['create', '--name', container, '--label', `${RUN_LABEL}=${names.run}`, '--network', 'none', '--cap-drop', 'ALL'],
      ...['--security-opt', 'no-new-privileges', '--entrypoint', INIT, app.reference],
      ...['jvm', ...candidates, '--', ...LISTING_ARGUMENTS],
    ]);
    await docker(world, ['cp', '-', `${container}:/`], { input: await packed });
    const answer = await docker(world, ['start', '--attach', container], { timeoutMs: LIMIT_MS });
    return parseJvmReport(answer);
  });
}
