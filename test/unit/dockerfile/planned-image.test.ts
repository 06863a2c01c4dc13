// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the texts that are tested
import test from 'ava';
import { plannedFromDockerfile } from '../../../src/dockerfile/planned-image.ts';

const MULTI_STAGE = `# syntax=docker/dockerfile:1
ARG JAVA=21
FROM maven:3-jdk-\${JAVA} AS build
RUN echo "this is not \\
from here" && mvn package
RUN <<SCRIPT
from this line no stage begins
SCRIPT
ENTRYPOINT ["mvn"]

FROM jre:\${JAVA} AS run
EXPOSE 8080
USER 1000:1000
ENTRYPOINT ["java", "-jar", "/app dir/app.jar"]

FROM run AS debug
EXPOSE 5005 53/udp
CMD ["--debug"]
`;

test('the last stage counts, with what the stages say that it builds on', (t) => {
  t.deepEqual(plannedFromDockerfile(MULTI_STAGE), {
    entrypoint: ['java', '-jar', '/app dir/app.jar'],
    command: ['--debug'],
    user: '1000:1000',
    environment: [],
    ports: [5005, 8080],
    volumes: [],
    healthCheck: '',
    healthCommand: [],
  });
});

for (const [target, entrypoint, ports] of [
  ['run', 'java', [8080]],
  ['RUN', 'java', [8080]],
  ['1', 'java', [8080]],
  ['build', 'mvn', []],
  ['0', 'mvn', []],
] as const) {
  test(`the target ${target} is the stage that counts`, (t) => {
    const image = plannedFromDockerfile(MULTI_STAGE, target);
    t.is(image.entrypoint[0], entrypoint);
    t.deepEqual(image.ports, [...ports]);
  });
}

const commands: readonly [title: string, text: string, entrypoint: string[], command: string[]][] = [
  ['the exec form', 'FROM a\nENTRYPOINT ["a b", "c"]\nCMD ["d"]', ['a b', 'c'], ['d']],
  ['the shell form', 'FROM a\nCMD java $JAVA_OPTS -jar "a.jar"', [], ['/bin/sh', '-c', 'java $JAVA_OPTS -jar "a.jar"']],
  ['the shell form over lines', 'FROM a\nENTRYPOINT exec java \\\n  -jar a.jar', ['/bin/sh', '-c', 'exec java   -jar a.jar'], []],
  ['the last of several', 'FROM a\nCMD ["a"]\nCMD ["b"]', [], ['b']],
  ['lower case', 'from a\nentrypoint ["a"]\ncmd ["b"]', ['a'], ['b']],
  ['none: the base image’s', 'FROM a\nRUN x', ['(the base image’s command)'], []],
  ['an entrypoint takes an earlier stage’s command away', 'FROM a AS b\nCMD ["x"]\nFROM b\nENTRYPOINT ["e"]', ['e'], []],
  ['an entrypoint leaves its own stage’s command', 'FROM a\nCMD ["x"]\nENTRYPOINT ["e"]', ['e'], ['x']],
  ['an empty one', 'FROM a AS b\nENTRYPOINT ["e"]\nFROM b\nENTRYPOINT []\nCMD ["c"]', [], ['c']],
];

for (const [title, text, entrypoint, command] of commands) {
  test(`entrypoint and command: ${title}`, (t) => {
    const image = plannedFromDockerfile(text);
    t.deepEqual([[...image.entrypoint], [...image.command]], [entrypoint, command]);
  });
}

const ports: readonly [text: string, ports: number[]][] = [
  ['EXPOSE 8080', [8080]],
  ['EXPOSE 8081/tcp 8080', [8080, 8081]],
  ['EXPOSE 53/udp', []],
  ['EXPOSE 8080\nEXPOSE 8080', [8080]],
  ['ARG PORT=9090\nEXPOSE $PORT', [9090]],
  ['ENV PORT=9090\nEXPOSE ${PORT}/tcp', [9090]],
  ['EXPOSE ${PORT:-8080}', [8080]],
  ['ENV PORT=1\nEXPOSE ${PORT:-8080}', [1]],
  ['ARG PORT\nEXPOSE ${PORT:-8080}', [8080]],
  ['ENV PORT=1\nARG PORT=2\nEXPOSE $PORT', [1]],
  ['EXPOSE $PORT\nENV PORT=9090', []],
  ['ENV A=80 B=${A}80\nEXPOSE $B', [8080]],
];

for (const [text, expected] of ports) {
  test(`ports of ${JSON.stringify(text)} are ${JSON.stringify(expected)}`, (t) => {
    t.deepEqual([...plannedFromDockerfile(`FROM a\n${text}`).ports], expected);
  });
}

test('a default before the first stage is known', (t) => {
  t.deepEqual([...plannedFromDockerfile('ARG PORT=7000\nFROM a\nARG PORT\nEXPOSE $PORT').ports], [7000]);
});

test('variables as lines, quoted values and the old form', (t) => {
  const text = 'FROM a\nENV A=1 JAVA_TOOL_OPTIONS="-Xmx1g -Da=b" C=\'x y\'\nENV OLD some text\nENV A=2';
  t.deepEqual([...plannedFromDockerfile(text).environment], ['A=2', 'JAVA_TOOL_OPTIONS=-Xmx1g -Da=b', 'C=x y', 'OLD=some text']);
});

for (const [text, user] of [
  ['', ''],
  ['USER app', 'app'],
  ['USER 1000:1000\nUSER root', 'root'],
  ['ARG ID=1001\nUSER $ID:$ID', '1001:1001'],
  ['USER ${ID:-1002}', '1002'],
  ['USER $ID', '$ID'],
] as const) {
  test(`the user of ${JSON.stringify(text)} is ${JSON.stringify(user)}`, (t) => {
    t.is(plannedFromDockerfile(`FROM a\n${text}`).user, user);
  });
}

test('volumes in both forms', (t) => {
  t.deepEqual([...plannedFromDockerfile('FROM a\nVOLUME ["/data", "/my logs"]\nVOLUME /x /y').volumes], ['/data', '/my logs', '/x', '/y']);
});

test('the health check’s command, and none where it is NONE', (t) => {
  t.regex(
    plannedFromDockerfile('FROM a\nHEALTHCHECK --interval=5s CMD curl -f http://localhost:8080/health').healthCheck,
    /http:\/\/localhost:8080\/health/,
  );
  t.is(plannedFromDockerfile('FROM a AS b\nHEALTHCHECK CMD x\nFROM b\nHEALTHCHECK NONE').healthCheck, '');
});

test('a Dockerfile without a stage has no facts', (t) => {
  t.like(plannedFromDockerfile('# nothing\n'), { user: '', ports: [], entrypoint: ['(the base image’s command)'] });
});

test('the health check’s program: the words of the exec form, or a text for the shell', (t) => {
  const command = (check: string) => plannedFromDockerfile(`FROM a\nHEALTHCHECK ${check}\n`).healthCommand;
  t.deepEqual(command('--interval=3s CMD ["curl", "-f", "http://x/"]'), ['curl', '-f', 'http://x/']);
  t.deepEqual(command('CMD test -e /up || exit 1'), ['/bin/sh', '-c', 'test -e /up || exit 1']);
  t.deepEqual(command('NONE'), []);
});
