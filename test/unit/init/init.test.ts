import test from 'ava';
import { BakeError } from '../../../src/errors.ts';
import { init } from '../../../src/init/write.ts';
import { parseConfigFile } from '../../../src/spec/config-file.ts';
import { parseOptions } from '../../../src/spec/values.ts';
import { memoryFiles } from '../config/memory-files.ts';

const POM = '<groupId>org.springframework.boot</groupId>';
const ACTUATOR = `${POM}<artifactId>spring-boot-starter-actuator</artifactId>`;
const RESOURCES = '/repo/My App/src/main/resources';

async function initIn(content: Record<string, string>, more: { force?: boolean } = {}) {
  const files = memoryFiles({ '/repo/.git/HEAD': '', ...content });
  const written = await init({ files, folder: '.', cwd: '/repo/My App', force: false, version: '1.2.3', ...more });
  const config = files.written.get('/repo/My App/crac-bake.yml') ?? files.written.get('/repo/My App/crac-bake.yaml') ?? '';
  const options = parseOptions(Object.fromEntries([...parseConfigFile(config, 'f')].map(([name, { raw }]) => [name, raw])));
  return { written, config, options, workflow: files.written.get('/repo/.github/workflows/crac-bake.yml') ?? '', files };
}

const found: readonly [title: string, dockerfile: string, more: Record<string, string>, options: object, config: readonly RegExp[]][] = [
  [
    'a port',
    'FROM a\nEXPOSE 9000\n',
    {},
    { tags: ['my-app:crac'], ready: undefined, port: undefined },
    [/# When it is ready: port 9000 of EXPOSE answers/, /# Guessed from the folder’s name\.\ntags:/],
  ],
  ['nothing', 'FROM a\n', {}, { ready: undefined }, [/nothing in the folder says/]],
  [
    'a health check with a URL',
    'FROM a\nHEALTHCHECK CMD curl -f http://localhost:80/\n',
    {},
    { ready: undefined },
    [/the URL in the Dockerfile’s HEALTHCHECK/],
  ],
  ['another health check', 'FROM a\nHEALTHCHECK CMD test -e /up\n', {}, { ready: 'health' }, []],
  [
    'Spring Boot with actuator',
    'FROM a\nEXPOSE 8080\n',
    { 'pom.xml': ACTUATOR },
    { ready: 'http:8080/actuator/health', port: undefined },
    [/# Guessed: Spring Boot’s actuator/],
  ],
  [
    'Spring’s configuration as properties',
    'FROM a\n',
    {
      'pom.xml': ACTUATOR,
      'src/main/resources/application.properties':
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Spring's syntax
        'server.port=${PORT:9090}\nspring.application.name=Shop API\nmanagement.endpoints.web.base-path=/manage\nserver.servlet.context-path=/shop\n',
    },
    { ready: 'http:9090/shop/manage/health', tags: ['shop-api:crac'] },
    [/# Guessed from spring\.application\.name/],
  ],
  [
    'Spring’s configuration as YAML, with a port for the management',
    'FROM a\nEXPOSE 9091 9090\n',
    {
      'build.gradle.kts': ACTUATOR,
      'src/main/resources/application.yml': 'server:\n  port: 9090\nmanagement:\n  server:\n    port: 9091\n---\nserver:\n  port: 1\n',
    },
    { ready: 'http:9091/actuator/health', port: undefined },
    [],
  ],
  [
    'Spring’s port is not the first of EXPOSE',
    'FROM a\nEXPOSE 5005 8080\n',
    { 'pom.xml': ACTUATOR },
    { ready: 'http:8080/actuator/health', port: 8080 },
    [/# Guessed: Spring’s port takes the requests/],
  ],
  [
    'Spring Boot without actuator and EXPOSE',
    'FROM a\n',
    { 'build.gradle': POM },
    { ready: 'http:8080/', 'ready-status': '200-499' },
    [/# Guessed: Spring’s default port; the Dockerfile exposes none/],
  ],
  [
    'stages, build arguments and a compose file',
    'ARG BASE=eclipse-temurin:21\nFROM a AS build\nFROM $BASE AS app\n',
    { 'compose.yml': '' },
    { target: undefined, 'build-args': {}, services: undefined },
    [/# Stages|Stages with a name: build, app/, /# build-args:\n# {3}BASE: eclipse-temurin:21/, /# services: compose\.yml/],
  ],
];

for (const [title, dockerfile, more, options, lines] of found) {
  test(`init finds ${title}`, async (t) => {
    const inFolder = Object.entries({ Dockerfile: dockerfile, ...more }).map(([name, text]) => [`/repo/My App/${name}`, text]);
    const result = await initIn(Object.fromEntries(inFolder));
    t.like(result.options, { context: '.', ...options }, result.config);
    for (const line of lines) t.regex(result.config, line);
    t.regex(result.config, /^# yaml-language-server: \$schema=https:\/\/unpkg\.com\/crac-bake\//);
    t.deepEqual(result.written.files, ['crac-bake.yml', '../.github/workflows/crac-bake.yml']);
    t.regex(result.workflow, /- run: npx --yes crac-bake@1\.2\.3 bake 'My App'\n/);
  });
}

test('the workflow builds the jar that the Dockerfile copies', async (t) => {
  const dockerfile = { '/repo/My App/Dockerfile': 'FROM a\nCOPY --chown=1 target/app.jar app.jar\n' };
  const maven = await initIn({ ...dockerfile, '/repo/My App/pom.xml': POM });
  t.regex(
    maven.workflow,
    /# Guessed[^\n]*\n {6}- uses: actions\/setup-java@v5[\s\S]*- run: mvn -B -ntp -DskipTests package\n {8}working-directory: My App\n/,
  );
  const wrapper = await initIn({ ...dockerfile, '/repo/My App/pom.xml': POM, '/repo/My App/mvnw': '' });
  t.regex(wrapper.workflow, /- run: \.\/mvnw /);
  const inside = await initIn({
    '/repo/My App/Dockerfile': 'FROM m AS b\nCOPY . .\nRUN mvn package\nFROM a\nCOPY --from=b target/app.jar .\n',
    '/repo/My App/pom.xml': POM,
  });
  t.notRegex(inside.workflow, /setup-java/);
});

test('without a git repository the workflow is in the folder itself', async (t) => {
  const files = memoryFiles({ '/app/Dockerfile': 'FROM a\n', [`${RESOURCES}/x`]: '' });
  const { files: written } = await init({ files, folder: '/app', cwd: '/', force: false, version: '1' });
  t.deepEqual(written, ['app/crac-bake.yml', 'app/.github/workflows/crac-bake.yml']);
  t.regex(files.written.get('/app/.github/workflows/crac-bake.yml') ?? '', /bake \.\n/);
});

const app = { '/repo/My App/Dockerfile': 'FROM a\n' };

test('nothing is written where a file is there already, unless it is forced', async (t) => {
  for (const path of ['/repo/My App/crac-bake.yml', '/repo/.github/workflows/crac-bake.yml', '/repo/My App/crac-bake.yaml']) {
    const error = await t.throwsAsync(initIn({ ...app, [path]: '' }), { instanceOf: BakeError });
    t.regex(error?.message ?? '', /^There is already /);
    t.regex(error?.remedy ?? '', /--force/);
    const { files } = await initIn({ ...app, [path]: '' }, { force: true });
    t.is(files.written.size, 2);
    t.true(files.written.has(path));
  }
});

test('a folder without a Dockerfile is refused', async (t) => {
  const error = await t.throwsAsync(initIn({ '/repo/My App/pom.xml': '' }), { instanceOf: BakeError });
  t.like(error, { code: 'usage', message: 'There is no Dockerfile in /repo/My App' });
});
