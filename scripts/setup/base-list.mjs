// Which base images there are: the name in the registry, the local name and what a local one is made of.
// The longest to make comes first, so that the others fit beside it.
export const BASES = {
  /** JDK 21 with jcmd and javac: sample apps. */
  jdk21: {
    registry: 'eclipse-temurin:21',
    local: 'crac-bake-test/jdk21:local',
    suite: 'trixie',
    packages: ['openjdk-21-jdk-headless'],
    configuration: ['CMD ["jshell"]'],
  },
  /** Has a CRIU that is new enough among its packages. */
  criu: {
    registry: 'debian:testing-slim',
    local: 'crac-bake-test/debian-testing:local',
    suite: 'forky',
    packages: [],
    configuration: ['CMD ["bash"]'],
  },
  /** JRE 21 without jcmd: images as slim as people run them. */
  jre21: {
    registry: 'eclipse-temurin:21-jre',
    local: 'crac-bake-test/jre21:local',
    suite: 'trixie',
    packages: ['openjdk-21-jre-headless'],
    configuration: ['CMD ["java", "-version"]'],
  },
  /** Plain Debian with apt: Redis and the tiny server. */
  debian: {
    registry: 'debian:trixie-slim',
    local: 'crac-bake-test/debian:local',
    suite: 'trixie',
    packages: [],
    configuration: ['CMD ["bash"]'],
  },
  /** JRE 8, which of Debian's suites only unstable still has. */
  jre8: {
    registry: 'eclipse-temurin:8-jre',
    local: 'crac-bake-test/jre8:local',
    suite: 'sid',
    packages: ['openjdk-8-jre-headless'],
    configuration: ['CMD ["java", "-version"]'],
  },
};

/** Those that only the long tests need; they are made when an image asks for them. */
export const RARE_BASES = ['jre8'];
