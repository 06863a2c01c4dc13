// A rehearsal over the fake engine: order of the steps, what it finds, and that nothing is dumped or left.

import test from 'ava';
import { rehearse } from '../../src/rehearse/rehearse.ts';
import { parseOptions } from '../../src/spec/values.ts';
import { fakeWorld, type Given, RUN } from './bench.ts';

const JAVA = {
  pid: 513,
  name: 'java',
  executable: '/usr/bin/java',
  uid: 1000,
  threads: 30,
  tracedBy: 0,
  seccomp: 0,
  namespaces: [],
  jvm: '-jar /app.jar',
};
const WATCHER = { kind: 'inotify', pid: 513, detail: '/app/config', fd: 7 };
const AGENT = {
  pid: 513,
  resources: ['org.example.Pool'],
  scheduled: [{ kind: 'executor', class: 'org.example.Beat', periodMs: 500 }],
  open: [{ fd: 7, kind: 'sun.nio.fs.LinuxWatchService', holder: 'org.example.Config.watch' }],
  warnings: [],
};
const UP = { readyAfterMs: 100 };

async function rehearseOnce(given: Given) {
  const { world, installation, engine } = fakeWorld(given);
  const report = await rehearse(world, parseOptions({ 'warmup-count': '0', ...given.options }), installation, RUN);
  return { report, engine };
}

test('nothing stands in the way: no dump, no commit, no tag, nothing left', async (t) => {
  const examination = JSON.stringify({
    processes: [JAVA],
    holdings: [{ kind: 'listening', pid: 513, detail: '[::]:8080', fd: 9 }],
    agent: AGENT,
  });
  const { report, engine } = await rehearseOnce({ script: { app: UP, examination } });
  t.like(report, { outcome: 'rehearsed', exitCode: 0, error: null, findings: [], listening: ['[::]:8080'], warnings: [] });
  t.deepEqual([...report.resources], ['org.example.Pool']);
  t.deepEqual(
    report.scheduled.map((task) => task.class),
    ['org.example.Beat'],
  );
  t.deepEqual(
    report.steps.map(({ step }) => step),
    ['build', 'isolate', 'start', 'ready', 'examine'],
  );
  t.deepEqual(
    engine.argvs.filter((argv) => /^(?:commit|tag|push)|\bdump\b/.test(argv)),
    [],
  );
  t.deepEqual(engine.left, { containers: [], images: [] });
});

test('what refuses: exit code 14, with its holder in the headline', async (t) => {
  const examination = JSON.stringify({ processes: [JAVA], holdings: [WATCHER], agent: AGENT });
  const { report, engine } = await rehearseOnce({ script: { app: UP, examination } });
  t.like(report, { outcome: 'checkpoint', exitCode: 14 });
  t.like(report.error, {
    code: 'would-refuse',
    message:
      'A checkpoint would fail: java (process 513) holds a file watcher (inotify) on /app/config, by org.example.Config.watch (sun.nio.fs.LinuxWatchService)',
  });
  t.deepEqual(engine.left, { containers: [], images: [] });
});

test('several JVMs are refused, unless one is named', async (t) => {
  const examination = JSON.stringify({ processes: [JAVA, { ...JAVA, pid: 560, jvm: 'org.example.Worker' }], holdings: [] });
  const { report } = await rehearseOnce({ script: { app: UP, examination } });
  t.regex(report.error?.message ?? '', /several JVMs \(process 513 runs -jar \/app\.jar, process 560 runs org\.example\.Worker\)/);
  const named = await rehearseOnce({ script: { app: UP, examination }, options: { process: 'Worker' } });
  t.is(named.report.exitCode, 0);
});

test('an app that needs a service: host and port, exit code 11', async (t) => {
  const isolated = {
    exitsAfterMs: 100,
    exitCode: 1,
    log: [
      '{"event":"looked-up","host":"db.internal"}',
      '{"event":"refused","host":"db.internal","port":5432}',
      'java.net.ConnectException: Connection refused',
    ],
  };
  const { report, engine } = await rehearseOnce({ script: { app: { exitsAfterMs: 200, exitCode: 1 }, isolated } });
  t.like(report, {
    outcome: 'app-start',
    exitCode: 11,
    error: { code: 'needs-service', message: 'The app does not start without db.internal:5432' },
  });
  t.deepEqual([...report.services], [{ host: 'db.internal', port: 5432 }]);
  t.deepEqual(engine.left, { containers: [], images: [] });
});

test('the services are up before the app starts', async (t) => {
  const { report, engine } = await rehearseOnce({
    script: { app: UP, services: [{ name: 'db', healthyAfterMs: 500 }] },
    options: { services: 'compose.yml' },
  });
  t.is(report.exitCode, 0, JSON.stringify(report.error));
  const steps = report.steps.map(({ step }) => step);
  t.true(steps.indexOf('services') >= 0 && steps.indexOf('services') < steps.indexOf('start'), steps.join(' '));
  t.deepEqual(engine.left, { containers: [], images: [] });
  t.deepEqual([...engine.networks], []);
});

test('an interruption: exit code 130, nothing left', async (t) => {
  const { report, engine } = await rehearseOnce({ script: { app: {} }, interruptAtMs: 3000 });
  t.like(report, { outcome: 'interrupted', exitCode: 130 });
  t.deepEqual(engine.left, { containers: [], images: [] });
});
