import test from 'ava';
import { parseExamination } from '../../../src/runtime/examination.ts';

test('an examination as crac-init prints it', (t) => {
  const json =
    '{"processes":[{"pid":513,"name":"java","executable":"/usr/bin/java","uid":0,"threads":30,"tracedBy":0,"seccomp":0,"namespaces":[]}],' +
    '"holdings":[{"kind":"inotify","pid":513,"detail":"/app"},{"kind":"connection","pid":513,"detail":"a:1","peer":"b:2"}]}';
  const { processes, holdings } = parseExamination(json);
  t.is(processes[0]?.name, 'java');
  t.deepEqual(holdings, [
    { kind: 'inotify', pid: 513, detail: '/app', peer: '', bytes: 0, fd: 0 },
    { kind: 'connection', pid: 513, detail: 'a:1', peer: 'b:2', bytes: 0, fd: 0 },
  ]);
});

test('another shape is not taken', (t) => {
  t.throws(() => parseExamination('{"processes":[]}'));
});
