import test from 'ava';
import { parseRefusals, type Refusal } from '../../../src/crac-jdk/refusals.ts';

const suppressed = (text: string) =>
  parseRefusals(`An exception during a checkpoint operation:\njdk.crac.CheckpointException\n\tSuppressed: ${text}\n`);

const lines: readonly [text: string, expected: Refusal][] = [
  ['jdk.crac.impl.CheckpointOpenFileException: /app/logs/app.log', { kind: 'file', path: '/app/logs/app.log' }],
  ['jdk.internal.crac.mirror.impl.CheckpointOpenFileException: FD fd=9 type=regular path=/x y', { kind: 'file', path: '/x y' }],
  [
    'jdk.crac.impl.CheckpointOpenSocketException: Socket[addr=db/172.18.0.2,port=5432,localport=51234]',
    { kind: 'socket', listening: false, localPort: 51234, remoteHost: 'db/172.18.0.2', remotePort: 5432 },
  ],
  [
    'org.crac.impl.CheckpointOpenSocketException: ServerSocket[addr=0.0.0.0/0.0.0.0,localport=8080]',
    { kind: 'socket', listening: true, localPort: 8080 },
  ],
  [
    'jdk.crac.impl.CheckpointOpenSocketException: sun.nio.ch.SocketChannelImpl[connected local=/172.17.0.2:40312 remote=db/172.17.0.3:5432]',
    { kind: 'socket', listening: false, localPort: 40312, remoteHost: 'db/172.17.0.3', remotePort: 5432 },
  ],
  [
    'jdk.crac.impl.CheckpointOpenSocketException: sun.nio.ch.SocketChannelImpl[connected local=/[0:0:0:0:0:0:0:1]:40312 remote=/[0:0:0:0:0:0:0:1]:5432]',
    { kind: 'socket', listening: false, localPort: 40312, remoteHost: '[0:0:0:0:0:0:0:1]', remotePort: 5432 },
  ],
  [
    'jdk.crac.impl.CheckpointOpenSocketException: sun.nio.ch.ServerSocketChannelImpl[/[0:0:0:0:0:0:0:0]:8080]',
    { kind: 'socket', listening: true, localPort: 8080 },
  ],
  [
    'jdk.crac.impl.CheckpointOpenSocketException: tcp6 localAddr :: localPort 8080 remoteAddr :: remotePort 0',
    { kind: 'socket', listening: true, localPort: 8080 },
  ],
  [
    'jdk.crac.impl.CheckpointOpenSocketException: tcp localAddr 10.0.0.2 localPort 40000 remoteAddr 10.0.0.3 remotePort 6379',
    { kind: 'socket', listening: false, localPort: 40000, remoteHost: '10.0.0.3', remotePort: 6379 },
  ],
  [
    'jdk.crac.impl.CheckpointOpenSocketException: FD fd=42 type=socket path=socket:[90210],port=8080',
    { kind: 'socket', listening: false, localPort: 8080, fd: 42 },
  ],
  [
    'jdk.crac.impl.CheckpointOpenResourceException: FD fd=27 type=unknown path=anon_inode:[eventpoll]',
    { kind: 'descriptor', fd: 27, type: 'unknown', path: 'anon_inode:[eventpoll]' },
  ],
  [
    'jdk.crac.impl.CheckpointOpenResourceException: FD fd=5 type=fifo path=pipe:[123456]',
    { kind: 'descriptor', fd: 5, type: 'fifo', path: 'pipe:[123456]' },
  ],
  ['java.nio.channels.IllegalSelectorException', { kind: 'selector', text: '' }],
  ['java.lang.RuntimeException: C/R is not configured', { kind: 'not-configured' }],
  ['java.lang.RuntimeException: Native checkpoint failed.', { kind: 'native' }],
  [
    'java.lang.IllegalStateException: Recursive checkpoint is not allowed',
    { kind: 'other', exception: 'java.lang.IllegalStateException', message: 'Recursive checkpoint is not allowed' },
  ],
];

for (const [text, expected] of lines) {
  test(`a refusal: ${text}`, (t) => {
    t.deepEqual(suppressed(text), [expected]);
  });
}

test('a hook’s class is that of its beforeCheckpoint, also with a module or a loader before it', (t) => {
  const trace = (frame: string) =>
    `java.lang.IllegalStateException: busy\n\t\tat com.example.Pool.drain(Pool.java:12)\n\t\tat ${frame}\n\t\tat java.base/jdk.crac.Core.checkpointRestore1(Core.java:160)`;
  for (const prefix of ['', 'app//', 'com.example.app@1.2/', 'java.base@25.0.1/']) {
    const [refusal] = suppressed(trace(`${prefix}com.example.Pool.beforeCheckpoint(Pool.java:40)`));
    t.like(refusal, { kind: 'hook', class: 'com.example.Pool', at: 'Pool.java:40', message: 'busy' }, prefix);
  }
});

test('a class of the JDK that threw is no hook of the app', (t) => {
  const [refusal] = suppressed(
    'java.lang.RuntimeException: x\n\t\tat java.base/jdk.internal.crac.JDKFileResource.beforeCheckpoint(JDKFileResource.java:1)',
  );
  t.is(refusal?.kind, 'other');
});

test('the same refusal in jcmd’s answer and in the log is one', (t) => {
  const text = '\tSuppressed: jdk.crac.impl.CheckpointOpenFileException: /a\n\tSuppressed: jdk.crac.impl.CheckpointOpenFileException: /b\n';
  t.is(parseRefusals(`${text}log line\n${text}`).length, 2);
});

test('frames of other traces in the log are not taken for those of a refusal', (t) => {
  const text =
    '\tSuppressed: java.lang.RuntimeException: x\nException in thread "main" java.lang.Error\n\tat com.example.A.beforeCheckpoint(A.java:1)\n';
  t.is(parseRefusals(text)[0]?.kind, 'other');
});

test('a log of many lines without refusals takes no time', (t) => {
  const started = performance.now();
  t.deepEqual(parseRefusals('at a.b.c.d('.repeat(400).concat('\n').repeat(2000)), []);
  t.true(performance.now() - started < 2000);
});
