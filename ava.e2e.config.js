// Workflows with the action in them, run by act on a real engine: one at a time.
export default {
  files: ['test/e2e/**/*.test.ts'],
  extensions: ['ts'],
  concurrency: 1,
  serial: true,
  timeout: '6m',
  workerThreads: false,
};
