// The engine `criu`: our CRIU and our runtime around any process; a stock JVM gets its hooks from the context agent.

import { type Baseline, forgottenFor, holdTo } from '../cpu/baselines.ts';
import type { OptionValues } from '../spec/values.ts';
import { type Engine, isRoot, normaliseCapabilities, ON_REFRESH, privilegeFlags, withJavaOptions } from './engine.ts';

/** CHECKPOINT_RESTORE (Linux 5.9) lets CRIU choose PIDs, SETPCAP lets it set the bounding set: without it the restore hangs in CRIU's restorer. */
const RESTORE = ['CHECKPOINT_RESTORE', 'SETPCAP'] as const;

const AGENT = '-javaagent:/opt/crac-bake/context.jar';

/** The context agent with its arguments (docs/runtime-contract.md). `baseline`: with one, HotSpot is made to forget what no option holds back. */
function agent(options: OptionValues, baseline: Baseline): string {
  const given = [
    ...(options.scheduled === 'keep' ? ['scheduled=keep'] : []),
    ...(options.heap === 'keep' ? ['memory=keep'] : []),
    ...(options['after-restore-timeout'] === AFTER_RESTORE_MS ? [] : [`after-restore-ms=${options['after-restore-timeout']}`]),
    ...(baseline === 'native' ? [] : [`hide=${forgottenFor(baseline).join('+')}`]),
  ];
  return given.length === 0 ? AGENT : `${AGENT}=${given.join(',')}`;
}

/** The agent's own limit of all afterRestore hooks together, in ms. */
const AFTER_RESTORE_MS = 10_000;

/** hsperfdata is a file in /tmp that stays mapped; a restore under a tmpfs on /tmp would miss it. */
const NO_PERF_DATA = '-XX:-UsePerfData';

export const criuEngine: Engine = {
  name: 'criu',
  // First what a fleet of mixed machines has.
  baselines: ['x86-64-v3', 'generic', 'native'],
  hold: holdTo,

  criuOptions: ['--tcp-close', '--file-locks', '--link-remap'],

  bakeEnvironment(options, imageEnvironment, baseline) {
    if (options.trigger === 'none') return options.env;
    const ours = [agent(options, baseline), NO_PERF_DATA, ...(options.trigger === 'on-refresh' ? [ON_REFRESH] : [])];
    return withJavaOptions(options.env, imageEnvironment, ours);
  },

  bakePrivileges(options, imageUser) {
    const app = normaliseCapabilities(options['app-capabilities']);
    if (options.privileges === 'privileged') return ['--privileged'];
    const changesUser = !isRoot(imageUser) || app.includes('SETUID');
    const capabilities = [
      ...RESTORE,
      'SYS_PTRACE',
      ...(options.clock === 'near-zero' ? ['SYS_ADMIN', 'SYS_TIME'] : []),
      ...(changesUser ? ['SETUID', 'SETGID'] : []),
      ...app,
    ];
    // The kernel lets nobody suspend a filter of the process that is dumped but with SYS_ADMIN under no filter (PTRACE_O_SUSPEND_SECCOMP, ptrace(2)).
    return privilegeFlags({ capabilities: [...new Set(capabilities)], seccomp: 'unconfined' });
  },

  trigger(options) {
    switch (options.trigger) {
      case 'on-refresh':
      case 'app':
        return ['--trigger', 'wait'];
      default:
        return ['--trigger', options.trigger];
    }
  },

  bakeCommand: (command) => command,

  runRequest: {},

  files: () => [],

  requiredFiles: (pid) => ['inventory.img', 'pstree.img', `core-${pid}.img`, 'pages-1.img'],

  restore: () => undefined,

  restoreCapabilities(appCapabilities, sameUser) {
    return [...new Set([...RESTORE, ...(sameUser ? [] : ['SYS_PTRACE', 'SETUID', 'SETGID']), ...appCapabilities])];
  },
};
