// Files of environment variables, in the syntax of `docker run --env-file`
// (https://docs.docker.com/reference/cli/docker/container/run/#env: lines NAME=VALUE, NAME alone takes the caller's value, # begins a comment line).

import { BakeError } from '../errors.ts';

/** The variables of a file's text; a later line wins. `NAME` alone of a variable that is not set gives nothing, as in docker. Throws `usage`. */
export function parseEnvFile(
  text: string,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const variables = new Map<string, string>();
  for (const [index, whole] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = whole.replace(/\r$/, '').trimStart();
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, name = '', value] = /^([^=]*)(?:=([\s\S]*))?$/.exec(line) ?? [];
    // The line itself is not shown: it may hold a secret.
    if (name === '' || /\s/.test(name))
      throw new BakeError('usage', 'options', `${file}:${index + 1}: a line is NAME=VALUE, with no blanks in the name`);
    const given = value ?? environment[name];
    if (given !== undefined) variables.set(name, given);
  }
  return Object.fromEntries(variables);
}
