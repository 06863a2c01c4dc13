// A process that was interrupted ends as it said, however many signals come after the first.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'ava';

const INTERRUPTED = `
  import { onInterrupt } from '${new URL('../../src/cli/interrupt.ts', import.meta.url)}';
  const interruption = onInterrupt(process);
  const work = setInterval(() => {}, 1000);
  interruption.signal.addEventListener('abort', () => {
    clearInterval(work);
    interruption.stop();
    process.exitCode = interruption.exitCode();
    process.stdout.write('report');
  });
  process.stdout.write('at work, ');
`;

test('signals that come while it writes its report and ends do not kill it', async (t) => {
  const ends = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const child = spawn(process.execPath, ['--input-type=module', '--eval', INTERRUPTED], { stdio: ['ignore', 'pipe', 'inherit'] });
      let printed = '';
      child.stdout.on('data', (data) => {
        printed += data;
      });
      await once(child.stdout, 'data');
      const hammer = setInterval(() => child.kill('SIGINT'), 1);
      const [exitCode, signal] = await once(child, 'close');
      clearInterval(hammer);
      return { exitCode, signal, printed };
    }),
  );
  for (const end of ends) t.deepEqual(end, { exitCode: 130, signal: null, printed: 'at work, report' });
});
