// Rehearsals on the real engine: what the app needs from elsewhere, and what it holds that no dump takes.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { docker } from './support/engine.ts';
import { leavingNothing } from './support/host-state.ts';
import { withContext } from './support/images.ts';
import { rehearse } from './support/rehearse.ts';

/** A bean that is made before the context is ready and wants its database, as a pool without patience does. */
const POOL = `public class Pool {
    public Pool() throws Exception {
        if (System.getenv("APP_DATABASE") == null) return;
        new java.net.Socket("db.internal", 5432);
    }
}
`;

const WITH_POOL = [
  'FROM crac-bake-test/jdk21:local AS build',
  'COPY Pool.java /Pool.java',
  'RUN javac -d /extra /Pool.java',
  'FROM crac-bake-test/spring-hello:nonroot',
  'COPY --from=build /extra /extra',
  'ENV JAVA_TOOL_OPTIONS=-Xbootclasspath/a:/extra SPRING_MAIN_SOURCES=Pool',
];

async function withPool<T>(work: (folder: string) => Promise<T>): Promise<T> {
  return withContext(WITH_POOL, async (folder) => {
    await writeFile(join(folder, 'Pool.java'), POOL);
    return work(folder);
  });
}

test('a Spring app that connects to a database at start: host, port and exception, exit code 11', (t) =>
  withPool(async (folder) => {
    const { exitCode, report, stderr } = await leavingNothing(t, () => rehearse([folder, '--env', 'APP_DATABASE=1']));
    t.is(exitCode, 11, stderr);
    t.like(report, { outcome: 'app-start', error: { code: 'needs-service', message: 'The app does not start without db.internal:5432' } });
    t.deepEqual(report.services, [{ host: 'db.internal', port: 5432 }]);
    t.like(report.context, { started: false, exception: { class: 'java.net.ConnectException' } });
    t.regex(report.error?.details ?? '', /^java\.net\.ConnectException: Connection refused/);
    t.regex(stderr, /^Error: The app does not start without db\.internal:5432 \[needs-service, step \w+\]/m);
  }));

test('the same app without a database: nothing stands in the way, and how long its context took (long)', (t) =>
  withPool(async (folder) => {
    const { exitCode, report, stderr } = await leavingNothing(t, () => rehearse([folder]));
    t.is(exitCode, 0, stderr);
    t.like(report, { outcome: 'rehearsed', exitCode: 0, error: null, services: [], findings: [], listening: ['[::]:8080'] });
    t.like(report.context, { started: true, exitCode: 0, exception: null });
    t.true((report.context?.contextMs ?? 0) > 100 && (report.context?.elapsedMs ?? 0) > (report.context?.contextMs ?? 0));
    t.true((report.processes[0]?.threads ?? 0) > 10);
    t.is(report.processes[0]?.name, 'java');
  }));

/** A JVM that is no Spring app, of one source file. */
async function javaApp<T>(body: string, work: (folder: string) => Promise<T>): Promise<T> {
  const dockerfile = [
    'FROM crac-bake-test/jdk21:local',
    'COPY App.java /App.java',
    'WORKDIR /app',
    'ENTRYPOINT ["java", "-Xmx64m", "/App.java"]',
  ];
  return withContext(dockerfile, async (folder) => {
    const text = `public class App {\n  public static void main(String[] args) throws Exception {\n${body}\nSystem.out.println("ready"); Thread.sleep(1000000);\n}\n}\n`;
    await writeFile(join(folder, 'App.java'), text);
    return work(folder);
  });
}

const READY = ['--ready', 'log:^ready'];

test('any JVM that wants a service by its address: it is named too (long)', (t) =>
  javaApp('new java.net.Socket("192.0.2.7", 6379);', async (folder) => {
    const { exitCode, report, stderr } = await rehearse([folder, ...READY, '--ready-timeout', '20s']);
    t.is(exitCode, 11, stderr);
    t.like(report, { context: null, error: { code: 'needs-service' } });
    t.deepEqual(report.services, [{ host: '192.0.2.7', port: 6379 }]);
  }));

