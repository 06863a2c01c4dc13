// --push to a real registry, behind a proxy that fails: the user's tags move only to what was pulled back and proved.

import test, { type ExecutionContext } from 'ava';
import { startRegistry } from '../../scripts/setup/registry.mjs';
import { bake, bakeWell } from './support/cli.ts';
import { docker, runRestored, untilAnswers } from './support/engine.ts';
import { answerManifest, cut, cutUploads, hang, type RegistryProxy, refuse, startProxy } from './support/registry-proxy.ts';

const APP = ['--image', 'crac-bake-test/busybox:app', '--warmup-count', '1', '--push'];
const OLD = 'crac-bake-test/busybox:app';

interface Manifest {
  readonly type: string;
  readonly body: string;
  readonly digest: string;
}

let registry: { address: string; stop: () => Promise<void> };
let proxy: RegistryProxy;
let repository = '';
let tag = '';
let old: Manifest;

/** What the registry itself says of a tag, without the proxy. */
async function manifestOf(path: string, reference: string): Promise<Manifest> {
  const headers = { accept: 'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json' };
  const answer = await fetch(`http://${registry.address}/v2/${path}/manifests/${reference}`, { headers });
  const header = (name: string) => answer.headers.get(name) ?? '';
  return { type: header('content-type'), body: await answer.text(), digest: header('docker-content-digest') };
}

const localId = (name: string) => docker('image', 'inspect', '--format', '{{.Id}}', name);

test.before(async () => {
  registry = await startRegistry();
  proxy = await startProxy(registry.address);
  repository = `${proxy.address}/team/app`;
  tag = `${repository}:1`;
  await docker('tag', OLD, tag);
  await docker('push', '--quiet', tag);
  old = await manifestOf('team/app', '1');
});

test.beforeEach(() => proxy.reset());

test.after.always(async () => {
  await docker('rmi', '--force', tag).catch(() => '');
  await proxy?.stop();
  await registry?.stop();
});

/** Containers of a run, its images, and all that came from this registry, with `<none>` for images without a tag. */
async function leftOf(run: string): Promise<string[]> {
  const short = run.slice(0, 8);
  const containers = await docker('ps', '--all', '--format', '{{.Names}}');
  const images = await docker('images', '--format', '{{.Repository}}:{{.Tag}}');
  const lines = [...containers.split('\n'), ...images.split('\n')];
  return lines.filter((line) => line.includes(short) || line.startsWith(proxy.address)).sort();
}

interface Expected {
  readonly code: string;
  readonly details?: RegExp;
  readonly args?: readonly string[];
  /** What else is to be seen. */
  readonly check?: (t: ExecutionContext, run: Awaited<ReturnType<typeof bake>>) => void;
}

/** Bakes with --push and asserts that it fails so, that the old tag is the old image in the registry and here, and that nothing is left. */
async function refusesToMove(t: ExecutionContext, { code, details, args = [], check }: Expected): Promise<void> {
  const run = await bake([...APP, '--tag', tag, ...args]);
  const { exitCode, report, stderr } = run;
  t.deepEqual(await leftOf(report.run), [tag], 'nothing is left but the tag that was there');
  t.is(report.error?.code, code, stderr);
  t.like({ exitCode, outcome: report.outcome }, { exitCode: 18, outcome: 'push' }, stderr);
  t.regex(report.error?.details ?? '', details ?? /./);
  t.like(report, { tags: [], digest: null, image: null });
  t.is((await manifestOf('team/app', '1')).digest, old.digest, 'the tag in the registry is as it was');
  t.is(await localId(tag), await localId(OLD), 'the tag on the engine is as it was');
  check?.(t, run);
}

const count = (pattern: RegExp) => proxy.seen.filter((line) => pattern.test(line)).length;

test.serial('the registry asks for a login: push-denied, not tried again', async (t) => {
  proxy.fault = refuse(401);
  await refusesToMove(t, { code: 'push-denied', check: (_, { stderr }) => t.notRegex(stderr, /trying again/) });
});

test.serial('the registry forbids it: push-denied, not tried again', async (t) => {
  proxy.fault = refuse(403, 'PUT');
  await refusesToMove(t, { code: 'push-denied', check: (_, { stderr }) => t.notRegex(stderr, /trying again/) });
});

