// All known failures.

import { APP } from './entries/app.ts';
import { BUILD } from './entries/build.ts';
import { CRAC_INIT } from './entries/crac-init.ts';
import { CRAC_JDK } from './entries/crac-jdk.ts';
import { CRIU_DESCRIPTORS } from './entries/criu-descriptors.ts';
import { CRIU_PROCESSES } from './entries/criu-processes.ts';
import { CRIU_RESTORE } from './entries/criu-restore.ts';
import { CRIU_SECURITY } from './entries/criu-security.ts';
import { CRIU_SETUP } from './entries/criu-setup.ts';
import { ENGINE } from './entries/engine.ts';
import { FINE } from './entries/fine.ts';
import { JCMD } from './entries/jcmd.ts';
import { TOOLS } from './entries/tools.ts';
import type { Failure } from './failure.ts';

export const CATALOGUE: readonly Failure[] = [
  ...ENGINE,
  ...BUILD,
  ...APP,
  ...CRAC_JDK,
  ...JCMD,
  ...CRIU_SETUP,
  ...CRIU_PROCESSES,
  ...CRIU_DESCRIPTORS,
  ...CRIU_SECURITY,
  ...CRIU_RESTORE,
  ...CRAC_INIT,
  ...TOOLS,
  ...FINE,
];
