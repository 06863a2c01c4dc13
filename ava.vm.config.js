// A second host, which is a virtual machine: slow where the processor is emulated.
export default {
  files: ['test/vm/**/*.test.ts'],
  extensions: ['ts'],
  concurrency: 1,
  serial: true,
  timeout: '20m',
  workerThreads: false,
};
