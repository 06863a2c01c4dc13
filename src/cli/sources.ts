// Where the command line takes options from.

import type { Command } from 'commander';
import { files } from '../adapters/files.ts';
import type { Sources } from '../config/load.ts';
import { BakeError } from '../errors.ts';
import { flagValues, forbidsConfig } from './flags.ts';

/** Flags, with the build context as an argument or one of them, environment and files. Throws `usage` where the context is given twice. */
export function sourcesOf(command: Command, context: string | undefined): Sources {
  const flags = flagValues(command);
  if (context !== undefined && flags.context !== undefined)
    throw new BakeError('usage', 'options', 'The build context is given twice, as an argument and by --context');
  return {
    flags: context === undefined ? flags : { ...flags, context },
    noConfig: forbidsConfig(command),
    environment: process.env,
    cwd: process.cwd(),
    files,
  };
}
