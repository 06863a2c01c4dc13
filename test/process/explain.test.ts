// The built CLI's `explain`, on files and standard input.

import { fileURLToPath } from 'node:url';
import test from 'ava';
import { execa } from 'execa';
import { CATALOGUE } from '../../src/diagnose/catalogue.ts';
import { transcript } from '../unit/diagnose/fixtures.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const LOG = fileURLToPath(new URL('../fixtures/transcripts/restore-file-changed/app.stderr.txt', import.meta.url));

const explain = (args: readonly string[], input?: string | Uint8Array) =>
  execa(process.execPath, [CLI, 'explain', ...args], {
    reject: false,
    stripFinalNewline: false,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  });

test('a log on standard input: cause, remedy, link, exit code 0', async (t) => {
  for (const args of [[], ['-']]) {
    const { exitCode, stdout, stderr } = await explain(args, transcript('checkpoint-listen'));
    t.like({ exitCode, stderr }, { exitCode: 0, stderr: '' });
    t.regex(stdout, /^crac-open-socket-java-listening: .*port 8080/);
    t.regex(stdout, /\nWhat to do: .+\n/);
    t.regex(stdout, /\nMore: docs\/failures\.md#crac-open-socket-java-listening\n/);
  }
});

test('a log in a file, as JSON', async (t) => {
  const { exitCode, stdout } = await explain([LOG, '--json']);
  t.is(exitCode, 0);
  const { outcome, root, others, along } = JSON.parse(stdout);
  t.is(outcome, 'named');
  t.like(root, { id: 'criu-bad-size', line: 2, rank: 'root', link: 'docs/failures.md#criu-bad-size' });
  t.deepEqual(others, []);
  t.true(along.some(({ id }: { id: string }) => id === 'criu-restore-failed'));
});

test('unknown: exit code 1, the lines that matter, and how to report them', async (t) => {
  const { exitCode, stdout } = await explain(['-'], 'all well\nError (criu/new.c:7): odd thing\n');
  t.is(exitCode, 1);
  t.regex(stdout, /^Unknown: [\s\S]*line 2: Error \(criu\/new\.c:7\): odd thing\n[\s\S]*report/);
  const json = await explain(['-', '--json'], 'odd thing\n');
  t.is(json.exitCode, 1);
  t.like(JSON.parse(json.stdout), { outcome: 'unknown', root: null });
});

test('a file that is not there: exit code 2', async (t) => {
  const { exitCode, stdout, stderr } = await explain(['/no/such.log']);
  t.like({ exitCode, stdout }, { exitCode: 2, stdout: '' });
  t.regex(stderr, /\/no\/such\.log cannot be read/);
  t.is((await explain(['.'])).exitCode, 2);
  t.is((await explain(['a', 'b'])).exitCode, 2);
});

test('the list has every failure, as text and as JSON', async (t) => {
  const text = await explain(['--list']);
  t.is(text.exitCode, 0);
  for (const { id } of CATALOGUE) t.true(text.stdout.includes(`  ${id} `), id);
  const { failures } = JSON.parse((await explain(['--list', '--json'])).stdout);
  t.is(failures.length, CATALOGUE.length);
});

test('nothing of a log steers the terminal or the runner', async (t) => {
  const evil =
    '\x1b]0;owned\x07Error (criu/files-reg.c:1): File /a\x1b[2J\x9b31m\rb has bad size 1 (expect 2)\u202e\n::set-output name=a::b error\n';
  for (const input of [evil, `${evil}odd error: \x1b[2J\x07`, evil.replace('bad size', 'odd size')]) {
    const { stdout } = await explain(['-'], input);
    t.notRegex(stdout, /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
    t.notRegex(stdout, /^\s*::/m);
  }
});

test('bytes that are no text, and a line without end, do no harm', async (t) => {
  const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 7919 + (i >> 8)) % 256);
  t.is((await explain(['-'], bytes)).exitCode, 1);
  const { exitCode, stdout } = await explain(
    ['-'],
    `${'x'.repeat(20_000_000)}\nError (criu/sk-inet.c:174): In-flight connection (l) for 1a2b\n`,
  );
  t.is(exitCode, 0);
  t.regex(stdout, /^criu-in-flight: /);
});

/** Has a process say at its end how much processor time it took, in microseconds: unlike its wall time that depends little on what else runs. */
const TELLS = `data:text/javascript,process.on('exit',()=>process.stderr.write('cpu='+Object.values(process.cpuUsage()).reduce((a,b)=>a+b)+'\\n'))`;

test('it answers within 100 ms of processor time beyond an empty script', async (t) => {
  const time = async (args: readonly string[]) => {
    const { stderr } = await execa(process.execPath, ['--import', TELLS, ...args], { input: transcript('checkpoint-caps-but-seccomp') });
    return Number(/cpu=(\d+)/.exec(stderr)?.[1]) / 1000;
  };
  const best = { empty: Number.POSITIVE_INFINITY, explain: Number.POSITIVE_INFINITY };
  // In turns, and the best of each.
  for (let i = 0; i < 12; i += 1) {
    best.empty = Math.min(best.empty, await time(['--eval', '']));
    best.explain = Math.min(best.explain, await time([CLI, 'explain', '-']));
  }
  const more = best.explain - best.empty;
  t.log(`empty script ${best.empty.toFixed(0)} ms, explain ${best.explain.toFixed(0)} ms`);
  // A processor that other tests keep busy is slower with both.
  t.true(more < Math.max(100, 3 * best.empty), `${more.toFixed(0)} ms more`);
});
