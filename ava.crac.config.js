// Tests of the engine `crac`, on the CRaC JDK that CRAC_BAKE_TEST_JDK_IMAGE names or on its stand-in: one at a time, as the others on a real engine.
import docker from './ava.docker.config.js';

export default { ...docker, files: ['test/docker/crac-*.test.ts'] };
