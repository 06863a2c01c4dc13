import test from 'ava';
import { parseDumpAnswer } from '../../../src/runtime/dump-answers.ts';

const good: readonly [title: string, line: string, expected: object][] = [
  ['triggered', '{"event":"triggered"}', { event: 'triggered' }],
  [
    'hooks',
    '{"event":"hooks","resources":[{"class":"a.Pool","phase":"beforeCheckpoint","elapsedMs":1.2,"outcome":"ok"}],"collected":["a.Lost"],"elapsedMs":12.3,"agent":{"pid":513,"javaVersion":"21.0.6","vmName":"OpenJDK"}}',
    { collected: ['a.Lost'], agent: { pid: 513, javaVersion: '21.0.6' }, resources: [{ class: 'a.Pool', error: null, stack: null }] },
  ],
  [
    'hooks of Go, where empty lists are null',
    '{"event":"hooks","resources":null,"collected":null,"elapsedMs":0,"agent":{"pid":513}}',
    { resources: null, collected: null, agent: { javaVersion: '', vmName: '' } },
  ],
  [
    'hooks of a JVM that was held to a baseline',
    '{"event":"hooks","elapsedMs":0,"cpu":{"listed":["sse2","gfni"],"hidden":["gfni"],"options":{"UseAVX":"2"}},"agent":{"pid":513,"javaVendor":"Debian"}}',
    { cpu: { listed: ['sse2', 'gfni'], hidden: ['gfni'], options: { UseAVX: '2' } }, agent: { javaVendor: 'Debian' } },
  ],
  [
    'connections',
    '{"event":"connections","established":[{"local":"1.2.3.4:5","remote":"5.6.7.8:9"}],"listening":["0.0.0.0:8080"]}',
    { established: [{ remote: '5.6.7.8:9', pid: 0 }], listening: ['0.0.0.0:8080'] },
  ],
  [
    'dumped, with a key that this version does not know',
    '{"event":"dumped","pid":513,"criuExit":0,"elapsedMs":180.2,"files":[{"name":"pages-1.img","bytes":1,"sha256":"ab"}],"bytes":1,"stdout":"pipe:[123]","stderr":"pipe:[124]","clock":"near-zero","monotonicMs":9000,"wallMs":1700000000000,"cpu":{"model":"Some CPU","features":["avx2"]},"process":{"uid":1000,"gid":1000,"groups":[1000],"threads":30,"residentBytes":1,"capabilities":null,"seccomp":0,"processes":1,"executable":"/usr/bin/java"},"new":1}',
    { pid: 513, clock: 'near-zero', process: { uid: 1000, threads: 30, capabilities: null } },
  ],
  [
    'failed',
    '{"event":"failed","code":"app-exited","message":"gone","exitCode":137}',
    { code: 'app-exited', exitCode: 137, resources: null, logTail: '' },
  ],
  [
    'failed without an exit code',
    '{"event":"failed","code":"criu-failed","message":"m","exitCode":null,"logTail":"a\\nb"}',
    { exitCode: null, logTail: 'a\nb' },
  ],
];

for (const [title, line, expected] of good) {
  test(`an answer: ${title}`, (t) => {
    t.like(parseDumpAnswer(line), expected);
  });
}

for (const line of ['', 'text', 'crac-init: warning', '{"time":1}', ' {"event":"triggered"}']) {
  test(`no answer: ${JSON.stringify(line)}`, (t) => {
    t.is(parseDumpAnswer(line), undefined);
  });
}

for (const line of ['{"event":"unknown"}', '{"event":"dumped","pid":"513"}', '{"event":"hooks"', '{"event":"failed"}']) {
  test(`an answer of another shape is refused: ${line}`, (t) => {
    t.throws(() => parseDumpAnswer(line));
  });
}
