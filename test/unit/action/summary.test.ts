import test from 'ava';
import { escaped, LIMIT_BYTES, renderSummary } from '../../../action/summary.ts';
import { BAKED, FAILED } from './sample.ts';

test('a bake: what, cold against restored, steps, how to run it', (t) => {
  const text = renderSummary(BAKED);
  t.regex(text, /^## Baked shop:1\.0-crac$/m);
  t.regex(text, /^### First answer, \*\*10\.5 times faster\*\*$/m);
  t.regex(text, /^```text\ncold {6}█{50} 4220 ms\nrestored {2}█{5} 402 ms\n```$/m);
  t.regex(text, /^\| ✓ Get the app image \| 2\.1 s \| shop:1\.0 \|$/m);
  t.regex(
    text,
    /^```sh\nnpx crac-bake seccomp > \S+\ndocker run --rm --cap-drop ALL --cap-add CHECKPOINT_RESTORE .* shop:1\.0-crac\n```$/m,
  );
  t.regex(text, /^```yaml\n# on every node: .*\ncontainers:\n/m);
  t.regex(text, /^\| Checkpoint \| 134 MB, process 513, 30 threads \|$/m);
  t.notRegex(text, /Warnings|undefined|null|NaN/);
});

test('a failure: step, cause, what to do in the words of inputs, and the log folded', (t) => {
  const text = renderSummary(FAILED);
  t.regex(text, /^## Not baked: The app did not become ready in 120 s$/m);
  t.regex(text, /^\| Cause \| The last answer: connection refused \|$/m);
  t.regex(text, /^\| What to do \| Raise &#96;ready-timeout&#96;, or check &#96;ready&#96;: is it/m);
  t.regex(text, /<details>\n<summary>The lines that matter<\/summary>\n\n```text\nStarted\nstill waiting\n```\n\n<\/details>/);
  t.regex(text, /^\| ✗ Wait until it is ready \| 120\.0 s \| failed \|$/m);
});

test('warnings are listed, and a plain image is named as such', (t) => {
  const text = renderSummary({ ...FAILED, outcome: 'plain', exitCode: 0, tags: ['a:1'], warnings: ['one', 'two --ready'] });
  t.regex(text, /^## Tagged unchanged: a:1$/m);
  t.regex(text, /^- one\n- two &#96;ready&#96;$/m);
});

test('foreign text stays text', (t) => {
  const evil = '<img src=x> [a](https://evil) `b` **c** | d\n@everyone #1 :boom: www.evil.org </details>';
  const error = {
    code: 'not-ready',
    step: 'ready',
    remedy: evil,
    message: evil,
    details: evil,
    log: ['```', '</details>', '````'],
    failure: null,
  };
  const text = renderSummary({ ...FAILED, warnings: [evil], error });
  const outside = text.replace(/^(`{3,})[\s\S]*?^\1$/gm, '');
  t.notRegex(outside, /<img|\]\(|https:\/\/|\*\*c|@everyone|#1 |:boom:|www\.evil|(?<!<)\/details> </);
  t.is(outside.match(/<\/details>/g)?.length, 1);
  t.regex(text, /^`{5}text\n```\n<\/details>\n````\n`{5}$/m);
});

test('escaping', (t) => {
  t.is(escaped('a|b\nc'), 'a&#124;b<br>c');
  t.is(escaped('http:8080/x, 4.2 ms, shop:1.0 – äö'), 'http:8080/x, 4.2 ms, shop:1.0 – äö');
});

test('a summary is below GitHub’s limit, whole in its parts, and names what is left out', (t) => {
  const steps = Array.from({ length: 3000 }, (_, index) => ({
    step: 'build' as const,
    title: '€'.repeat(300),
    elapsedMs: index,
    detail: '€'.repeat(300),
  }));
  const log = Array.from({ length: 90_000 }, () => '€'.repeat(500));
  const text = renderSummary({ ...FAILED, steps, error: { ...(FAILED.error as NonNullable<typeof FAILED.error>), log } });
  t.true(Buffer.byteLength(text) < LIMIT_BYTES);
  t.regex(text, /Left out, for GitHub takes no summary of more than 1 MiB: steps\. The report/);
  t.regex(text, /The lines that matter \(the last 100 of 90000 lines\)/);
  t.is(text.match(/^```/gm)?.length, 2);
});

test('one very long line does not push everything else out', (t) => {
  const text = renderSummary({ ...FAILED, warnings: ['x'.repeat(3_000_000)] });
  t.true(text.length < 10_000);
  t.regex(text, /x … \(cut\)/);
});