test('a JVM that watches a folder: exit code 14, and what is watched', (t) =>
  javaApp(
    'java.nio.file.Path.of("/app").register(java.nio.file.FileSystems.getDefault().newWatchService(), java.nio.file.StandardWatchEventKinds.ENTRY_CREATE);',
    async (folder) => {
      const { exitCode, report, stderr } = await leavingNothing(t, () => rehearse([folder, ...READY]));
      t.is(exitCode, 14, stderr);
      t.like(report, { outcome: 'checkpoint', error: { code: 'would-refuse', step: 'examine' } });
      t.deepEqual(
        report.findings.map(({ id, severity, process }) => ({ id, severity, process })),
        [{ id: 'file-watcher', severity: 'refuses', process: 'java' }],
      );
      t.is(
        report.error?.message.replace(/\d+/, 'N'),
        'A checkpoint would fail: java (process N) holds a file watcher (inotify) on /app, by sun.nio.fs.LinuxWatchService',
      );
    },
  ));

/** The app's own classes, beside the one that starts. */
const HOLDER = `
class Feed { private final java.nio.file.WatchService changes; Feed(java.nio.file.WatchService changes) { this.changes = changes; } }
`;

test('the class that holds it, registered Resources and tasks at a fixed rate are named', async (t) => {
  const dockerfile = [
    'FROM crac-bake-test/jdk21:local',
    'COPY App.java /App.java',
    'RUN javac -d /classes /App.java',
    'ENTRYPOINT ["java", "-Xmx64m", "-cp", "/classes", "App"]',
  ];
  const body = `
    var watch = java.nio.file.FileSystems.getDefault().newWatchService();
    java.nio.file.Path.of("/classes").register(watch, java.nio.file.StandardWatchEventKinds.ENTRY_CREATE);
    feed = new Feed(watch);
    beats.scheduleAtFixedRate(new Beat(), 0, 200, java.util.concurrent.TimeUnit.MILLISECONDS);
    Class<?> type = Class.forName("org.crac.Resource");
    resource = java.lang.reflect.Proxy.newProxyInstance(App.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> method.getName().equals("hashCode") ? (Object) 7 : method.getName().equals("equals") ? (Object) (proxy == given[0]) : null);
    Object context = Class.forName("org.crac.Core").getMethod("getGlobalContext").invoke(null);
    Class.forName("org.crac.Context").getMethod("register", type).invoke(context, resource);
    System.out.println("ready"); Thread.sleep(1000000);`;
  const text = `public class App {
    static Feed feed; static Object resource;
    static final java.util.concurrent.ScheduledExecutorService beats = java.util.concurrent.Executors.newScheduledThreadPool(1);
    static class Beat implements Runnable { public void run() {} }
    public static void main(String[] args) throws Exception {${body}} }${HOLDER}`;
  await withContext(dockerfile, async (folder) => {
    await writeFile(join(folder, 'App.java'), text);
    const { exitCode, report, stderr } = await leavingNothing(t, () => rehearse([folder, ...READY, '--ready-timeout', '40s']));
    t.is(exitCode, 14, stderr);
    t.like(report.findings[0], { id: 'file-watcher', heldBy: 'Feed.changes (sun.nio.fs.LinuxWatchService)' });
    t.regex(report.error?.message ?? '', /\(inotify\) on \/classes, by Feed\.changes/);
    t.like(report.scheduled[0], { class: 'App$Beat', periodMs: 200 });
    t.is(report.resources.length, 1);
  });
});

test('two JVMs in the container are named, and no obstacle where one is chosen', (t) =>
  withContext(
    [
      'FROM crac-bake-test/plain-http:app',
      `ENTRYPOINT ${JSON.stringify(['perl', '-e', 'fork or exec qw(java -Xmx64m -jar /app/app.jar port=8081); exec qw(java -Xmx64m -jar /app/app.jar)'])}`,
    ],
    async (folder) => {
      const ready = ['--ready', 'http:8081/', '--port', '8081'];
      const { exitCode, report, stderr } = await rehearse([folder, ...ready]);
      t.is(exitCode, 14, stderr);
      t.deepEqual(
        report.findings.map(({ id }) => id),
        ['several-jvms'],
      );
      const chosen = await rehearse([folder, ...ready, '--process', 'port=8081']);
      t.is(chosen.exitCode, 0, chosen.stderr);
    },
  ));

test('the services of the bake are there for a rehearsal', async (t) => {
  await withContext(['FROM crac-bake-test/plain-http:app', 'ENV APP_CONNECT_TO=peer'], async (folder) => {
    await writeFile(join(folder, 'services.yml'), 'services:\n  peer:\n    image: crac-bake-test/tiny:app\n');
    const { exitCode, report, stderr } = await leavingNothing(t, () =>
      rehearse([folder, '--services', join(folder, 'services.yml'), '--ready', 'exec:getent hosts peer']),
    );
    t.is(exitCode, 0, stderr);
    t.true(report.steps.some(({ step, detail }) => step === 'services' && detail === 'peer up'));
  });
});

