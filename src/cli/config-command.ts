// `crac-bake config`.

import type { Command } from 'commander';
import { loadSettings, shownValue } from '../config/load.ts';
import { printable } from '../report/printable.ts';
import { OPTIONS, type OptionName } from '../spec/options.ts';
import { sourcesOf } from './sources.ts';

/** Shows the value of every option and where it comes from; of those that can be secrets, only the names. Throws `config-invalid`, `usage`. */
export async function configCommand(context: string | undefined, _flags: unknown, command: Command): Promise<void> {
  const { file, settings, options } = await loadSettings(sourcesOf(command, context));
  const rows = (Object.keys(OPTIONS) as OptionName[])
    .filter((name) => name !== 'json' && name !== 'config')
    .map((name) => {
      const { source, where } = settings[name];
      return { name, value: shownValue(name, options), source, where };
    });
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ version: 1, file: file?.path ?? null, options: rows }, null, 2)}\n`);
    return;
  }
  const cells = rows.map(({ name, value, source, where }) => [name, text(value), where || source] as const);
  const widths = [0, 1].map((column) => Math.max(...cells.map((row) => Math.min(60, row[column]?.length ?? 0))));
  const lines = cells.map(([name, value, where]) => `${name.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${where}`);
  process.stdout.write(printable(`Config file: ${file?.name ?? 'none'}\n\n${lines.join('\n')}\n`));
}

function text(value: unknown): string {
  if (value === null || value === '') return '–';
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.join(', ').replace(/\s+/g, ' ');
  if (typeof value === 'object') {
    const pairs = Object.entries(value as object).map(([name, its]) => `${name}=${its}`);
    return pairs.length === 0 ? '–' : pairs.join(', ').replace(/\s+/g, ' ');
  }
  return String(value);
}
