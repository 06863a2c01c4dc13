// The engine `crac`: the image's CRaC JDK freezes and restores its own process. What of it needs capabilities, crac-init does in its criu's place.

import type { Baseline } from '../cpu/baselines.ts';
import type { JvmFacts } from '../crac-jdk/jvm-facts.ts';
import { type CriuWish, checkpointOptions, restoreOptions } from '../crac-jdk/jvm-options.ts';
import { joinJavaOptions, splitJavaOptions } from '../crac-jdk/option-text.ts';
import { RUNTIME_FOLDER } from '../runtime/files.ts';
import { renderPolicies } from '../spec/resource-policies.ts';
import type { OptionValues } from '../spec/values.ts';
import { criuEngine } from './criu.ts';
import { capabilitiesAlone, type Engine, isRoot, normaliseCapabilities, ON_REFRESH, withJavaOptions } from './engine.ts';

/** The image's JVM, and the CRIU that is to work for it. */
export interface CracJvm {
  readonly facts: JvmFacts;
  /** `java` in the image. */
  readonly program: string;
  /** The JDK's own CRIU; undefined for that of the helper image. */
  readonly ownCriu: { readonly path: string; readonly unprivileged: boolean; readonly inheritsStdio: boolean } | undefined;
}

const FOLDER = `${RUNTIME_FOLDER}/jvm`;
const CHECKPOINT = `${RUNTIME_FOLDER}/checkpoint`;
const HAND_OVER = '/dev/shm/crac-bake';
/** No configuration file of the image changes what criu does, and the container's cgroups are the engine's business. */
const COMMON = ['--no-default-config', '--manage-cgroups=ignore'];

/** Where crac-init reads of the restore: that criu has the process back, and what went wrong. */
const AT_RESTORE = [...COMMON, '--pidfile', `${HAND_OVER}/pid`, '-o', `${HAND_OVER}/restore.log`];

/** Modes of files may differ, as Podman's of the root folder do. The CRIU of CRaC JDKs does not know the option (github.com/CRaC/criu). */
const OTHER_MODES = ['--skip-file-rwx-check'];

/** What crac-init itself needs to become the app's user. */
const withoutCriu: Engine['bakePrivileges'] = (options, imageUser) =>
  options.privileges === 'privileged'
    ? ['--privileged']
    : capabilitiesAlone([...(isRoot(imageUser) ? [] : ['SETUID', 'SETGID']), ...normaliseCapabilities(options['app-capabilities'])]);

/** The engine for this JVM. */
export function cracEngine({ facts, program, ownCriu }: CracJvm): Engine {
  const crac = facts.crac;
  const usesCriu = crac?.engine === 'criu';
  const wish = (options: readonly string[]): CriuWish => ({
    path: `${FOLDER}/criu`,
    unprivileged: ownCriu?.unprivileged ?? true,
    inheritsStdio: ownCriu?.inheritsStdio ?? false,
    options,
  });
  const atCheckpoint = (options: OptionValues, baseline: Baseline) =>
    checkpointOptions(facts, {
      checkpointTo: CHECKPOINT,
      criu: wish(COMMON),
      cpu: baseline,
      ...(options['resource-policies'].length === 0 ? {} : { policiesFile: `${FOLDER}/resource-policies` }),
    });
  const bakeEnvironment: Engine['bakeEnvironment'] = (options, imageEnvironment, baseline) => {
    const { arguments: words, environment } = atCheckpoint(options, baseline);
    const ours = joinJavaOptions([...words, ...(options.trigger === 'on-refresh' ? [ON_REFRESH] : [])]);
    return { ...withJavaOptions(options.env, imageEnvironment, [ours]), ...environment };
  };
  return {
    name: 'crac',
    // A mask for the JVM's CPUFeatures differs from version to version; these two words of it do not.
    baselines: ['native', 'generic'],
    hold: () => undefined,
    criuOptions: [],
    runRequest: usesCriu ? { jvm: true } : { jvm: true, clock: 'host' },
    bakeEnvironment,
    bakePrivileges: usesCriu ? criuEngine.bakePrivileges : withoutCriu,

    // Images for CRaC often have a folder of their own in their command, which would win over JAVA_TOOL_OPTIONS.
    bakeCommand: (command) => command.filter((word) => !word.startsWith('-XX:CRaCCheckpointTo=')),

    trigger(options) {
      const waits = options.trigger === 'on-refresh' || options.trigger === 'app';
      return [
        ...['--trigger', waits ? 'jvm-wait' : 'jvm'],
        ...(usesCriu ? (ownCriu === undefined ? [] : ['--criu-program', ownCriu.path]) : ['--not-criu']),
      ];
    },

    files(options) {
      const policies = renderPolicies(options['resource-policies']);
      return [
        { name: 'jvm/criu', link: '../crac-init' },
        ...(policies === '' ? [] : [{ name: 'jvm/resource-policies', content: policies }]),
      ];
    },

    requiredFiles: (pid) => (usesCriu ? criuEngine.requiredFiles(pid) : crac?.engine === 'warp' ? ['core.img'] : []),

    restoreCapabilities: (app, sameUser) => (usesCriu ? criuEngine.restoreCapabilities(app, sameUser) : app),

    restore(options, imageEnvironment, baseline, { stdout, stderr }) {
      const given = restoreOptions(facts, {
        restoreFrom: CHECKPOINT,
        criu: wish([...AT_RESTORE, ...(ownCriu === undefined ? OTHER_MODES : [])]),
        stdout,
        stderr,
        engineName: crac?.engineName ?? '',
      });
      const atBake = bakeEnvironment(options, imageEnvironment, baseline);
      return {
        program,
        arguments: given.arguments,
        environment: given.environment,
        variables: Object.keys(atBake),
        bakeOptions: splitJavaOptions(atBake.JAVA_TOOL_OPTIONS ?? ''),
        settable: crac?.atRestore.settableFlags ?? [],
        criu: ownCriu?.path ?? '',
        notCriu: !usesCriu,
      };
    },
  };
}

const flag = (name: string) => ({ name, type: 'ccstr', value: '', kind: 'product', origin: 'default' });

/** The engine for a JVM that was not asked: what a plan shows of it is the same for all of them. */
export const presumedCracEngine: Engine = cracEngine({
  program: 'java',
  ownCriu: undefined,
  facts: {
    ...{ version: '', feature: 0, vendor: '', build: '', vmName: '', home: '', collector: '' },
    crac: {
      flags: { checkpointTo: flag('CRaCCheckpointTo'), restoreFrom: flag('CRaCRestoreFrom'), engine: flag('CRaCEngine') },
      known: [],
      engineName: 'criuengine',
      engine: 'criu',
      criuNamedBy: 'environment',
      atRestore: { environment: true, properties: true, newMain: true, longestProperty: undefined, settableFlags: [] },
    },
  },
});
