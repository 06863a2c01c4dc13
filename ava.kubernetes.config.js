// Pods on a kubelet: the first run builds it.
export default {
  files: ['test/kubernetes/**/*.test.ts'],
  extensions: ['ts'],
  concurrency: 1,
  serial: true,
  timeout: '10m',
  workerThreads: false,
};
