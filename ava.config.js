// Unit, contract, component and process tests; the real engine's tests have a configuration of their own (ava.docker.config.js).
export default {
  files: ['test/{unit,contract,component,process}/**/*.test.ts'],
  extensions: ['ts'],
  timeout: '60s',
};
