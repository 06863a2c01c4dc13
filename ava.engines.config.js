// The printed lines where people take them to: Compose, pods on a kubelet (which the set-up builds), Podman; and the Docker Engine with containerd’s image store.
export default {
  files: ['test/engines/**/*.test.ts'],
  extensions: ['ts'],
  concurrency: 1,
  serial: true,
  timeout: '10m',
  workerThreads: false,
};