test.serial('the registry takes the manifest and never answers: push-timeout (long)', async (t) => {
  proxy.fault = hang(/^PUT .*\/manifests\//);
  await refusesToMove(t, { code: 'push-timeout', details: /no end within 4 s/, args: ['--push-timeout', '4s', '--push-retries', '1'] });
  t.is(count(/^PUT .*\/manifests\//), 2, 'one try more than retries');
});

test.serial('the connection is cut at every try: push-failed after the retries (long)', async (t) => {
  proxy.fault = cut(/^PUT .*\/manifests\//);
  await refusesToMove(t, { code: 'push-failed', details: /EOF|reset|closed network connection/, args: ['--push-retries', '1'] });
  t.true(count(/^PUT .*\/manifests\//) >= 2);
});

test.serial('the registry cannot be asked at all: push-failed (long)', async (t) => {
  proxy.fault = cut(/./);
  await refusesToMove(t, { code: 'push-failed', args: ['--push-retries', '2'] });
});

test.serial('pulled back, the digest is answered with another manifest: digest-mismatch (long)', async (t) => {
  proxy.fault = answerManifest(/^(GET|HEAD) .*\/manifests\/sha256:/, old);
  await refusesToMove(t, { code: 'digest-mismatch', details: /verification failed|digest/ });
});

test.serial('the pull of the pushed digest is cut: push-failed, no tag moves (long)', async (t) => {
  proxy.fault = cut(/^(GET|HEAD) .*\/manifests\/sha256:/);
  await refusesToMove(t, { code: 'push-failed', args: ['--push-retries', '1'] });
});

test.serial('refused only for the user’s tag, after the proof: push-denied, and the tag is the old one everywhere', async (t) => {
  proxy.fault = (incoming, answer) => {
    if (incoming.method !== 'PUT' || !incoming.url?.endsWith('/manifests/1')) return false;
    answer.writeHead(403, { 'content-type': 'application/json' }).end('{"errors":[{"code":"DENIED","message":"tags are immutable"}]}');
    return true;
  };
  await refusesToMove(t, {
    code: 'push-denied',
    check: (_, { report }) => t.deepEqual(report.pushed, [{ tag, status: 'untouched', digest: null }]),
  });
});

test.serial(
  'the registry keeps the old image under the user’s tag while it says otherwise: digest-mismatch, not a success (long)',
  async (t) => {
    proxy.fault = (incoming, answer) => {
      if (incoming.method !== 'PUT' || !incoming.url?.endsWith('/manifests/1')) return false;
      incoming.resume().on('end', () => answer.writeHead(201, { 'docker-content-digest': old.digest }).end());
      return true;
    };
    await refusesToMove(t, {
      code: 'digest-mismatch',
      details: new RegExp(`${old.digest}(?: instead of|, expected) sha256:`),
      check: (_, { report }) => t.is(report.pushed?.[0]?.status, 'failed'),
    });
  },
);

/** Bakes with --push to these tags; each is in the registry at the report's digest, and restores after a pull. */
async function movesTo(t: ExecutionContext, paths: readonly string[], args: readonly string[] = []) {
  const tags = paths.map((path) => `${proxy.address}/${path}`);
  try {
    const report = await bakeWell([...APP, ...tags.flatMap((each) => ['--tag', each]), ...args]);
    t.deepEqual(
      report.pushed,
      tags.map((each) => ({ tag: each, status: 'moved' as const, digest: report.digest })),
    );
    for (const path of paths) {
      const [name = '', reference = ''] = path.split(':');
      t.is((await manifestOf(name, reference)).digest, report.digest ?? '');
    }
    const ids = await Promise.all(tags.map(localId));
    t.deepEqual([...new Set(ids)], [report.image?.id ?? '']);
    await docker('rmi', '--force', ...tags);
    const container = await runRestored(`${(tags[0] ?? '').replace(/:[^:/]+$/, '')}@${report.digest}`);
    try {
      await untilAnswers(container, '/');
      t.regex(await container.logs(), new RegExp(`^crac-init: restored pid ${report.checkpoint?.pid} `, 'm'));
    } finally {
      await container.remove();
    }
    await docker('rmi', '--force', report.image?.id ?? '');
    t.deepEqual(
      (await leftOf(report.run)).filter((line) => !line.startsWith(repository)),
      [],
    );
    return report;
  } finally {
    await docker('rmi', '--force', ...tags).catch(() => '');
  }
}

test.serial('several tags in several repositories move to one proved digest; the temporary ones that stay are named', async (t) => {
  const report = await movesTo(t, ['new/app:1', 'new/app:latest', 'deep/er/app:x']);
  t.is(report.warnings.filter((line) => line.includes(':crac-bake-run-')).length, 2, 'distribution 2 removes no tags');
  t.is((await manifestOf('team/app', '1')).digest, old.digest);
});

test.serial('the connection is cut in the middle of an upload, once: the push goes on (long)', async (t) => {
  proxy.fault = cutUploads(1);
  await movesTo(t, ['cut/app:1']);
});

test.serial('one answer of 503: tried again (long)', async (t) => {
  let times = 1;
  proxy.fault = (incoming, answer) => {
    if (incoming.method !== 'PUT' || !incoming.url?.includes('/manifests/') || times-- <= 0) return false;
    answer.writeHead(503).end();
    return true;
  };
  await movesTo(t, ['busy/app:1']);
});

test.serial('the registry names another digest than that of what it gives: digest-mismatch (long)', async (t) => {
  proxy.rewrite = (incoming, headers) => {
    if (incoming.url?.includes('/manifests/') && headers['docker-content-digest'] !== undefined)
      headers['docker-content-digest'] = old.digest;
  };
  await refusesToMove(t, { code: 'digest-mismatch', details: new RegExp(`${old.digest}(?: instead of|, expected) sha256:`) });
});
