// The action's inputs: every option of the table but those of the command line alone.

import { OPTIONS, type OptionEntry, type OptionName } from '../src/spec/options.ts';
import type { RawValue } from '../src/spec/values.ts';

export const INPUTS = (Object.keys(OPTIONS) as OptionName[]).filter((name) => (OPTIONS[name] as OptionEntry).cliOnly === undefined);

/** What the workflow gives. An input that is empty counts as absent, so that an expression may come to nothing. */
export function readInputs(getInput: (name: string) => string): Partial<Record<OptionName, RawValue>> {
  return Object.fromEntries(
    INPUTS.flatMap((name) => {
      const text = getInput(name);
      return text.trim() === '' ? [] : [[name, text]];
    }),
  );
}

/** The table's messages name options as flags; here they are inputs: `--tag` is `tags`. */
export function asInputs(text: string): string {
  return text.replace('crac-bake bake --help', 'docs/action.md').replace(/(?<![\w-])--([a-z]+(?:-[a-z]+)*)/g, (flag, name: string) => {
    const input = [name, `${name}s`, name.replace(/y$/, 'ies')].find((each) => (INPUTS as readonly string[]).includes(each));
    return input === undefined ? flag : `\`${input}\``;
  });
}
