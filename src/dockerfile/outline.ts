// What a Dockerfile offers to choose from: its named stages, the build arguments of its bases, and what it copies from the build folder.

import type { ModifiableInstruction } from 'dockerfile-ast';
import { readStages } from './planned-image.ts';

export interface Outline {
  /** Names of stages, in order. */
  readonly stages: readonly string[];
  /** Arguments before the first FROM, with their defaults. */
  readonly arguments: ReadonlyMap<string, string>;
  /** Sources of COPY and ADD that come from the build context. */
  readonly copied: readonly string[];
}

export function outlineDockerfile(text: string): Outline {
  const { stages, defaults } = readStages(text);
  const copies = stages
    .flatMap(({ instructions }) => instructions)
    .filter((instruction) => ['COPY', 'ADD'].includes(instruction.getKeyword()))
    // What comes from another stage is not in the folder.
    .filter((instruction) => !(instruction as ModifiableInstruction).getFlags().some((flag) => flag.getName() === 'from'))
    .map((instruction) => instruction.getArguments().map((argument) => argument.getValue()));
  return {
    stages: stages.flatMap(({ name }) => name ?? []),
    arguments: defaults,
    copied: copies.flatMap((words) => words.slice(0, -1)),
  };
}
