import test from 'ava';
import { ownMs, parseRestoreTrace } from '../../../src/runtime/restore-trace.ts';

const LINE = 'crac-init: trace {"gateMs":1.5,"handOverMs":0.25,"criuMs":48.1,"acknowledgedMs":11.2,"totalMs":61.05}';

test('a trace is read from its line', (t) => {
  const trace = parseRestoreTrace(LINE);
  t.deepEqual(trace, { gateMs: 1.5, handOverMs: 0.25, criuMs: 48.1, acknowledgedMs: 11.2, totalMs: 61.05 });
  t.is(trace && ownMs(trace), 1.75);
});

for (const line of ['', 'crac-init: restored pid 513 in 61 ms', 'crac-init: trace {', 'crac-init: trace {"gateMs":1}', `x ${LINE}`]) {
  test(`no trace: ${line}`, (t) => {
    t.is(parseRestoreTrace(line), undefined);
  });
}
