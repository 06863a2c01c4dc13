// --push, over an engine and a registry in memory.

import test from 'ava';
import { bakeOnce } from './bench.ts';

const TAGS = ['r.example/team/app:1', 'r.example/team/app:latest', 'other.example/app:1'];
const PUSH = { tags: TAGS, push: true };
const NETWORK = 'error pinging: connection reset by peer';

const pushes = (argvs: readonly string[]) => argvs.filter((argv) => argv.startsWith('push '));

test('each repository gets a temporary tag first; the tags move after the proof of what was pulled back', async (t) => {
  const { report, engine } = await bakeOnce({ options: PUSH });
  t.like(report, { outcome: 'baked', tags: TAGS });
  t.regex(report.digest ?? '', /^sha256:d\d{63}$/);
  t.deepEqual(
    report.pushed,
    TAGS.map((tag) => ({ tag, status: 'moved' as const, digest: report.digest })),
  );
  t.deepEqual(pushes(engine.argvs), [
    'push r.example/team/app:crac-bake-run-01234567',
    'push other.example/app:crac-bake-run-01234567',
    ...TAGS.map((tag) => `push ${tag}`),
  ]);
  const proofs = engine.argvs.flatMap((argv, index) => (/^run .*01234567-proof /.test(argv) ? [index] : []));
  t.is(proofs.length, 2);
  t.true(engine.argvs[proofs[1] ?? 0]?.endsWith(`r.example/team/app@${report.digest}`));
  t.true((proofs[1] ?? 0) < engine.argvs.indexOf(`push ${TAGS[0]}`));
});

test('what was pushed is forgotten on the engine before it is pulled', async (t) => {
  const { engine } = await bakeOnce({ options: PUSH });
  const forgotten = engine.argvs.findIndex((argv) => argv.startsWith('rmi --force crac-bake-run/01234567:restore'));
  const pulled = engine.argvs.findIndex((argv) => argv.startsWith('pull r.example/team/app@'));
  t.true(forgotten > 0 && forgotten < pulled);
});

test('temporary tags are asked to be removed, never a digest; one that stays is named', async (t) => {
  const { engine, report } = await bakeOnce({ options: PUSH });
  t.deepEqual(engine.fetched, [
    'DELETE https://r.example/v2/team/app/manifests/crac-bake-run-01234567',
    'DELETE https://other.example/v2/app/manifests/crac-bake-run-01234567',
  ]);
  t.is(report.warnings.length, 2);
  t.regex(
    report.warnings[0] ?? '',
    /r\.example\/team\/app:crac-bake-run-01234567 may still be in the registry \(the registry answers 405\)/,
  );
});

test('without --push nothing is pushed', async (t) => {
  const { engine, report } = await bakeOnce({ options: { tags: TAGS } });
  t.deepEqual(pushes(engine.argvs), []);
  t.like(report, { digest: null, pushed: null });
});

test('a network error is tried again, each time later, and no more often than told', async (t) => {
  const fail = (argv: readonly string[]) => (argv[0] === 'push' ? { exitCode: 1, stderr: NETWORK } : undefined);
  const { engine, report, sleeps } = await bakeOnce({ options: { ...PUSH, 'push-retries': '2' }, script: { fail } });
  t.like(report, { outcome: 'push', exitCode: 18, error: { code: 'push-failed', step: 'push', details: NETWORK } });
  t.is(pushes(engine.argvs).length, 3);
  t.deepEqual(sleeps.slice(-2), [1000, 2000]);
});

test('a refusal is not tried again', async (t) => {
  const fail = (argv: readonly string[]) => (argv[0] === 'push' ? { exitCode: 1, stderr: 'denied: requested access' } : undefined);
  const { engine, report } = await bakeOnce({ options: PUSH, script: { fail } });
  t.like(report, { outcome: 'push', error: { code: 'push-denied' } });
  t.is(pushes(engine.argvs).length, 1);
});

test('an image that comes back as another one moves no tag', async (t) => {
  const other = `sha256:${'9'.repeat(64)}`;
  const fail = (argv: readonly string[]) => (argv.includes('{{.Id}}') && argv.at(-1)?.includes('@') ? { stdout: `${other}\n` } : undefined);
  const { engine, report } = await bakeOnce({ options: PUSH, script: { fail } });
  t.like(report, { outcome: 'push', error: { code: 'digest-mismatch' }, pushed: null, digest: null });
  t.deepEqual(
    TAGS.filter((tag) => engine.registry.has(tag)),
    [],
  );
  t.deepEqual(engine.left, { containers: [], images: [] });
});

test('a failed proof of what was pulled back moves no tag', async (t) => {
  let proofs = 0;
  const fail = (argv: readonly string[]) => {
    if (argv[0] !== 'run' || !argv.join(' ').includes('01234567-proof')) return undefined;
    return ++proofs === 2 ? { exitCode: 125, stderr: 'no' } : undefined;
  };
  const { engine, report } = await bakeOnce({ options: PUSH, script: { fail } });
  t.like(report, { outcome: 'proof', error: { code: 'restore-failed' }, pushed: null });
  t.deepEqual(
    TAGS.filter((tag) => engine.registry.has(tag)),
    [],
  );
});

test('the second tag fails: the first one is named as moved, the others are as they were, on the engine too', async (t) => {
  const fail = (argv: readonly string[]) => (argv.join(' ') === `push ${TAGS[1]}` ? { exitCode: 1, stderr: 'denied' } : undefined);
  const { engine, report } = await bakeOnce({ options: PUSH, script: { fail } });
  t.like(report, { outcome: 'push', tags: [], error: { code: 'push-denied' } });
  t.deepEqual(
    report.pushed?.map(({ status }) => status),
    ['moved', 'untouched', 'untouched'],
  );
  t.true(report.warnings.some((warning) => warning === `Moved before the failure, to what was proved: ${TAGS[0]}.`));
  t.deepEqual(engine.left, { containers: [], images: [TAGS[0] ?? ''] });
});

test('another digest at the tag’s own push is a failure that names both', async (t) => {
  const wrong = `sha256:${'e'.repeat(64)}`;
  const fail = (argv: readonly string[]) =>
    argv.join(' ') === `push ${TAGS[0]}` ? { stdout: `1: digest: ${wrong} size: 1\n` } : undefined;
  const { report } = await bakeOnce({ options: PUSH, script: { fail } });
  t.like(report, { outcome: 'push', error: { code: 'digest-mismatch', step: 'tag' } });
  t.true(report.error?.details.startsWith(`${wrong} instead of sha256:d`));
  t.is(report.pushed?.[0]?.status, 'failed');
});
