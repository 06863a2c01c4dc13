// The options of a bake from all their sources, with the files that they name read.

import { relative, resolve } from 'node:path';
import { BakeError } from '../errors.ts';
import type { BakeOptions } from '../plan/plan.ts';
import type { Files } from '../ports.ts';
import { isLocalContext } from '../spec/context.ts';
import { OPTIONS, type OptionEntry, type OptionName } from '../spec/options.ts';
import { type ResourcePolicy, renderPolicies } from '../spec/resource-policies.ts';
import { type OptionValues, parseOptions } from '../spec/values.ts';
import { parseHttpFile } from '../warmup/http-file.ts';
import { parseHeaders, type WarmupRequest } from '../warmup/requests.ts';
import { parseEnvFile } from './env-file.ts';
import { type ConfigFile, findConfigFile, readConfigFile } from './find.ts';
import { environmentValues, inFileWords, type RawValues, rawOf, type Settings, settle } from './settings.ts';

export interface Sources {
  /** What flags, or the inputs of another front end, give. */
  readonly flags: RawValues;
  /** Reads no config file. */
  readonly noConfig?: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether CRAC_BAKE_… variables are options, as for the command line; true if absent. Values of `env` come from the environment anyway. */
  readonly variables?: boolean;
  readonly cwd: string;
  readonly files: Files;
}

export interface Loaded {
  readonly file: ConfigFile | undefined;
  readonly settings: Settings;
  readonly options: OptionValues;
}

/** Finds the config file and settles every option. Throws `config-invalid` and `usage`. */
export async function loadSettings({ flags, noConfig, environment, variables: asOptions = true, cwd, files }: Sources): Promise<Loaded> {
  const variables = asOptions ? environmentValues(environment) : {};
  const named = flags.config ?? variables.config;
  const context = String(flags.context ?? variables.context ?? '.');
  const file = noConfig
    ? undefined
    : named === undefined
      ? await findConfigFile(files, isLocalContext(context) ? context : '.', cwd)
      : await readConfigFile(files, String(named), cwd);
  const settings = settle(flags, variables, file, cwd);
  try {
    return { file, settings, options: parseOptions(rawOf(settings), environment) };
  } catch (error) {
    throw explained(error, settings);
  }
}

/** As `loadSettings`, and reads the files that the options name. */
export async function loadOptions(sources: Sources): Promise<Loaded & { readonly options: BakeOptions }> {
  const loaded = await loadSettings(sources);
  const { options } = loaded;
  const read = async (name: OptionName, file: string) => {
    try {
      return await sources.files.readText(resolve(sources.cwd, file));
    } catch (error) {
      throw explained(
        new BakeError('usage', 'options', `--${name}: ${shown(file, sources.cwd)} cannot be read`, { details: (error as Error).message }),
        loaded.settings,
      );
    }
  };
  try {
    let env: Readonly<Record<string, string>> = {};
    for (const file of options['env-files']) env = { ...env, ...parseEnvFile(await read('env-files', file), file, sources.environment) };
    const headers = parseHeaders(options['warmup-headers']);
    const httpRequests: WarmupRequest[] = [];
    for (const file of options['warmup-http-files'])
      httpRequests.push(...parseHttpFile(await read('warmup-http-files', file), file, headers));
    return { ...loaded, options: { ...options, env: { ...env, ...options.env }, httpRequests } };
  } catch (error) {
    throw explained(error, loaded.settings);
  }
}

/** A failure that says `--name` of an option which the file gave, with the file's place. */
export function explained(error: unknown, settings: Settings): unknown {
  if (!(error instanceof BakeError) || error.outcome !== 'usage') return error;
  const message = inFileWords(error.message, settings);
  if (message === error.message) return error;
  const { code, step, details, remedy, log } = error;
  return new BakeError(code, step, message, { details, remedy, log, cause: error });
}

/** An option's value as it may be shown: of what can be a secret, the names alone. */
export function shownValue(name: OptionName, options: OptionValues): unknown {
  const entry: OptionEntry = OPTIONS[name];
  const value: unknown = options[name];
  if (value === undefined) return null;
  if (entry.type === 'duration') return `${Number(value) / 1000}s`;
  if (entry.type === 'percent') return `${Number(value) * 100}%`;
  if (entry.type === 'policies')
    return (value as readonly ResourcePolicy[]).map((policy) => renderPolicies([policy]).trimEnd().replaceAll('\n', ', '));
  if (entry.shown === 'first-word') return `${String(value).split(/\s/)[0]} …`;
  if (entry.shown === 'names')
    return Array.isArray(value) ? value.map((line) => `${String(line).split(':')[0]}: …`) : hidden(value as object);
  return value;
}

function hidden(pairs: object): Record<string, string> {
  return Object.fromEntries(Object.keys(pairs).map((name) => [name, '…']));
}

function shown(file: string, cwd: string): string {
  return relative(cwd, resolve(cwd, file)) || file;
}
