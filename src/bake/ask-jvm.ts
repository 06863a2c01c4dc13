// Asks the image's JVM what it is, in containers of the image that have no network and hold no capability.

import { LISTING_ARGUMENTS } from '../crac-jdk/jvm-listing.ts';
import { docker, tryDocker } from '../docker/cli.ts';
import { RUN_LABEL } from '../image/labels.ts';
import type { RunNames } from '../plan/names.ts';
import type { World } from '../ports.ts';
import { INIT, packRuntime } from '../runtime/files.ts';
import { type JvmReport, parseJvmReport } from '../runtime/jvm-report.ts';
import type { AppImage } from './app-image.ts';
import { failing } from './steps.ts';

/** Time for the answers of the JVM and of its CRIU, in ms; crac-init gives each program 20 s. */
const LIMIT_MS = 90_000;

/** docker's exit code where the image has no such program (docker run, "Exit status"). */
const NOT_FOUND = 127;

const alone = (names: RunNames) => [
  ...['--label', `${RUN_LABEL}=${names.run}`, '--network', 'none'],
  ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
];

/**
 * What the JVM says; undefined where the image has none. Most are stock ones, for which one short container is enough; the rest, and those that do not
 * answer like this, are asked by crac-init. The clean-up removes the containers by their label. Throws `start-failed`.
 */
export async function askJvm(
  world: World,
  names: RunNames,
  app: AppImage,
  readRuntime: () => Promise<{ readonly init: Uint8Array; readonly agent: Uint8Array }>,
): Promise<JvmReport | undefined> {
  const { entrypoint, command, environment } = app.facts;
  const candidates = [...entrypoint, ...command].filter((word) => /(?:^|\/)java$/.test(word));
  const home = environment.find((line) => /^JAVA_HOME=./.test(line))?.slice('JAVA_HOME='.length);
  const program = candidates[0] ?? (home === undefined ? 'java' : `${home}/bin/java`);
  const { exitCode, stdout, stderr } = await tryDocker(
    world,
    ['run', '--rm', ...alone(names), '--entrypoint', program, app.reference, ...LISTING_ARGUMENTS],
    { timeoutMs: LIMIT_MS },
  );
  const listing = `${new TextDecoder().decode(stdout)}\n${stderr}`;
  if (exitCode === 0 && !/CRaC|CREngine/.test(listing))
    return { program, listing, engineHelp: '', jcmd: false, criu: null, cpuFeatures: null };
  if (exitCode === NOT_FOUND && program === 'java') return undefined;
  return askByInit(world, names, app, candidates, await readRuntime());
}

async function askByInit(
  world: World,
  names: RunNames,
  app: AppImage,
  candidates: readonly string[],
  runtime: { readonly init: Uint8Array; readonly agent: Uint8Array },
): Promise<JvmReport> {
  const container = names.jvm;
  const request = { version: 1, command: [INIT], environment: {}, user: '', clock: 'host', pidFloor: 0, capabilities: [] } as const;
  return failing('start-failed', 'start', 'The image’s JVM could not be asked what it is', async () => {
    const packed = packRuntime(runtime.init, runtime.agent, request);
    await docker(world, [
      ...['create', '--name', container, ...alone(names)],
      ...['--entrypoint', INIT, app.reference],
      ...['jvm', ...candidates, '--', ...LISTING_ARGUMENTS],
    ]);
    await docker(world, ['cp', '-', `${container}:/`], { input: await packed });
    const answer = await docker(world, ['start', '--attach', container], { timeoutMs: LIMIT_MS });
    return parseJvmReport(answer);
  });
}
