// What a JVM's version cannot do of the resource policies that it is given.

import type { ResourcePolicy } from '../spec/resource-policies.ts';
import type { JvmFacts } from './jvm-facts.ts';

/** One sentence for each policy that will not do what it says; none where all will. */
export function judgePolicies({ feature, version }: JvmFacts, policies: readonly ResourcePolicy[]): string[] {
  return policies.flatMap((policy, at): string[] => {
    const before = policies.slice(0, at).find((earlier) => covers(earlier, policy));
    if (before !== undefined)
      return [`The policy for ${described(policy)} never comes into play: the one for ${described(before)} before it takes all.`];
    // "Not implemented" in 17 (OpenResourcePolicies of openjdk-17-crac); later versions reopen listening sockets.
    if (policy.type === 'socket' && policy.action === 'reopen' && feature <= 17)
      return [`Java ${version} cannot reopen sockets: ${described(policy)} will be closed, and using it after the restore throws.`];
    return [];
  });
}

/** Whether an earlier policy takes all that a later one could: the first that fits wins. */
function covers(earlier: ResourcePolicy, later: ResourcePolicy): boolean {
  const selectors = Object.entries(earlier.settings).filter(([key]) => key !== 'warn');
  return earlier.type === later.type && selectors.every(([key, value]) => later.settings[key] === value);
}

function described({ type, settings }: ResourcePolicy): string {
  const selectors = Object.entries(settings).filter(([key]) => key !== 'warn');
  return selectors.length === 0 ? `every ${type}` : `${type} ${selectors.map(([key, value]) => `${key} ${value}`).join(', ')}`;
}
