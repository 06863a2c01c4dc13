// The images of the sample apps: folder, stage of its Dockerfile, and the base image that each build argument gets.
// `contexts`: other folders under test/apps by their name in the Dockerfile, each with the files that are taken from there.
const app = (folder, tag, bases, { target, contexts = {} } = {}) => ({
  name: `crac-bake-test/${folder}:${tag}`,
  folder,
  target,
  bases,
  contexts,
});

export const APP_IMAGES = [
  app('tiny', 'app', { BASE: 'debian' }),
  app('tiny', 'nonroot', { BASE: 'debian' }, { target: 'nonroot' }),
  app('plain-http', 'app', { BASE: 'jdk21' }),
  app('plain-http', 'nonroot', { BASE: 'jdk21' }, { target: 'nonroot' }),
  app('plain-http', 'volumes', { BASE: 'jdk21' }, { target: 'volumes' }),
  app('plain-http', 'jre', { BASE: 'jre21', BUILD_BASE: 'jdk21' }),
  app('redis', 'app', { BASE: 'debian' }),
  app('redis', 'nonroot', { BASE: 'debian' }, { target: 'nonroot' }),
  app('busybox', 'app', { BASE: 'debian' }),
  app('spring-hello', 'app', { BASE: 'jdk21' }),
  app('spring-hello', 'nonroot', { BASE: 'jdk21' }, { target: 'nonroot' }),
  app('spring-shop', 'app', { BASE: 'jdk21' }),
  app('spring-shop', 'nonroot', { BASE: 'jdk21' }, { target: 'nonroot' }),
];

const PLAIN = { plain: { folder: 'plain-http/src', files: ['.'] } };
const HELLO = { hello: { folder: 'spring-hello/target', files: ['app.jar'] } };
const SHOP = { shop: { folder: 'spring-shop/target', files: ['app.jar'] } };
const JARS = { jars: { folder: 'wild/target', files: ['opentelemetry-javaagent.jar', 'postgresql.jar'] } };
const BUILT = {
  built: {
    folder: 'frameworks/target',
    files: [
      'quarkus/quarkus-app',
      'micronaut/dependency',
      'micronaut/micronaut-1.jar',
      'webflux/app.jar',
      'servers/dependency',
      'servers/app.jar',
    ],
  },
};
const JAVA = { BASE: 'jdk21', JDK: 'jdk21' };
const JRE = { BASE: 'jre21', JDK: 'jdk21' };
const wild = (tag, bases, contexts = {}) => app('wild', tag, bases, { target: tag, contexts });

/** Stages of test/apps/frameworks. */
export const FRAMEWORKS = ['quarkus', 'micronaut', 'webflux', 'vertx', 'jetty', 'undertow'];

/** Images as people build them, for the long tests alone. */
export const LONG_IMAGES = [
  wild('shell-exec', JAVA, PLAIN),
  wild('shell-parent', JAVA, PLAIN),
  wild('exploded', JRE, HELLO),
  wild('jib', JRE, HELLO),
  wild('launcher', JRE, HELLO),
  wild('distroless', JAVA, PLAIN),
  wild('no-instrument', JAVA, PLAIN),
  wild('tmp-volume', JRE, HELLO),
  wild('tool-options', JRE, PLAIN),
  wild('otel', JRE, { ...HELLO, ...JARS }),
  wild('postgres', JRE, { ...SHOP, ...JARS }),
  wild('java8', { BASE: 'jre8', JDK: 'jdk21' }),
  wild('musl', { DEBIAN: 'debian' }),
  app('postgres', 'app', { BASE: 'debian' }),
  ...FRAMEWORKS.map((tag) => app('frameworks', tag, { BASE: 'jre21' }, { target: tag, contexts: BUILT })),
];

/** Apps whose jar is built on the host, and the jar. */
export const JAR_APPS = ['spring-hello', 'spring-shop'];
/** Folders whose jars only images of the long tests have, and a jar that is there when all are. */
const LONG_JARS = { wild: 'postgresql.jar', frameworks: 'quarkus/quarkus-app/quarkus-run.jar' };
export const LONG_JAR_FOLDERS = Object.keys(LONG_JARS);
export const jarName = (folder) => LONG_JARS[folder] ?? 'app.jar';
