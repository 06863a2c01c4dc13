// Tests with a real Docker Engine and a real CRIU: one at a time, for they share two cores and measure.
export default {
  files: ['test/docker/**/*.test.ts', '!test/docker/crac-*.test.ts'],
  extensions: ['ts'],
  concurrency: 1,
  serial: true,
  timeout: '6m',
  workerThreads: false,
};
