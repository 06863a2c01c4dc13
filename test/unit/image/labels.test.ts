// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the texts that are tested
import test from 'ava';
import type { JvmDescription } from '../../../src/engines/engine.ts';
import { criuSentence, jdkName } from '../../../src/image/jdk.ts';
import { labelInstruction, restoreLabels } from '../../../src/image/labels.ts';
import { makeManifest } from '../../../src/image/manifest.ts';
import { MANIFEST, PARTS } from './sample.ts';

const BASE = { name: 'app:1', digest: 'sha256:ab' };

test('labels say what a registry’s copy of the configuration must answer', (t) => {
  t.deepEqual(restoreLabels(MANIFEST, BASE, {}), {
    'org.opencontainers.image.base.name': 'app:1',
    'org.opencontainers.image.base.digest': 'sha256:ab',
    'io.github.crac-bake.engine': 'criu',
    'io.github.crac-bake.tool': 'crac-bake 0.1.0',
    'io.github.crac-bake.cpu': 'Some CPU',
    'io.github.crac-bake.cpu-baseline': 'x86-64-v3',
    'io.github.crac-bake.cpu-features': 'avx2,sse2',
    'io.github.crac-bake.criu': '4.2.1',
    'io.github.crac-bake.kernel': '6.12.0',
    'io.github.crac-bake.abilities': 'checkpoint-restore,clone3-set-tid',
    'io.github.crac-bake.dumped-at': '2023-11-14T22:13:20.000Z',
    'io.github.crac-bake.files-changed': '3',
    'io.github.crac-bake.java': 'Debian 21.0.6',
    'io.github.crac-bake.process-capabilities': '',
    'io.github.crac-bake.seccomp': '0',
    'io.github.crac-bake.architecture': 'amd64',
    'io.github.crac-bake.clock': 'near-zero',
    'io.github.crac-bake.hooks': 'true',
    'io.github.crac-bake.pid': '513',
    'io.github.crac-bake.uid': '1000',
    'io.github.crac-bake.gid': '1000',
    'io.github.crac-bake.threads': '30',
    'io.github.crac-bake.resident-bytes': '120000000',
    'io.github.crac-bake.checkpoint-bytes': '100000000',
    'io.github.crac-bake.restore-capabilities': 'CHECKPOINT_RESTORE,SETPCAP',
    'io.github.crac-bake.restore-seccomp': 'profile',
    'io.github.crac-bake.run': '',
  });
});

const JDK: JvmDescription = {
  vendor: 'Azul Systems, Inc.',
  version: '21.0.9',
  build: 'Zulu21.46+19-CRaC-CA',
  flags: ['CRaCCheckpointTo', 'CRaCEngine'],
  engine: 'criu',
  hasJcmd: true,
  ownCriu: { path: '/usr/lib/jvm/zulu21/lib/criu', version: '3.17.1-crac', verdict: 'cannot', reasons: ['it is too old', 'AMX'] },
  criu: 'ours',
};

test('labels of a CRaC JDK say what it is and which CRIU was taken', (t) => {
  const labels = restoreLabels(makeManifest({ ...PARTS, engine: 'crac', jdk: JDK }), BASE, {});
  t.like(labels, {
    'io.github.crac-bake.engine': 'crac',
    'io.github.crac-bake.jdk': 'Zulu21.46+19-CRaC-CA, Java 21.0.9',
    'io.github.crac-bake.jdk-vendor': 'Azul Systems, Inc.',
    'io.github.crac-bake.jdk-engine': 'criu',
    'io.github.crac-bake.jdk-flags': 'CRaCCheckpointTo,CRaCEngine',
    'io.github.crac-bake.jdk-jcmd': 'true',
    'io.github.crac-bake.jdk-criu': '/usr/lib/jvm/zulu21/lib/criu 3.17.1-crac cannot',
    'io.github.crac-bake.criu-from': 'ours',
  });
});

const sentences: readonly [title: string, jvm: JvmDescription, text: string][] = [
  ['ours, for the JDK’s own cannot', JDK, 'engine criu with our CRIU; the JDK’s own, 3.17.1-crac, cannot work here: it is too old; AMX'],
  ['ours, for it has none', { ...JDK, ownCriu: null }, 'engine criu with our CRIU; the JDK brings none'],
  ['the JDK’s own', { ...JDK, criu: 'image' }, 'engine criu with the JDK’s own CRIU 3.17.1-crac'],
  ['none', { ...JDK, engine: 'warp', criu: 'none' }, 'engine warp, which is no CRIU'],
  [
    'ours, as was asked for',
    { ...JDK, ownCriu: { path: '/c', version: '4.2', verdict: 'works', reasons: [] } },
    'engine criu with our CRIU; the JDK’s own, 4.2, would do, too',
  ],
];

for (const [title, jvm, text] of sentences) {
  test(`which CRIU works for a CRaC JDK: ${title}`, (t) => {
    t.is(criuSentence(jvm), text);
  });
}

test('a JDK without a build’s name is called by its vendor', (t) => {
  t.is(jdkName({ ...JDK, build: '', vendor: 'BellSoft' }), 'BellSoft, Java 21.0.9');
});

test('the user’s labels are there, but cannot replace ours', (t) => {
  const labels = restoreLabels(MANIFEST, BASE, { team: 'a', 'io.github.crac-bake.engine': 'none', 'io.github.crac-bake.run': 'x' });
  t.like(labels, { team: 'a', 'io.github.crac-bake.engine': 'criu', 'io.github.crac-bake.run': '' });
});

test('no label is one by which podman, CRI-O or containerd recognise their own checkpoints', (t) => {
  for (const name of Object.keys(restoreLabels(MANIFEST, BASE, {})))
    t.notRegex(name, /checkpoint\.(config|engine)|podman|cri-o|containerd/);
});

// Each was committed with docker and read back.
const quoted: readonly [value: string, text: string][] = [
  ['plain', '"plain"'],
  ['', '""'],
  ['say "hi"', '"say \\"hi\\""'],
  ['$HOME ${X:-y} $$', '"\\$HOME \\${X:-y} \\$\\$"'],
  ['back\\slash', '"back\\\\slash"'],
  ['at the end\\', '"at the end\\\\"'],
  ['one\ntwo\r\nthree', '"one two three"'],
  ["it's # fine = ä", '"it\'s # fine = ä"'],
];

for (const [value, text] of quoted) {
  test(`a label’s value ${JSON.stringify(value)} is quoted`, (t) => {
    t.is(labelInstruction({ a: value }), `LABEL "a"=${text}`);
  });
}

test('all labels are one instruction on one line, names quoted like values', (t) => {
  t.is(labelInstruction({ a: '1', 'b c': '2', d$: 'x\ny' }), 'LABEL "a"="1" "b c"="2" "d\\$"="x y"');
});