test('an open connection is a warning', async (t) => {
  const server = await docker('run', '--detach', 'crac-bake-test/tiny:app');
  try {
    const address = await docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', server);
    await javaApp(`java.net.Socket held = new java.net.Socket("${address}", 8080);`, async (folder) => {
      const { exitCode, report, stderr } = await rehearse([folder, ...READY]);
      t.is(exitCode, 0, stderr);
      t.like(report, { outcome: 'rehearsed', error: null });
      t.deepEqual(
        report.findings.map(({ id, severity }) => ({ id, severity })),
        [{ id: 'open-connection', severity: 'endangers' }],
      );
      t.is(report.warnings.length, 1);
      t.true(report.warnings[0]?.includes(`an open TCP connection to ${address}:8080`));
    });
  } finally {
    await docker('rm', '--force', '--volumes', server);
  }
});

/** Perl, for what a JVM does not do by itself. System call numbers are those of x86-64. */
async function perlApp<T>(body: string, work: (folder: string) => Promise<T>): Promise<T> {
  const script = `$| = 1; ${body} print "ready\\n"; sleep 1000;`;
  return withContext(['FROM crac-bake-test/debian:local', `ENTRYPOINT ${JSON.stringify(['perl', '-e', script])}`], work);
}

const REFUSED: readonly (readonly [id: string, body: string, what: RegExp])[] = [
  ['large-deleted-file', "open $h, '+>', '/big'; print $h 'x' x 3000000; $h->flush; unlink '/big';", /^the deleted file \/big of \d+ KiB/],
  ['memory-file', "open $h, '+>', '/dev/shm/segment'; print $h 'x'; $h->flush;", /^the file \/dev\/shm\/segment on a tmpfs$/],
  [
    'seccomp',
    "syscall(157, 38, 1, 0, 0, 0); syscall(157, 22, 2, pack('SxxxxxxP', 1, pack('SCCL', 6, 0, 0, 0x7fff0000)));",
    /^runs under a seccomp/,
  ],
  ...(process.arch === 'x64'
    ? ([
        ['io-uring', 'my $p = "\\0" x 120; syscall(425, 4, $p) >= 0 or die $!;', /^an io_uring$/],
        ['userfaultfd', 'syscall(323, 1) >= 0 or die $!;', /^a userfaultfd$/],
        ['outside-pidfd', 'syscall(434, 1, 0) >= 0 or die $!;', /^a pidfd of process 1,/],
        ['system-v-shm', 'my $id = shmget(0, 65536, 01600); syscall(30, $id, 0, 0);', /^a System V shared memory segment/],
      ] as const)
    : []),
];

async function isRefused(t: ExecutionContext, folder: string, id: string, what: RegExp): Promise<void> {
  const { exitCode, report, stderr } = await rehearse([folder, ...READY]);
  t.is(exitCode, 14, stderr);
  t.deepEqual(
    report.findings.map((finding) => finding.id),
    [id],
  );
  t.regex(report.findings[0]?.what ?? '', what);
}

for (const [id, body, what] of REFUSED) {
  test(`named and refused: ${id}`, (t) => perlApp(body, (folder) => isRefused(t, folder, id, what)));
}

test('what CRIU takes is no finding: timers, memory files, netlink, a small deleted file', (t) =>
  perlApp(
    "socket($s, 16, 3, 0); socket($u, 2, 2, 0); open $h, '+>', '/small'; print $h 'x'; $h->flush; unlink '/small'; pipe($a, $b);",
    async (folder) => {
      const { exitCode, report } = await leavingNothing(t, () => rehearse([folder, ...READY]));
      t.is(exitCode, 0);
      t.deepEqual(report.findings, []);
    },
  ));

test('SIGINT while the app becomes ready: 130, and nothing is left', async (t) => {
  let sent = false;
  const onLine = (line: string): NodeJS.Signals | undefined => {
    if (sent || !line.startsWith('Wait until it is ready')) return undefined;
    sent = true;
    return 'SIGINT';
  };
  const args = ['--image', 'crac-bake-test/tiny:app', '--ready', 'log:no such line'];
  const { exitCode, report } = await leavingNothing(t, () => rehearse(args, { onLine }));
  t.is(exitCode, 130);
  t.like(report, { outcome: 'interrupted', error: { code: 'interrupted', step: 'ready' } });
});
