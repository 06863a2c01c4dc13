// `crac-bake explain [FILE|-]`: names the failures in any log.

import { createReadStream } from 'node:fs';
import { CATALOGUE } from '../diagnose/catalogue.ts';
import { type Diagnosis, diagnose, linkOf } from '../diagnose/diagnose.ts';
import { type CollectedLog, LINE_LIMIT, LogCollector } from '../diagnose/lines.ts';
import { fill } from '../diagnose/template.ts';
import { renderDiagnosis, renderList } from '../diagnose/text.ts';
import { BakeError } from '../errors.ts';
import { printable } from '../report/printable.ts';

interface ExplainFlags {
  readonly json?: boolean;
  readonly list?: boolean;
}

/** More than this of a log is not read, in bytes. */
const INPUT_LIMIT = 64 * 1024 * 1024;

/** Ends with 0 when the failure has a name, with 1 when not. Throws `usage` for a file that cannot be read, and where nothing is given. */
export async function explainCommand(file: string | undefined, flags: ExplainFlags): Promise<void> {
  if (flags.list) {
    process.stdout.write(flags.json ? `${JSON.stringify({ failures: CATALOGUE.map(listed) }, null, 2)}\n` : renderList());
    return;
  }
  const fromStdin = file === undefined || file === '-';
  if (fromStdin && file === undefined && process.stdin.isTTY) {
    throw new BakeError('usage', 'options', 'There is no log to explain', {
      remedy: 'Give a file, or a log on standard input: docker logs CONTAINER 2>&1 | crac-bake explain -',
    });
  }
  const { log, cut } = await read(fromStdin ? process.stdin : createReadStream(file), file ?? '-');
  if (cut) process.stderr.write(`Only the first ${INPUT_LIMIT / 1024 / 1024} MiB are looked at.\n`);
  const diagnosis = diagnose(log);
  process.stdout.write(flags.json ? `${JSON.stringify(document(diagnosis), null, 2)}\n` : printable(renderDiagnosis(diagnosis)));
  process.exitCode = diagnosis.root === undefined ? 1 : 0;
}

function document({ root, others, along, evidence }: Diagnosis): object {
  return { version: 1, outcome: root === undefined ? 'unknown' : 'named', root: root ?? null, others, along, evidence };
}

function listed({ id, stage, cause, remedy, on = {} }: (typeof CATALOGUE)[number]): object {
  const places = Object.fromEntries(Object.entries(on).map(([place, text]) => [place, fill(text, {})]));
  return { id, stage, cause: fill(cause, {}), remedy: fill(remedy, {}), on: places, link: linkOf(id) };
}

/** Reads a log line by line; lines without end are cut, what is not text does no harm. */
async function read(input: NodeJS.ReadableStream & { destroy?(): void }, name: string): Promise<{ log: CollectedLog; cut: boolean }> {
  const collector = new LogCollector();
  const decoder = new TextDecoder();
  let rest = '';
  let bytes = 0;
  try {
    for await (const chunk of input) {
      const part = chunk as Buffer;
      bytes += part.length;
      const lines = (rest + decoder.decode(part, { stream: true })).split('\n');
      rest = (lines.pop() ?? '').slice(0, LINE_LIMIT);
      for (const line of lines) collector.add(line);
      if (bytes >= INPUT_LIMIT) break;
    }
  } catch (error) {
    throw new BakeError('usage', 'options', `${name} cannot be read: ${(error as Error).message}`, {
      remedy: 'Give a file with a log, or - for standard input.',
    });
  }
  collector.add(rest);
  return { log: collector.end(), cut: bytes >= INPUT_LIMIT };
}
