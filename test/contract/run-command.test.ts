// What every implementation of RunCommand keeps: that of the command line and that of the action.

import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import { runCommand as byActionsExec } from '../../action/command-runner.ts';
import { runCommand as byExeca } from '../../src/adapters/processes.ts';
import type { Command, RunCommand } from '../../src/ports.ts';

const RUNNERS: readonly (readonly [name: string, run: RunCommand])[] = [
  ['execa', byExeca],
  ['@actions/exec', byActionsExec],
];

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** A program of JavaScript. */
const script = (code: string, ...args: string[]): Pick<Command, 'file' | 'args'> => ({
  file: process.execPath,
  args: ['--input-type=commonjs', '--eval', code, '--', ...args],
});

for (const [name, run] of RUNNERS) {
  test(`${name}: exit code and both streams`, async (t) => {
    const result = await run(script('process.stdout.write("out"); process.stderr.write("err"); process.exitCode = 7'));
    t.deepEqual({ ...result, stdout: text(result.stdout) }, { exitCode: 7, stdout: 'out', stderr: 'err', timedOut: false });
  });

  test(`${name}: a program that is not there has exit code 127 and a message`, async (t) => {
    for (const file of ['no-such-program-anywhere', '/no/such/program', './no-such-program']) {
      const result = await run({ file, args: ['x'] });
      t.is(result.exitCode, 127, file);
      t.regex(result.stderr, /no\Wsuch\Wprogram|ENOENT/);
      t.is(result.stdout.length, 0);
      t.false(result.timedOut);
    }
  });

  test(`${name}: a file that is no program has exit code 127 too`, async (t) => {
    t.is((await run({ file: new URL('../../package.json', import.meta.url).pathname, args: [] })).exitCode, 127);
  });

  test(`${name}: an argument that the system does not take has exit code 127`, async (t) => {
    const result = await run(script('', 'x'.repeat(200_000)));
    t.is(result.exitCode, 127);
  });

  test(`${name}: arguments reach the program as they are, no shell reads them`, async (t) => {
    const args = ['', 'a b', '$HOME', '`id`', '"', "'", '\\', '\\\\"', '*', ';', '&&', '\n', 'ä€😀', '--x=y z', '%PATH%'];
    const { stdout } = await run(script('process.stdout.write(JSON.stringify(process.argv.slice(1)))', ...args));
    t.deepEqual(JSON.parse(text(stdout)), args);
  });

  test(`${name}: a program with a space and quotes in its path`, async (t) => {
    const result = await run({ file: '/no such/"program"\\x y', args: [] });
    t.is(result.exitCode, 127);
    t.regex(result.stderr, /no such\/"program"\\+x y/);
  });

  test(`${name}: input is written to the end, byte for byte`, async (t) => {
    const input = new Uint8Array(300_000).map((_, index) => (index * 7) % 256);
    const result = await run({ ...script('process.stdin.pipe(process.stdout)'), input });
    t.deepEqual(Buffer.from(result.stdout), Buffer.from(input));
  });

  test(`${name}: without input the program reads the end at once`, async (t) => {
    const result = await run({ ...script('process.stdin.on("end", () => process.stdout.write("end")).resume()'), timeoutMs: 20_000 });
    t.deepEqual([text(result.stdout), result.timedOut], ['end', false]);
  });

  test(`${name}: a program that does not read its input is no failure`, async (t) => {
    const result = await run({ ...script('process.stdin.destroy(); process.exitCode = 3'), input: new Uint8Array(4_000_000) });
    t.is(result.exitCode, 3);
  });

  test(`${name}: output that is not text stays as it is`, async (t) => {
    const result = await run(script('process.stdout.write(Buffer.from([0, 255, 254, 13, 10, 128, 10]))'));
    t.deepEqual([...result.stdout], [0, 255, 254, 13, 10, 128, 10]);
  });

  test(`${name}: lines come one by one, of both streams, the last without its end too`, async (t) => {
    const lines: string[] = [];
    const code = 'process.stdout.write("a\\r\\n\\nb ä€\\nc"); process.stderr.write("x\\ny")';
    await run({ ...script(code), onLine: (line, stream) => lines.push(`${stream} ${line}`) });
    const of = (stream: string) => lines.filter((line) => line.startsWith(stream));
    t.deepEqual(of('stdout'), ['stdout a', 'stdout ', 'stdout b ä€', 'stdout c']);
    t.deepEqual(of('stderr'), ['stderr x', 'stderr y']);
  });

  test(`${name}: a character that is cut by the edge of a chunk is whole in its line`, async (t) => {
    const code =
      'const b = Buffer.from("€\\n"); process.stdout.write(b.subarray(0, 1)); setTimeout(() => process.stdout.write(b.subarray(1)), 100)';
    const lines: string[] = [];
    await run({ ...script(code), onLine: (line) => lines.push(line) });
    t.deepEqual(lines, ['€']);
  });

  test(`${name}: lines come while the program runs`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'run-command-'));
    const file = join(folder, 'heard');
    try {
      // Ends only when its line was heard.
      const code = 'console.log("now"); const t = setInterval(() => fs.existsSync(process.argv[1]) && clearInterval(t), 20)';
      const result = await run({ ...script(code, file), timeoutMs: 30_000, onLine: () => writeFileSync(file, '') });
      t.deepEqual([result.exitCode, result.timedOut], [0, false]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test(`${name}: variables are added to the environment`, async (t) => {
    const code = 'process.stdout.write(JSON.stringify([process.env.ADDED, typeof process.env.PATH]))';
    const { stdout } = await run({ ...script(code), env: { ADDED: 'a b' } });
    t.deepEqual(JSON.parse(text(stdout)), ['a b', 'string']);
  });

  test(`${name}: a program over its time is ended, and what it wrote is there`, async (t) => {
    const started = performance.now();
    const result = await run({ ...script('process.stdout.write("begun"); setInterval(() => {}, 1000)'), timeoutMs: 1500 });
    t.true(result.timedOut);
    t.not(result.exitCode, 0);
    t.is(text(result.stdout), 'begun');
    t.true(performance.now() - started < 10_000);
  });

  test(`${name}: one that does not heed SIGTERM is killed`, async (t) => {
    const started = performance.now();
    const code = 'process.on("SIGTERM", () => process.stdout.write("no")); setInterval(() => {}, 1000)';
    const result = await run({ ...script(code), timeoutMs: 1500 });
    t.like({ timedOut: result.timedOut, stdout: text(result.stdout) }, { timedOut: true, stdout: 'no' });
    t.true(performance.now() - started < 20_000);
  });

  test(`${name}: a program that ends in time leaves no timer behind`, async (t) => {
    const result = await run({ ...script(''), timeoutMs: 2 ** 30 });
    t.deepEqual([result.exitCode, result.timedOut], [0, false]);
  });

  test(`${name}: an abort ends the program and rejects with its reason`, async (t) => {
    const controller = new AbortController();
    let pid = 0;
    const running = run({
      ...script('console.log(process.pid); setInterval(() => {}, 1000)'),
      signal: controller.signal,
      onLine: (line) => {
        pid = Number(line);
        controller.abort(new Error('interrupted'));
      },
    });
    await t.throwsAsync(running, { message: 'interrupted' });
    t.true(pid > 0);
    await pause(50);
    t.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  });

  test(`${name}: nothing is started when the signal has aborted already`, async (t) => {
    const lines: string[] = [];
    const command = {
      ...script('console.log("started")'),
      signal: AbortSignal.abort(new Error('before')),
      onLine: (line: string) => lines.push(line),
    };
    await t.throwsAsync(run(command), { message: 'before' });
    await pause(200);
    t.deepEqual(lines, []);
  });

  test(`${name}: an abort after the end changes nothing`, async (t) => {
    const controller = new AbortController();
    const result = await run({ ...script(''), signal: controller.signal });
    controller.abort(new Error('late'));
    t.is(result.exitCode, 0);
  });

  test(`${name}: programs side by side do not mix`, async (t) => {
    const codes = [0, 1, 2, 3];
    const results = await Promise.all(codes.map((code) => run(script(`process.stdout.write("${code}"); process.exitCode = ${code}`))));
    t.deepEqual(
      results.map((result) => [result.exitCode, text(result.stdout)]),
      codes.map((code) => [code, String(code)]),
    );
  });

  test(`${name}: a program that a signal ended has a code that is none of its own`, async (t) => {
    t.is((await run(script('process.kill(process.pid, "SIGKILL")'))).exitCode, 128);
  });

  test(`${name}: nothing is printed`, async (t) => {
    const outer = `import { runCommand } from ${JSON.stringify(new URL(name === 'execa' ? '../../src/adapters/processes.ts' : '../../action/command-runner.ts', import.meta.url).href)};
      await runCommand({ file: 'echo', args: ['hidden'] });`;
    const result = await byExeca({ file: process.execPath, args: ['--input-type=module', '--eval', outer] });
    t.deepEqual([text(result.stdout), result.stderr, result.exitCode], ['', '', 0]);
  });
}
