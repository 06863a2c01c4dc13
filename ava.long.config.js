// Real bakes that are too many or too slow for every run: images in the wild, a registry that fails slowly.
export default {
  files: ['test/long/**/*.test.ts'],
  extensions: ['ts'],
  concurrency: 1,
  serial: true,
  timeout: '10m',
  workerThreads: false,
};
