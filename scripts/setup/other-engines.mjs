// What runs restore images and is not the Docker Engine, for tests: a node of Kubernetes, and Podman: node scripts/setup/other-engines.mjs
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureEngine } from './engine.mjs';
import { runMain } from './errors.mjs';
import { ensureKubelet } from './kubelet.mjs';
import { ensurePackageImage } from './package-image.mjs';
import { progressLog } from './progress.mjs';

const NODE = {
  repository: 'crac-bake-test/node',
  packages: ['containerd', 'runc', 'containernetworking-plugins', 'iptables', 'iproute2', 'mount', 'curl', 'ca-certificates'],
  purpose: 'the tests on Kubernetes need containerd',
};

const PODMAN = {
  repository: 'crac-bake-test/podman',
  packages: [
    ...['podman', 'runc', 'crun', 'uidmap', 'passt', 'netavark', 'aardvark-dns', 'nftables', 'iptables'],
    ...['mount', 'util-linux', 'passwd', 'ca-certificates'],
  ],
  purpose: 'the tests with Podman need it',
};

const files = (name) => fileURLToPath(new URL(`files/${name}`, import.meta.url));

/** Returns `{image, kubelet, files}`: an image with containerd, the kubelet's path, and the folder with the node's configuration and its `start.sh`. */
export async function ensureNode({ log }) {
  return { image: await ensurePackageImage({ ...NODE, log }), kubelet: await ensureKubelet({ log }), files: files('node') };
}

/** Returns `{image, files}`: an image with Podman, and the folder with its configuration. */
export async function ensurePodman({ log }) {
  return { image: await ensurePackageImage({ ...PODMAN, log }), files: files('podman') };
}

/** Both. */
export async function ensureOtherEngines({ log }) {
  return { node: await ensureNode({ log }), podman: await ensurePodman({ log }) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    const log = progressLog();
    await ensureEngine({ log });
    process.stdout.write(`${JSON.stringify(await ensureOtherEngines({ log }), null, 2)}\n`);
  });
}
