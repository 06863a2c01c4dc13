import test from 'ava';
import { BakeError } from '../../../src/errors.ts';
import type { Command, CommandResult } from '../../../src/ports.ts';
import { runWarmupCommand, splitCommand, type WarmupCommand } from '../../../src/warmup/command.ts';
import { createFakeClock, exitAfter, RUNNING } from '../readiness/fake-world.ts';

interface Script {
  readonly lines?: readonly string[];
  readonly takesMs?: number;
  readonly result?: Partial<CommandResult>;
}

/** Runs a scripted program. */
function runScript(script: Script, more: Partial<WarmupCommand> = {}, clock = createFakeClock(), signal = new AbortController().signal) {
  const commands: Command[] = [];
  const run = async (command: Command): Promise<CommandResult> => {
    commands.push(command);
    for (const line of script.lines ?? []) command.onLine?.(line, 'stdout');
    await clock.sleep(script.takesMs ?? 100, command.signal);
    return { exitCode: 0, stdout: new Uint8Array(), stderr: '', timedOut: false, ...script.result };
  };
  const words = ['k6', 'run', 'load.js'];
  const world = { run, clock, signal };
  return {
    commands,
    result: runWarmupCommand({ words, host: '127.0.0.1', port: 32_768, timeoutMs: 5000, exited: RUNNING, world, ...more }),
  };
}

const commandLines: readonly [text: string, words: readonly string[]][] = [
  ['k6 run load.js', ['k6', 'run', 'load.js']],
  [`  hey  -H 'X-A: 1 2'  "$URL" `, ['hey', '-H', 'X-A: 1 2', '$URL']],
  ['a; b && c > d', ['a;', 'b', '&&', 'c', '>', 'd']],
  ["a ''", ['a', '']],
];

for (const [text, words] of commandLines) {
  test(`the words of ${text}`, (t) => {
    t.deepEqual(splitCommand(text), words);
  });
}

test('a command without a program is refused', (t) => {
  for (const text of ['', '  ', "'' a"]) {
    t.like(
      t.throws(() => splitCommand(text), { instanceOf: BakeError, message: /^--warmup-command takes a program/ }),
      { code: 'usage', step: 'options' },
    );
  }
});

test('the program gets its arguments, the deadline and the app’s address', async (t) => {
  const { commands, result } = runScript({});
  await result;
  t.like(commands[0], { file: 'k6', args: ['run', 'load.js'], timeoutMs: 5000 });
  t.deepEqual(commands[0]?.env, { CRAC_BAKE_URL: 'http://127.0.0.1:32768', CRAC_BAKE_HOST: '127.0.0.1', CRAC_BAKE_PORT: '32768' });
});

test('an IPv6 address is bracketed in the URL only', async (t) => {
  const { commands, result } = runScript({}, { host: '::1' });
  await result;
  t.like(commands[0]?.env, { CRAC_BAKE_URL: 'http://[::1]:32768', CRAC_BAKE_HOST: '::1' });
});

const ends: readonly [title: string, script: Script, end: object, lastLines: readonly string[]][] = [
  ['success', { lines: ['a', 'b'] }, { kind: 'done' }, ['a', 'b']],
  ['a failing exit', { lines: ['a'], result: { exitCode: 3 } }, { kind: 'failed', exitCode: 3 }, ['a']],
  ['a deadline', { result: { exitCode: 143, timedOut: true } }, { kind: 'timeout' }, []],
  ['a missing program', { result: { exitCode: 127, stderr: 'spawn k6 ENOENT\n' } }, { kind: 'missing' }, ['spawn k6 ENOENT']],
];

for (const [title, script, end, lastLines] of ends) {
  test(`${title} is told with the last lines`, async (t) => {
    t.deepEqual(await runScript(script).result, { program: 'k6', end, elapsedMs: 100, lastLines } as never);
  });
}

test('lines are passed on, and the last twenty kept', async (t) => {
  const lines = Array.from({ length: 50 }, (_, index) => `line ${index}`);
  const seen: string[] = [];
  const { lastLines } = await runScript({ lines }, { onLine: (line) => seen.push(line) }).result;
  t.deepEqual(seen, lines);
  t.deepEqual(lastLines, lines.slice(-20));
});

test('the container’s end stops the program', async (t) => {
  const clock = createFakeClock();
  const { commands, result } = runScript({ takesMs: 4000 }, { exited: exitAfter(clock, 200, 1) }, clock);
  t.like(await result, { end: { kind: 'exited', exitCode: 1 }, elapsedMs: 200 });
  t.true(commands[0]?.signal?.aborted);
});

test('an interrupt stops the program and rejects with its reason', async (t) => {
  const clock = createFakeClock();
  const user = new AbortController();
  const reason = new Error('SIGINT');
  const { result } = runScript({ takesMs: 4000 }, {}, clock, user.signal);
  void clock.sleep(50).then(() => user.abort(reason));
  t.is(await t.throwsAsync(result), reason);
  const before = runScript({}, {}, clock, user.signal);
  t.is(await t.throwsAsync(before.result), reason);
  t.deepEqual(before.commands, []);
});
