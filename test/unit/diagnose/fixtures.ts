// Logs and the failures that they show.

import { readdirSync, readFileSync } from 'node:fs';

const FIXTURES = new URL('../../fixtures/', import.meta.url);

export interface Sample {
  readonly id: string;
  readonly log: string;
}

function samples(name: string): Sample[] {
  return readFileSync(new URL(`failures/${name}`, FIXTURES), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Sample);
}

/** Lines that are known from issues and sources, one for each of the first 120 entries. */
export const KNOWN_LINES = samples('lines.jsonl');

/** Logs for the entries beside them, and real ones. */
export const MORE_LOGS = samples('more.jsonl');

export const ALL_SAMPLES = [...KNOWN_LINES, ...MORE_LOGS];

/** A recorded run: all its files as one log. */
export function transcript(name: string): string {
  const folder = new URL(`transcripts/${name}/`, FIXTURES);
  return readdirSync(folder)
    .toSorted()
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n');
}

export function transcriptNames(): string[] {
  return readdirSync(new URL('transcripts/', FIXTURES)).filter((name) => !name.includes('.'));
}

/** What CRIU 4.2.1 printed where dumps and restores were broken on purpose, by what was broken. */
export function brokenOnPurpose(): Readonly<Record<string, string>> {
  const folder = new URL('criu-4.2.1/', FIXTURES);
  const names = readdirSync(folder).toSorted();
  return Object.fromEntries(names.map((name) => [name.replace('.log', ''), readFileSync(new URL(name, folder), 'utf8')]));
}
