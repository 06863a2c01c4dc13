// Restores by what is not the Docker Engine: pods on a kubelet, which the set-up builds, and Podman.
export default {
  files: ['test/engines/**/*.test.ts'],
  extensions: ['ts'],
  concurrency: 1,
  serial: true,
  timeout: '10m',
  workerThreads: false,
};
