// `crac-bake seccomp`.

import { files } from '../adapters/files.ts';
import { normaliseCapabilities } from '../engines/engine.ts';
import { type DockerProfile, ociProfile } from '../engines/seccomp.ts';
import { EVERY_RESTORE } from '../image/deploy-lines.ts';
import { findInstallation } from './installation.ts';

interface SeccompFlags {
  readonly for: 'docker' | 'kubernetes';
  readonly capability?: readonly string[];
}

/** Prints the seccomp profile of restores: as it is for Docker, without conditions for a container with these capabilities for Kubernetes. */
export async function seccompCommand(flags: SeccompFlags): Promise<void> {
  const text = await files.readText(findInstallation(process.env).seccomp);
  if (flags.for === 'docker') {
    process.stdout.write(text);
    return;
  }
  const capabilities = [...new Set([...EVERY_RESTORE, ...normaliseCapabilities(flags.capability ?? [])])];
  process.stdout.write(`${JSON.stringify(ociProfile(JSON.parse(text) as DockerProfile, capabilities), null, 2)}\n`);
}
