// Writes seccomp/crac-bake.json: the Docker Engine's default profile, with what a restore needs beside it.
//   node scripts/seccomp.mjs            writes it
//   node scripts/seccomp.mjs --check    fails where it is not what would be written
// The default comes from github.com/moby/profiles (Apache-2.0), by Go's module proxy; its licence is among those of dist/.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMain, SetupError } from './setup/errors.mjs';
import { ROOT } from './setup/paths.mjs';

const MODULE = 'github.com/moby/profiles/seccomp@v0.3.0';

const RESTORE = 'CAP_CHECKPOINT_RESTORE';
const ADMIN = 'CAP_SYS_ADMIN';

/**
 * A restored process needs the PIDs that it had; clone3 is the way to choose them, and its arguments are in memory, where no profile sees them. Their size is
 * 80 bytes for who wants to choose (CLONE_ARGS_SIZE_VER1, linux/sched.h); the C libraries pass 88 and are told, as by the default, that there is no clone3,
 * so that they take clone, whose flags the profile does see. Without CHECKPOINT_RESTORE all is as in the default.
 */
const CHOOSES_PIDS = 80;

function clone3Rules(rule) {
  const when = { includes: { caps: [RESTORE] }, excludes: { caps: [ADMIN] } };
  const args = (op) => [{ index: 1, value: CHOOSES_PIDS, op }];
  return [
    { names: ['clone3'], action: 'SCMP_ACT_ALLOW', args: args('SCMP_CMP_EQ'), ...when },
    { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: rule.errnoRet, args: args('SCMP_CMP_NE'), ...when },
    { ...rule, excludes: { caps: [ADMIN, RESTORE] } },
  ];
}

/** Folder of the module, whose version is fixed: what it is does not change under us. */
export function profileModule() {
  const answer = execFileSync('go', ['mod', 'download', '-json', MODULE], { encoding: 'utf8', cwd: join(ROOT, 'runtime', 'init') });
  return { name: MODULE, folder: JSON.parse(answer).Dir };
}

/** The profile's text. */
export function deriveProfile() {
  const profile = JSON.parse(readFileSync(join(profileModule().folder, 'default.json'), 'utf8'));
  const refuses = (rule) => rule.names.includes('clone3') && rule.action === 'SCMP_ACT_ERRNO';
  if (profile.syscalls.filter(refuses).length !== 1) throw new SetupError(`${MODULE} has another rule for clone3 than is known`);
  const syscalls = profile.syscalls.flatMap((rule) => (refuses(rule) ? clone3Rules(rule) : [rule]));
  return `${JSON.stringify({ ...profile, syscalls }, null, 2)}\n`;
}

const FILE = join(ROOT, 'seccomp', 'crac-bake.json');

/** Throws where the committed profile is not the derived one. */
export function checkProfile() {
  if (readFileSync(FILE, 'utf8') !== deriveProfile())
    throw new SetupError('seccomp/crac-bake.json is stale. Run node scripts/seccomp.mjs.');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runMain(async () => (process.argv.includes('--check') ? checkProfile() : writeFileSync(FILE, deriveProfile())));
}
