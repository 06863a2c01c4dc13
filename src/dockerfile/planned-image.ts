// What a Dockerfile says of the image that it makes, as far as text alone can tell: for plans before anything is built.

import { type Cmd, DockerfileParser, type Entrypoint, type Healthcheck, type Instruction, type PropertyInstruction } from 'dockerfile-ast';
import type { PlannedImage } from '../plan/plan.ts';

/** Shown in a plan for a command that only the base image knows. */
const FROM_BASE = ['(the base image’s command)'];

/** Facts of the last stage, or of `target` (name or number), and of the stages that it builds on; what the base image adds is unknown here. */
export function plannedFromDockerfile(text: string, target?: string): PlannedImage {
  const { stages, defaults } = readStages(text);
  const lineage = ancestry(stages, target);
  const instructions = lineage.flatMap((stage) => stage.instructions);
  const variables = new Map(defaults);
  // In order: a variable has the value that was set before the instruction.
  let user = '';
  const ports: number[] = [];
  const environment = new Map<string, string>();
  const volumes = new Set<string>();
  for (const instruction of instructions) {
    switch (instruction.getKeyword()) {
      case 'ARG':
      case 'ENV':
        for (const property of (instruction as PropertyInstruction).getProperties()) {
          const name = property.getName();
          const value = property.getValue();
          if (value !== null && !(instruction.getKeyword() === 'ARG' && environment.has(name)))
            variables.set(name, expand(value, variables));
          if (instruction.getKeyword() === 'ENV') environment.set(name, variables.get(name) ?? '');
        }
        break;
      case 'USER':
        user = expand(words(instruction)[0] ?? '', variables);
        break;
      case 'EXPOSE':
        for (const word of words(instruction)) {
          const port = expand(word, variables);
          if (/^\d+(\/tcp)?$/i.test(port)) ports.push(Number.parseInt(port, 10));
        }
        break;
      case 'VOLUME':
        for (const volume of jsonWords(instruction) ?? words(instruction)) volumes.add(expand(volume, variables));
        break;
    }
  }
  const { entrypoint, command } = startOf(lineage);
  const healthCheck = instructions.findLast((instruction) => instruction.getKeyword() === 'HEALTHCHECK') as Healthcheck | undefined;
  const check = healthCheck?.getArgumentsContent() ?? '';
  const [, checkText = ''] = /^CMD\s+([\s\S]+)$/i.exec(withoutFlags(check)) ?? [];
  return {
    entrypoint: entrypoint.length + command.length === 0 ? FROM_BASE : entrypoint,
    command,
    user,
    environment: [...environment].map(([name, value]) => `${name}=${value}`),
    ports: [...new Set(ports)].sort((a, b) => a - b),
    volumes: [...volumes].sort(),
    healthCheck: /^NONE$/i.test(check) ? '' : check,
    healthCommand: checkText === '' ? [] : (jsonText(checkText) ?? ['/bin/sh', '-c', checkText]),
  };
}

interface Stage {
  readonly name: string | undefined;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** The stages, and the defaults of the ARGs before the first of them. */
export function readStages(text: string): { stages: Stage[]; defaults: Map<string, string> } {
  const instructions = DockerfileParser.parse(text).getInstructions();
  const starts = instructions.flatMap((instruction, index) => (instruction.getKeyword() === 'FROM' ? [index] : []));
  const stages = starts.map((start, index) => {
    const from = instructions[start];
    const parts = words(from).filter((word) => !word.startsWith('--'));
    const name = parts[1]?.toUpperCase() === 'AS' ? parts[2]?.toLowerCase() : undefined;
    return { name, base: parts[0] ?? '', instructions: instructions.slice(start + 1, starts[index + 1]) };
  });
  const defaults = new Map<string, string>();
  for (const instruction of instructions.slice(0, starts[0] ?? 0)) {
    if (instruction.getKeyword() !== 'ARG') continue;
    for (const property of (instruction as PropertyInstruction).getProperties())
      defaults.set(property.getName(), expand(property.getValue() ?? '', defaults));
  }
  return { stages, defaults };
}

/** The stage to be built after those that it builds on, the first one first. */
function ancestry(stages: readonly Stage[], target: string | undefined): Stage[] {
  const wanted = target?.toLowerCase();
  const named = wanted === undefined ? -1 : stages.findLastIndex((stage, index) => stage.name === wanted || String(index) === wanted);
  const lineage: Stage[] = [];
  let at = named >= 0 ? named : stages.length - 1;
  for (let stage = stages[at]; stage !== undefined; stage = stages[at]) {
    lineage.unshift(stage);
    const base = stage.base.toLowerCase();
    at = stages.slice(0, at).findLastIndex((earlier) => earlier.name === base);
  }
  return lineage;
}

/** An ENTRYPOINT takes the CMD of what its stage builds on away. */
function startOf(lineage: readonly Stage[]): { entrypoint: string[]; command: string[] } {
  let entrypoint: string[] = [];
  let command: string[] = [];
  for (const { instructions } of lineage) {
    const last = (keyword: string) => instructions.findLast((instruction) => instruction.getKeyword() === keyword);
    const newEntrypoint = last('ENTRYPOINT') as Entrypoint | undefined;
    const newCommand = last('CMD') as Cmd | undefined;
    if (newEntrypoint !== undefined) {
      entrypoint = commandOf(newEntrypoint);
      command = [];
    }
    if (newCommand !== undefined) command = commandOf(newCommand);
  }
  return { entrypoint, command };
}

function commandOf(instruction: Instruction): string[] {
  return jsonWords(instruction) ?? ['/bin/sh', '-c', instruction.getArgumentsContent() ?? ''];
}

function words(instruction: Instruction | undefined): string[] {
  return instruction?.getArguments().map((argument) => argument.getValue()) ?? [];
}

/** The words of the exec form, or undefined where it is the shell form. */
function jsonWords(instruction: Instruction): string[] | undefined {
  return jsonText(instruction.getArgumentsContent() ?? '');
}

function jsonText(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((word) => typeof word === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

function withoutFlags(text: string): string {
  return text.replace(/^(?:--\S+\s+)+/, '');
}

/** `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}` with the values that the Dockerfile sets; a name that it does not set stays as it is. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$(?:(\w+)|\{(\w+)(?::?([-+])([^}]*))?\})/g,
    (whole, plain?: string, braced?: string, operator?: string, word = '') => {
      const value = variables.get(plain ?? braced ?? '');
      if (operator === '+') return value ? word : '';
      return value || (operator === '-' ? word : (value ?? whole));
    },
  );
}
