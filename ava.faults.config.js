// Faults of engine, disk, helpers and app, injected on engines of their own: one at a time, for they measure time.
export default {
  files: ['test/faults/**/*.test.ts'],
  extensions: ['ts'],
  concurrency: 1,
  serial: true,
  timeout: '3m',
  workerThreads: false,
};
