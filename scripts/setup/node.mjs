// What a node of Kubernetes for tests is made of: an image with containerd, and a kubelet: node scripts/setup/node.mjs
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureEngine } from './engine.mjs';
import { runMain } from './errors.mjs';
import { ensureKubelet } from './kubelet.mjs';
import { ensurePackageImage } from './package-image.mjs';
import { progressLog } from './progress.mjs';

const IMAGE = {
  repository: 'crac-bake-test/node',
  packages: ['containerd', 'runc', 'containernetworking-plugins', 'iptables', 'iproute2', 'mount', 'curl', 'ca-certificates'],
  purpose: 'the tests on Kubernetes need containerd',
};

/** Returns `{image, kubelet, files}`: the image's name, the program's path, and the folder with the node's configuration and its `start.sh`. */
export async function ensureNode({ log }) {
  const [image, kubelet] = [await ensurePackageImage({ ...IMAGE, log }), await ensureKubelet({ log })];
  return { image, kubelet, files: fileURLToPath(new URL('files/node', import.meta.url)) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    const log = progressLog();
    await ensureEngine({ log });
    process.stdout.write(`${JSON.stringify(await ensureNode({ log }), null, 2)}\n`);
  });
}
