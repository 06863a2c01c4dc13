// Resource policies of CRaC JDKs: what to do with what is still open at the checkpoint. Rules after CRaC/docs, fd-policies.md.

import { nearest } from './near.ts';

export interface ResourcePolicy {
  readonly type: PolicyType;
  readonly action: string;
  /** Selectors, and `warn`, as they were given. */
  readonly settings: Readonly<Record<string, string>>;
}

export type PolicyType = keyof typeof TYPES;

interface TypeRules {
  readonly actions: readonly string[];
  readonly selectors: readonly string[];
  /** Of these at least one has to be there. */
  readonly needs?: readonly string[];
}

const TYPES = {
  file: { actions: ['error', 'ignore', 'close', 'reopen'], selectors: ['path'] },
  pipe: { actions: ['error', 'ignore', 'close'], selectors: [] },
  socket: {
    actions: ['error', 'ignore', 'close', 'reopen'],
    selectors: ['family', 'localAddress', 'localPort', 'localPath', 'remoteAddress', 'remotePort', 'remotePath'],
  },
  filedescriptor: { actions: ['error', 'ignore', 'close'], selectors: ['value', 'regex'], needs: ['value', 'regex'] },
} as const satisfies Record<string, TypeRules>;

export const POLICY_TYPES = Object.keys(TYPES) as readonly PolicyType[];

/** What a selector's value looks like; of the others everything is taken. */
const VALUES: Readonly<Record<string, readonly [pattern: RegExp, takes: string]>> = {
  family: [/^(?:ip|ipv4|ipv6|inet|inet4|inet6|unix)$/i, 'ip, ipv4, ipv6 or unix'],
  localPort: [/^(?:\d{1,5}|\*)$/, 'a port or *'],
  remotePort: [/^(?:\d{1,5}|\*)$/, 'a port or *'],
  value: [/^\d+$/, 'the number of a descriptor'],
  warn: [/^(?:true|false)$/, 'true or false'],
};

export interface PolicyField {
  readonly key: string;
  readonly value: string;
}

/** What is wrong with a policy, and at which of its fields; undefined where something is missing. */
export interface PolicyProblem<F extends PolicyField> {
  readonly problem: string;
  readonly field: F | undefined;
}

/** A policy of its fields, or the first thing that is wrong with them. Names of types and actions may be in any case, as for the JVM. */
export function readPolicy<F extends PolicyField>(fields: readonly F[]): ResourcePolicy | PolicyProblem<F> {
  const wrong = (problem: string, field?: F) => ({ problem, field });
  const typeField = fields.find(({ key }) => key.toLowerCase() === 'type');
  const actionField = fields.find(({ key }) => key.toLowerCase() === 'action');
  if (typeField === undefined) return wrong(`a policy has no type: ${POLICY_TYPES.join(', ')}`);
  const type = POLICY_TYPES.find((each) => each === typeField.value.toLowerCase());
  if (type === undefined) return wrong(`a policy’s type is ${POLICY_TYPES.join(', ')}, not "${typeField.value}"`, typeField);
  const rules: TypeRules = TYPES[type];
  if (actionField === undefined) return wrong(`a policy for a ${type} has no action: ${rules.actions.join(', ')}`, typeField);
  const action = rules.actions.find((each) => each === actionField.value.toLowerCase());
  if (action === undefined)
    return wrong(`the action for a ${type} is ${rules.actions.join(', ')}, not "${actionField.value}"`, actionField);
  const rest = fields.filter((field) => field !== typeField && field !== actionField);
  const known = [...rules.selectors, 'warn'];
  for (const [at, field] of rest.entries()) {
    const { key, value } = field;
    if (/^(?:type|action)$/i.test(key) || rest.findIndex((each) => each.key === key) < at) return wrong(`${key} is there twice`, field);
    if (!known.includes(key)) return wrong(`a policy for a ${type} has no ${key}.${meant(key, known)}`, field);
    if (/[\r\n]/.test(value) || value.trim() === '') return wrong(`${key} takes a text of one line`, field);
    const [pattern, takes] = VALUES[key] ?? [];
    if (pattern !== undefined && !pattern.test(value)) return wrong(`${key} takes ${takes}, not "${value}"`, field);
  }
  if (rules.needs !== undefined && !rest.some(({ key }) => rules.needs?.includes(key)))
    return wrong(`a policy for a ${type} needs ${rules.needs.join(' or ')}`, typeField);
  return { type, action, settings: Object.fromEntries(rest.map(({ key, value }) => [key, value])) };
}

function meant(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  if (near !== undefined) return ` Is ${near} meant?`;
  return ` It takes ${known.join(', ')}.`;
}

/** A field of a text, with its line, counted from 1. */
export interface PolicyLine extends PolicyField {
  readonly line: number;
}

/** The policies of a text in the JVM’s format: `key: value` lines, sections parted by `---`, comments after `#`. The first problem stops it. */
export function parsePolicies(text: string): readonly ResourcePolicy[] | { readonly problem: string; readonly line: number } {
  const sections: PolicyLine[][] = [[]];
  for (const [at, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line === '---') {
      sections.push([]);
      continue;
    }
    const [, key, value] = /^([^:]+?)\s*:\s+(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) return { problem: `"${line}" is no line of the form key: value`, line: at + 1 };
    sections.at(-1)?.push({ key, value, line: at + 1 });
  }
  const policies: ResourcePolicy[] = [];
  for (const fields of sections.filter((each) => each.length > 0)) {
    const policy = readPolicy(fields);
    if ('problem' in policy) return { problem: policy.problem, line: (policy.field ?? fields[0])?.line ?? 1 };
    policies.push(policy);
  }
  return policies;
}

/** The policies as a text in the JVM’s format. Without empty lines and comments: JDK 17 takes an empty line for an error. */
export function renderPolicies(policies: readonly ResourcePolicy[]): string {
  const sections = policies.map(({ type, action, settings }) =>
    [`type: ${type}`, ...Object.entries(settings).map(([key, value]) => `${key}: ${value}`), `action: ${action}`].join('\n'),
  );
  return sections.length === 0 ? '' : `${sections.join('\n---\n')}\n`;
}
