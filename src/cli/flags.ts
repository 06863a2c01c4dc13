// Flags from the option table, and the texts that commander collected back as raw values.

import { type Command, Option } from 'commander';
import type { RawValues } from '../config/settings.ts';
import { nearest } from '../spec/near.ts';
import { environmentName, OPTIONS, type OptionEntry, type OptionName } from '../spec/options.ts';
import type { RawValue } from '../spec/values.ts';

/** Singular spellings of list flags, as people type them. */
const ALIASES: Readonly<Partial<Record<OptionName, string>>> = {
  tags: 'tag',
  labels: 'label',
  'build-args': 'build-arg',
  'warmup-requests': 'warmup-request',
  'warmup-headers': 'warmup-header',
  'app-capabilities': 'app-capability',
  secrets: 'secret',
  'env-files': 'env-file',
  'add-hosts': 'add-host',
  mounts: 'mount',
  'warmup-http-files': 'warmup-http-file',
};

const names = Object.keys(OPTIONS) as OptionName[];

/** Adds every option of the table to a command, each group under its heading. */
export function addOptions(command: Command): Command {
  for (const name of names) {
    const entry: OptionEntry = OPTIONS[name];
    const short = entry.short === undefined ? '' : `${entry.short}, `;
    const value = entry.type === 'boolean' ? '' : ` <${entry.placeholder ?? entry.choices?.join('|') ?? 'VALUE'}>`;
    const help = `${entry.help}${entry.default === undefined ? '' : ` (default: ${entry.default})`}`;
    const collects = entry.type === 'list' || entry.type === 'pairs' || entry.type === 'policies';
    const collect = (text: string, earlier: string[] | undefined) => [...(earlier ?? []), text];
    const make = (flags: string) =>
      (collects ? new Option(flags, help).argParser(collect) : new Option(flags, help)).helpGroup(`${title(entry.group)}:`);
    const alias = ALIASES[name];
    command.addOption(make(`${short}--${alias ?? name}${value}`));
    if (alias !== undefined) command.addOption(make(`--${name}${value}`).hideHelp());
    if (name === 'config') command.addOption(new Option('--no-config', 'read no config file').helpGroup(`${title(entry.group)}:`));
    // A switch that a config file sets can be unset for one run.
    if (entry.type === 'boolean' && !entry.flagOnly) command.addOption(new Option(`--no-${name}`).hideHelp());
  }
  return command;
}

function title(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The raw values that flags give. */
export function flagValues(command: Command): RawValues {
  const given = command.opts<Record<string, RawValue | undefined>>();
  const values = names.flatMap((name) => {
    const alias = ALIASES[name];
    const texts = [given[camel(name)], alias === undefined ? undefined : given[camel(alias)]].filter((value) => value !== undefined);
    // `--no-config` makes it false.
    const value = texts.length > 1 ? texts.flat().map(String) : name === 'config' && texts[0] === false ? undefined : texts[0];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(values);
}

/** Whether the command line forbids a config file. */
export function forbidsConfig(command: Command): boolean {
  return command.opts<{ config?: unknown }>().config === false;
}

/** Variables with our prefix that are no options: of the scripts, and those that a warm-up command gets. */
const OTHER_VARIABLES = /^CRAC_BAKE_(NO_ENGINE_SETUP|DEBIAN_MIRROR|URL|HOST|PORT|TEST_.*)$/;

/** A line for each variable that begins as an option's does and is none, with the option that is meant, where one is near. */
export function misspeltVariables(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known = names.map(environmentName);
  return Object.keys(environment)
    .filter((name) => name.startsWith('CRAC_BAKE_') && !known.includes(name) && !OTHER_VARIABLES.test(name))
    .sort()
    .map((name) => {
      const near = nearest(name, known);
      return `${name} is set, but there is no such option.${near === undefined ? '' : ` Is ${near} meant?`}`;
    });
}

function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
