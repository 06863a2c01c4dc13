// The order of the steps. Each is in a file of its own.

import { isRoot, type RestorePrivileges } from '../engines/engine.ts';
import { deployLines } from '../image/deploy-lines.ts';
import { makeManifest } from '../image/manifest.ts';
import { type BakePlan, makePlan } from '../plan/plan.ts';
import { describeProbe, type Probe } from '../readiness/probe.ts';
import { assemble } from './assemble.ts';
import { startCheckpoint } from './checkpoint.ts';
import { freeze } from './freeze.ts';
import { prepare } from './prepare.ts';
import { prove } from './prove.ts';
import { pushAndProve } from './push.ts';
import type { Run } from './run.ts';
import { serve } from './serve.ts';
import { startServices } from './services.ts';
import { startApp } from './start.ts';
import { failing } from './steps.ts';
import { standingTags, tagEverywhere, tagHere } from './tag.ts';
import { proveTwins } from './twins.ts';

/** Runs all steps. Throws the first failure. */
export async function runSteps(run: Run): Promise<void> {
  const { world, options, installation, names, host, step, report, warn } = run;
  const { app, docker: facts, criu, runtime, chosen, seccomp } = await prepare(run);
  const { engine } = chosen;
  report.app = { name: app.name, id: app.facts.id };
  report.engine = { name: engine.name, criuVersion: chosen.criuVersion, jvm: chosen.jvm };
  for (const message of chosen.warnings) warn(message);
  const plan = makePlan(options, engine, app.facts, app.reference, names, host);
  for (const path of plan.surroundings.mountedPaths)
    warn(`What the app reads from the mount ${path} is not in the restore image; a restore needs the same there.`);
  const services = options.services === undefined ? undefined : await startServices(run, options.services);

  const running = await step('start', async () => ({
    value: await startApp(world, plan, runtime, criu, world.signal),
    detail: plan.runRequest.command.join(' '),
  }));
  const begun = plan.serving === 'yes' ? undefined : startCheckpoint(world, plan);
  const ready = await serve(run, plan, running, begun);
  const { dumped, java, cpu, files } = await freeze(run, plan, engine, begun ?? startCheckpoint(world, plan), services);

  const sameUser = dumped.process.uid === 0 || !isRoot(app.facts.user);
  const privileges: RestorePrivileges = { capabilities: engine.restoreCapabilities(plan.appCapabilities, sameUser), seccomp };
  const probe: Probe = ready?.probe ?? plan.probe;
  const image = await step('assemble', async () => {
    const { entrypoint, command, user, architecture } = app.facts;
    const manifest = makeManifest({
      tool: installation.tool,
      app: { entrypoint, command, user, architecture },
      kernel: facts.kernel,
      cpu,
      dumped,
      java,
      restoreMs: options['restore-timeout'],
      afterRestoreMs: options['after-restore-timeout'],
      files,
      probe,
      restoreCapabilities: privileges.capabilities,
      appCapabilities: plan.appCapabilities,
      seccomp: seccomp === 'unconfined' ? seccomp : 'profile',
      engine: engine.name,
      jvm: engine.restore(options, app.facts.environment, plan.baseline, dumped),
      jdk: chosen.jvm,
      criu: { version: chosen.criuVersion, options: engine.criuOptions },
    });
    const value = await assemble(world, plan, app, manifest, options.labels);
    return { value, detail: `${Math.round(value.sizeBytes / 1e6)} MB` };
  });
  report.image = { id: image.id, sizeBytes: image.sizeBytes };

  const proofOptions = {
    ...{ probe, successes: options['ready-successes'], timeoutMs: options['prove-timeout'], host },
    residentBytes: dumped.process.residentBytes,
  };
  const proveImage = (of: BakePlan) => prove(world, of, privileges, proofOptions, world.signal);
  const proof = await step('prove', async () => {
    const first = (ms: number) => `first answer after ${Math.round(ms)} ms`;
    if (options.prove === 'single') {
      const value = await proveImage(plan);
      return { value, detail: first(value.firstResponseMs) };
    }
    const value = await proveTwins(world, plan, privileges, proofOptions, world.signal);
    report.twins = { compared: value.compared };
    if (value.compared.length === 0)
      warn('Twins: no answer held an identifier to compare; name a request that gives one: --warmup-request "GET /path".');
    return { value, detail: `${first(value.firstResponseMs)}; a twin shares none of ${value.compared.length} identifiers` };
  });
  report.restore = proof.restore;
  report.firstResponse = { request: describeProbe(probe), coldMs: report.firstResponse?.coldMs ?? null, restoredMs: proof.firstResponseMs };

  if (options.push) {
    const proved = await step('push', () =>
      failing('push-failed', 'push', 'The push could not be made', async () => {
        const value = await pushAndProve(run, plan, image.id, proveImage);
        return { value, detail: [...new Set(value.digests.values())].join(', ') };
      }),
    );
    await step('tag', () => failing('tag-failed', 'tag', 'The tags could not be moved', () => tagEverywhere(run, proved)));
  } else {
    const before = await standingTags(run);
    await step('tag', () => tagHere(run, names.restoreImage, before));
  }
  report.runWith = deployLines({
    image: options.tags[0] ?? image.id,
    ...privileges,
    root: isRoot(app.facts.user),
    identity: dumped.process,
    port: plan.requestPort,
    memory: options.memory,
    cpus: options.cpus,
  });
}
