// The restore image's labels, rendered from the manifest, so that a registry's copy of the configuration answers without a layer.

import type { JvmDescription } from '../engines/engine.ts';
import { jdkName } from './jdk.ts';
import type { Manifest } from './manifest.ts';

export const LABEL_PREFIX = 'io.github.crac-bake.';

/** On everything that a run makes; its value is the run's id. On a restore image it is empty, so that nothing started from one is taken for a leftover. */
export const RUN_LABEL = `${LABEL_PREFIX}run`;

/** The label by which a restore image is known. */
export const ENGINE_LABEL = `${LABEL_PREFIX}engine`;

interface BaseImage {
  readonly name: string | undefined;
  /** `sha256:…` of a registry, or the image's id where it was never pushed. */
  readonly digest: string;
}

/** Labels without their values' meaning for docker: names to texts. */
export function restoreLabels(manifest: Manifest, base: BaseImage, user: Readonly<Record<string, string>>): Record<string, string> {
  const { checkpoint } = manifest;
  return {
    ...user,
    ...(base.name === undefined ? {} : { 'org.opencontainers.image.base.name': base.name }),
    'org.opencontainers.image.base.digest': base.digest,
    [ENGINE_LABEL]: manifest.engine,
    [`${LABEL_PREFIX}tool`]: manifest.tool,
    [`${LABEL_PREFIX}criu`]: manifest.criu.version,
    [`${LABEL_PREFIX}kernel`]: manifest.kernel,
    [`${LABEL_PREFIX}architecture`]: manifest.architecture,
    [`${LABEL_PREFIX}cpu`]: manifest.cpu.model,
    [`${LABEL_PREFIX}cpu-baseline`]: manifest.cpu.baseline,
    [`${LABEL_PREFIX}cpu-features`]: manifest.cpu.features.join(','),
    [`${LABEL_PREFIX}clock`]: manifest.clock.mode,
    [`${LABEL_PREFIX}abilities`]: manifest.abilities.join(','),
    [`${LABEL_PREFIX}dumped-at`]: manifest.clock.wall,
    ...(manifest.java === null ? {} : { [`${LABEL_PREFIX}java`]: `${manifest.java.vendor} ${manifest.java.version}` }),
    [`${LABEL_PREFIX}files-changed`]: String(manifest.files.added + manifest.files.changed + manifest.files.deleted),
    [`${LABEL_PREFIX}process-capabilities`]: checkpoint.capabilities.join(','),
    [`${LABEL_PREFIX}seccomp`]: String(checkpoint.seccomp),
    [`${LABEL_PREFIX}hooks`]: String(manifest.agent),
    [`${LABEL_PREFIX}pid`]: String(checkpoint.pid),
    [`${LABEL_PREFIX}uid`]: String(checkpoint.uid),
    [`${LABEL_PREFIX}gid`]: String(checkpoint.gid),
    [`${LABEL_PREFIX}threads`]: String(checkpoint.threads),
    [`${LABEL_PREFIX}resident-bytes`]: String(checkpoint.residentBytes),
    [`${LABEL_PREFIX}checkpoint-bytes`]: String(checkpoint.bytes),
    [`${LABEL_PREFIX}restore-capabilities`]: manifest.capabilities.restore.join(','),
    [`${LABEL_PREFIX}restore-seccomp`]: manifest.seccomp,
    ...(manifest.jdk === undefined ? {} : jdkLabels(manifest.jdk)),
    [RUN_LABEL]: '',
  };
}

/** Labels of a restore image whose JVM is a CRaC JDK. */
function jdkLabels(jvm: JvmDescription): Record<string, string> {
  const { ownCriu } = jvm;
  return {
    [`${LABEL_PREFIX}jdk`]: jdkName(jvm),
    [`${LABEL_PREFIX}jdk-vendor`]: jvm.vendor,
    [`${LABEL_PREFIX}jdk-engine`]: jvm.engine,
    [`${LABEL_PREFIX}jdk-flags`]: jvm.flags.join(','),
    [`${LABEL_PREFIX}jdk-jcmd`]: String(jvm.hasJcmd),
    [`${LABEL_PREFIX}jdk-criu`]:
      ownCriu === null ? 'none' : [ownCriu.path, ownCriu.version, ownCriu.verdict].filter((part) => part !== '').join(' '),
    [`${LABEL_PREFIX}criu-from`]: jvm.criu,
  };
}

/** A `LABEL` instruction for `docker commit --change`; values keep every character but line breaks, which a Dockerfile cannot hold. */
export function labelInstruction(labels: Readonly<Record<string, string>>): string {
  const quote = (text: string) => `"${text.replace(/[\\"$]/g, '\\$&').replace(/[\r\n]+/g, ' ')}"`;
  return `LABEL ${Object.entries(labels)
    .map(([name, value]) => `${quote(name)}=${quote(value)}`)
    .join(' ')}`;
}
