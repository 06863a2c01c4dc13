import { Readable } from 'node:stream';
import test from 'ava';
import { extract } from 'tar-stream';
import { packFile, packRuntime } from '../../../src/runtime/files.ts';
import type { RunRequest } from '../../../src/runtime/run-request.ts';

const REQUEST: RunRequest = {
  version: 1,
  command: ['java', 'ä "quoted"'],
  environment: { PASSWORD: 'hunter2' },
  user: '1000',
  clock: 'near-zero',
  pidFloor: 512,
  capabilities: [],
};

async function read(tar: Uint8Array) {
  const entries = [];
  for await (const entry of Readable.from([tar]).pipe(extract())) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(Buffer.from(chunk as Uint8Array));
    const { name, mode, uid, gid, type, pax } = entry.header;
    entries.push({ name, mode, uid, gid, type, pax, content: Buffer.concat(chunks) });
  }
  return entries;
}

test('the runtime is four entries of root; only the run request is closed to others', async (t) => {
  const entries = await read(await packRuntime(Buffer.from('init'), Buffer.from('agent'), REQUEST));
  t.deepEqual(
    entries.map(({ name, type, mode, uid, gid }) => [name, type, mode?.toString(8), uid, gid]),
    [
      ['opt/crac-bake/', 'directory', '755', 0, 0],
      ['opt/crac-bake/crac-init', 'file', '755', 0, 0],
      ['opt/crac-bake/context.jar', 'file', '644', 0, 0],
      ['opt/crac-bake/run.json', 'file', '600', 0, 0],
    ],
  );
  t.is(String(entries[1]?.content), 'init');
  t.is(String(entries[2]?.content), 'agent');
  t.deepEqual(JSON.parse(String(entries[3]?.content)), REQUEST);
});

/** The content of a PAX header block, read as bytes: records `LENGTH KEY=VALUE\n`. */
function paxRecords(tar: Uint8Array): Map<string, Buffer> {
  const bytes = Buffer.from(tar);
  const records = new Map<string, Buffer>();
  for (let at = 0; at + 512 <= bytes.length; ) {
    const size = Number.parseInt(bytes.toString('latin1', at + 124, at + 136), 8) || 0;
    if (bytes.toString('latin1', at + 156, at + 157) === 'x') {
      for (let from = at + 512; from < at + 512 + size; ) {
        const length = Number.parseInt(bytes.toString('latin1', from, from + 10), 10);
        const equals = bytes.indexOf('=', from);
        records.set(bytes.toString('latin1', bytes.indexOf(' ', from) + 1, equals), bytes.subarray(equals + 1, from + length - 1));
        from += length;
      }
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return records;
}

test('crac-init carries its capabilities as the kernel keeps them: permitted alone, no effective bit', async (t) => {
  const records = paxRecords(await packRuntime(Buffer.from('init'), Buffer.from('agent'), REQUEST));
  const data = records.get('SCHILY.xattr.security.capability') ?? Buffer.alloc(0);
  t.is(data.length, 20);
  t.is(data.readUInt32LE(0), 0x02000000);
  const permitted = BigInt(data.readUInt32LE(4)) | (BigInt(data.readUInt32LE(12)) << 32n);
  const bits = Array.from({ length: 64 }, (_, bit) => bit).filter((bit) => (permitted >> BigInt(bit)) & 1n);
  // SETPCAP, SYS_PTRACE, CHECKPOINT_RESTORE in linux/capability.h.
  t.deepEqual(bits, [8, 19, 40]);
  t.is(data.readUInt32LE(8) + data.readUInt32LE(16), 0);
});

test('equal content packs to equal bytes', async (t) => {
  const pack = () => packRuntime(Buffer.from('init'), Buffer.from('agent'), REQUEST);
  t.deepEqual(await pack(), await pack());
});

test('one file alone', async (t) => {
  const [entry, ...rest] = await read(await packFile('manifest.json', '{"ä":1}'));
  t.deepEqual(rest, []);
  t.like(entry, { name: 'manifest.json', mode: 0o644, uid: 0, gid: 0 });
  t.is(String(entry?.content), '{"ä":1}');
});
