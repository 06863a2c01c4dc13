// Settings: the raw value of each option with its source. A flag wins over the environment, which wins over the file, which wins over the default.

import { isAbsolute, relative, resolve } from 'node:path';
import { isLocalContext } from '../spec/context.ts';
import { environmentName, OPTIONS, type OptionEntry, type OptionName } from '../spec/options.ts';
import type { RawValue } from '../spec/values.ts';
import type { ConfigFile } from './find.ts';

export type SourceKind = 'flag' | 'environment' | 'file' | 'default';

export interface Setting {
  readonly raw: RawValue | undefined;
  readonly source: SourceKind;
  /** The flag, the variable, or `crac-bake.yml:3:1`; empty for a default. */
  readonly where: string;
}

export type Settings = Readonly<Record<OptionName, Setting>>;

export type RawValues = Readonly<Partial<Record<OptionName, RawValue>>>;

const table: Readonly<Record<string, OptionEntry>> = OPTIONS;
const names = Object.keys(OPTIONS) as OptionName[];

/** What the environment gives; an empty variable gives nothing. */
export function environmentValues(environment: Readonly<Record<string, string | undefined>>): RawValues {
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = environment[environmentName(name)];
      return text === undefined || text === '' ? [] : [[name, text]];
    }),
  );
}

/** Every option with where it comes from. `cwd`: the folder to which paths of flags and variables are relative, and all paths of the result are. */
export function settle(flags: RawValues, environment: RawValues, file: ConfigFile | undefined, cwd: string): Settings {
  const setting = (name: OptionName): Setting => {
    const flag = flags[name];
    if (flag !== undefined) return { raw: located(name, flag, cwd, cwd), source: 'flag', where: `--${name}` };
    const variable = environment[name];
    if (variable !== undefined) return { raw: located(name, variable, cwd, cwd), source: 'environment', where: environmentName(name) };
    const its = file?.settings.get(name);
    if (file !== undefined && its !== undefined)
      return { raw: located(name, its.raw, resolve(file.path, '..'), cwd), source: 'file', where: its.place };
    return { raw: undefined, source: 'default', where: '' };
  };
  return Object.fromEntries(names.map((name) => [name, setting(name)])) as Record<OptionName, Setting>;
}

/** The raw values of all settings that are given. */
export function rawOf(settings: Settings): RawValues {
  return Object.fromEntries(names.flatMap((name) => (settings[name].raw === undefined ? [] : [[name, settings[name].raw]])));
}

/** A message of a wrong value in the words of where the value stands: `--ready takes …` becomes `crac-bake.yml:3:8: ready takes …`. */
export function inFileWords(message: string, settings: Settings): string {
  const [flag, name = ''] = /^--([a-z-]+)/.exec(message) ?? [];
  const setting = settings[name as OptionName] as Setting | undefined;
  return flag !== undefined && setting?.source === 'file' ? `${setting.where}: ${message.slice(2)}` : message;
}

/** Paths of a value that are relative to `folder`, made relative to `cwd`; those in a list of fields become absolute, as docker wants them. */
function located(name: OptionName, raw: RawValue, folder: string, cwd: string): RawValue {
  const kind = table[name]?.path;
  if (kind === undefined || (kind === 'whole' && folder === cwd)) return raw;
  const move = (text: string) => (kind === 'whole' ? moved(text, folder, cwd) : withSource(text, folder));
  if (typeof raw === 'string') return raw.split('\n').map(move).join('\n');
  if (typeof raw === 'boolean') return raw;
  return 'items' in raw ? { items: raw.items.map(move) } : raw.map((text) => text.split('\n').map(move).join('\n'));
}

function moved(path: string, folder: string, cwd: string): string {
  // A build context may be a URL or a git repository.
  if (path === '' || isAbsolute(path) || !isLocalContext(path)) return path;
  return relative(cwd, resolve(folder, path)) || '.';
}

/** `type=bind,src=./data,dst=/data` with an absolute source. The source of a volume is a name. */
function withSource(text: string, folder: string): string {
  const fields = text.trim().split(',');
  if (fields.some((field) => /^type=(volume|tmpfs)$/.test(field.trim()))) return text;
  // Docker's default type of a mount is a volume; a path is what begins like one, everything of a secret is.
  const isMount = fields.some((field) => /^(dst|destination|target)=/.test(field.trim()));
  return fields
    .map((field) => {
      const [, key, path] = /^\s*(src|source)=(.+)$/.exec(field) ?? [];
      if (key === undefined || path === undefined || isAbsolute(path)) return field;
      return isMount && !fields.some((each) => each.trim() === 'type=bind') ? field : `${key}=${resolve(folder, path)}`;
    })
    .join(',');
}
