// What a bake needs before anything is started: the app image, and in the meantime an engine that was checked, CRIU and the runtime.

import { tryDocker } from '../docker/cli.ts';
import { askEngine, type EngineFacts, knowsSeccomp } from '../docker/engine-facts.ts';
import type { Seccomp } from '../engines/engine.ts';
import { BakeError } from '../errors.ts';
import { checkEngine } from '../host/engine-check.ts';
import type { World } from '../ports.ts';
import { type AppImage, checkAppImage, getAppImage } from './app-image.ts';
import { askJvm } from './ask-jvm.ts';
import { type ChosenEngine, chooseEngine, jvmWords, wantsJvm } from './choose-engine.ts';
import { type CriuFiles, ensureHelper, readCriu } from './helper-image.ts';
import { checkHost, hostCheckKey } from './host-check.ts';
import type { Run } from './run.ts';
import { readRuntime } from './start.ts';
import { together, within } from './steps.ts';

export interface Prepared {
  readonly app: AppImage;
  readonly docker: EngineFacts;
  readonly criu: CriuFiles;
  readonly runtime: { readonly init: Uint8Array; readonly agent: Uint8Array };
  readonly chosen: ChosenEngine;
  /** Of the restore. */
  readonly seccomp: Seccomp;
}

/** The seccomp profile of restores: ours, unless the user wants none or the engine can apply none; then a warning says so. */
function chooseSeccomp({ options, installation, warn }: Run, engine: EngineFacts): Seccomp {
  if (options.seccomp === 'unconfined') return 'unconfined';
  if (knowsSeccomp(engine)) return installation.seccomp;
  warn('This engine applies no seccomp profiles: the restore was proved without one (--seccomp unconfined).');
  return 'unconfined';
}

/** Asks the engine for its facts, and whether it is one that can bake this. Throws `no-engine`, `old-engine`, `other-engine`, `host-unfit`, `wrong-architecture`. */
export async function getEngine({ world, options, warn }: Run): Promise<EngineFacts> {
  const engine = await askEngine(world);
  checkEngine(engine, warn);
  if (options.platform !== undefined && options.platform !== `linux/${engine.architecture}`) {
    throw new BakeError('wrong-architecture', 'build', `--platform ${options.platform} is not the engine’s, linux/${engine.architecture}`);
  }
  await checkNetwork(world, options.network);
  return engine;
}

/** The step that builds or takes the app image, and refuses one that cannot be baked. `signal` ends it. */
export function getApp({ world, options, names, step, haveApp }: Run, engine: EngineFacts, signal: AbortSignal): Promise<AppImage> {
  return step('build', async () => {
    const image = await getAppImage({ ...world, signal, emit: within('build', world.emit) }, options, names);
    checkAppImage(image, engine.architecture);
    haveApp(image);
    return { value: image, detail: image.name };
  });
}

/** Gets the image and checks the engine side by side. Throws what either throws, the first of them. */
export async function prepare(run: Run): Promise<Prepared> {
  const { world, options, installation, names, step } = run;
  const engine = await getEngine(run);
  const seccomp = chooseSeccomp(run, engine);
  const [{ app, jvm }, { criu, runtime }] = await together(
    world.signal,
    // With --on-failure plain the image is needed even where the host cannot bake.
    async (signal) => {
      const app = await getApp(run, engine, options['on-failure'] === 'plain' ? world.signal : signal);
      const its: World = { ...world, signal, emit: within('build', world.emit) };
      const runtime = () => readRuntime(world.files, installation.dist, engine.architecture);
      return { app, jvm: wantsJvm(options) ? await askJvm(its, names, app, runtime) : undefined };
    },
    (signal) =>
      step('check-host', async () => {
        const its: World = { ...world, signal, emit: within('check-host', world.emit) };
        const [runtime, helper] = await Promise.all([
          readRuntime(world.files, installation.dist, engine.architecture),
          ensureHelper(its, installation.helper, options['criu-base'], engine.architecture, installation.helperStore),
        ]);
        const [criu, key] = await Promise.all([readCriu(its, helper, names), hostCheckKey(its, { engine, helper, runtime, seccomp })]);
        const parts = { names, engine, helper, criu, runtime, seccomp, tool: installation.tool };
        const known = await installation.hostChecks.has(key);
        if (!known) {
          its.emit({ kind: 'progress', step: 'check-host', message: 'dumping and restoring a tiny process (once per engine start)' });
          await checkHost(its, parts);
          await installation.hostChecks.add(key);
        }
        return { value: { criu, runtime }, detail: `Docker ${engine.version}, Linux ${engine.kernel}, CRIU ${criu.version}` };
      }),
  );
  const host = { kernel: engine.kernel, architecture: engine.architecture };
  const chosen = chooseEngine(options, jvm, host, criu.version, jvmWords(app.facts, options.env));
  return { app, docker: engine, criu, runtime, chosen, seccomp };
}

/** A name that is wrong is to be told before anything is built. Throws `network-not-found`. */
async function checkNetwork(world: World, network: string | undefined): Promise<void> {
  if (network === undefined || network === 'host' || network === 'none') return;
  const { exitCode } = await tryDocker(world, ['network', 'inspect', '--format', '{{.Name}}', network]);
  if (exitCode !== 0) throw new BakeError('network-not-found', 'options', `The engine has no network ${network}`);
}
