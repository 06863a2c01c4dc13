// The runtime's files as the tar stream that `docker cp -` takes, with the file capabilities that crac-init needs in images with a user of their own.

import { posix } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import type { RunRequest } from './run-request.ts';

/** Where all of ours lives in a container. */
export const RUNTIME_FOLDER = '/opt/crac-bake';
export const INIT = `${RUNTIME_FOLDER}/crac-init`;

/**
 * `cap_checkpoint_restore,cap_setpcap,cap_sys_ptrace=p` as the kernel keeps it in `security.capability` (struct vfs_cap_data, revision 2, linux/capability.h):
 * permitted only, no effective bit, for with that bit a container that grants fewer could not even start the program.
 */
const FILE_CAPABILITIES = (() => {
  const bits = (1n << 40n) | (1n << 8n) | (1n << 19n);
  const data = Buffer.alloc(20);
  data.writeUInt32LE(0x02000000, 0);
  data.writeUInt32LE(Number(bits & 0xffffffffn), 4);
  data.writeUInt32LE(Number(bits >> 32n), 12);
  return data.toString('latin1');
})();

/** A further file in the runtime's folder; `name` may have folders. Either a text, or a link to a path relative to its own folder. */
export type RuntimeFile = { readonly name: string } & ({ readonly content: string } | { readonly link: string });

/** A tar with `opt/crac-bake/`: crac-init, the context agent, the run request and further files. To be unpacked at the container's root. */
export async function packRuntime(
  init: Uint8Array,
  agent: Uint8Array,
  request: RunRequest,
  files: readonly RuntimeFile[] = [],
): Promise<Uint8Array> {
  const tar = pack();
  const folder = RUNTIME_FOLDER.slice(1);
  const owner = { uid: 0, gid: 0, mtime: new Date(0) };
  tar.entry({ name: `${folder}/`, type: 'directory', mode: 0o755, ...owner });
  tar.entry(
    { name: `${folder}/crac-init`, mode: 0o755, ...owner, pax: { 'SCHILY.xattr.security.capability': FILE_CAPABILITIES } },
    Buffer.from(init),
  );
  tar.entry({ name: `${folder}/context.jar`, mode: 0o644, ...owner }, Buffer.from(agent));
  tar.entry({ name: `${folder}/run.json`, mode: 0o600, ...owner }, JSON.stringify(request));
  for (const name of new Set(files.map((file) => posix.dirname(file.name))))
    if (name !== '.') tar.entry({ name: `${folder}/${name}/`, type: 'directory', mode: 0o755, ...owner });
  for (const file of files) {
    const name = `${folder}/${file.name}`;
    if ('link' in file) tar.entry({ name, type: 'symlink', linkname: file.link, ...owner });
    else tar.entry({ name, mode: 0o644, ...owner }, file.content);
  }
  tar.finalize();
  return buffer(tar);
}

/** A tar with one file, to be unpacked in its folder. */
export async function packFile(name: string, content: string): Promise<Uint8Array> {
  const tar = pack();
  tar.entry({ name, mode: 0o644, uid: 0, gid: 0, mtime: new Date(0) }, content);
  tar.finalize();
  return buffer(tar);
}
