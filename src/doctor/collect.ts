// Asks the engine's host what a container with the privileges of a bake finds there.

import type { Helper } from '../bake/helper-image.ts';
import { docker } from '../docker/cli.ts';
import { criuEngine } from '../engines/criu.ts';
import { RUN_LABEL } from '../image/labels.ts';
import type { RunNames } from '../plan/names.ts';
import type { World } from '../ports.ts';
import { INIT, packRuntime } from '../runtime/files.ts';
import { type HostFacts, parseHostFacts } from '../runtime/host-facts.ts';
import { parseOptions } from '../spec/values.ts';

/** Runs `crac-init facts` in a container of the helper image. The clean-up at the end removes it by its label. Throws DockerError. */
export async function collectHostFacts(
  world: World,
  names: RunNames,
  helper: Helper,
  runtime: { readonly init: Uint8Array; readonly agent: Uint8Array },
): Promise<HostFacts> {
  const container = names.facts;
  // The run request is part of the runtime's files, and read by nobody here.
  const packed = packRuntime(runtime.init, runtime.agent, {
    version: 1,
    command: [INIT, 'facts'],
    environment: {},
    user: '',
    clock: 'host',
    pidFloor: 0,
    capabilities: [],
  });
  await docker(world, [
    ...['create', '--name', container, '--label', `${RUN_LABEL}=${names.run}`, '--network', 'none'],
    ...criuEngine.bakePrivileges(parseOptions({}), ''),
    ...['--entrypoint', INIT, helper.image, 'facts'],
  ]);
  await docker(world, ['cp', '-', `${container}:/`], { input: await packed });
  return parseHostFacts(await docker(world, ['start', '--attach', container]));
}
