// The proof with a twin: two restores at once, asked the same, must not give out the same identifiers.

import type { RestorePrivileges } from '../engines/engine.ts';
import { BakeError } from '../errors.ts';
import type { BakePlan } from '../plan/plan.ts';
import type { World } from '../ports.ts';
import type { Probe } from '../readiness/probe.ts';
import { identifiersOf, sharedBy } from '../twins/identifiers.ts';
import type { WarmupRequest } from '../warmup/requests.ts';
import { type Proof, type ProofOptions, prove } from './prove.ts';
import { targetOf } from './readiness.ts';
import type { Running } from './start.ts';
import { together } from './steps.ts';

/** Requests that are compared at most. */
const REQUESTS = 20;
const ANSWER_MS = 30_000;

export interface TwinProof extends Proof {
  /** The identifiers that differ, each with its request. */
  readonly compared: readonly string[];
}

/** Restores the image twice at once and compares what both answer. Throws what `prove` throws, and `twins-alike`. */
export async function proveTwins(
  world: World,
  plan: BakePlan,
  privileges: RestorePrivileges,
  options: ProofOptions,
  scope: AbortSignal,
): Promise<TwinProof> {
  const twin = { ...plan, names: { ...plan.names, proof: plan.names.twin } };
  const start = (of: BakePlan) => (signal: AbortSignal) => prove({ ...world, signal }, of, privileges, options, scope);
  const [one, other] = await together(world.signal, start(plan), start(twin));
  const compared: string[] = [];
  const shared: string[] = [];
  for (const request of comparable(plan, options.probe)) {
    const found = await compare(world, plan, [one.running, other.running], request, options.host);
    const named = (name: string) => `${name} of ${request.method} ${request.path}`;
    compared.push(...found.compared.map(named));
    shared.push(...found.shared.map(named));
  }
  if (shared.length === 0) return { ...one, compared };
  throw new BakeError('twins-alike', 'prove', 'Two restores of the image gave out the same identifiers', { details: shared.join('\n') });
}

/** What was sent at the warm-up and changes nothing: GET alone. The request that showed it ready, else. */
function comparable(plan: BakePlan, probe: Probe): readonly WarmupRequest[] {
  const sent = plan.warmUp.kind === 'requests' ? plan.warmUp.requests.filter(({ method }) => method === 'GET') : [];
  const asked =
    probe.kind === 'http' ? [{ method: 'GET', path: probe.path, headers: plan.warmUp.kind === 'probe' ? plan.warmUp.headers : {} }] : [];
  const all = [...asked, ...sent];
  return all.filter(({ path }, index) => all.findIndex((each) => each.path === path) === index).slice(0, REQUESTS);
}

async function compare(world: World, { requestPort }: BakePlan, twins: readonly [Running, Running], request: WarmupRequest, host: string) {
  const client = world.network.http(0);
  const ask = async (running: Running) => {
    const port = requestPort === undefined ? undefined : targetOf(running, host).portOf(requestPort);
    if (port === undefined) return new Map<string, string>();
    const answer = await client.send({ ...request, host, port, timeoutMs: ANSWER_MS, signal: world.signal });
    if (answer.kind !== 'response') return new Map<string, string>();
    return identifiersOf({ headers: answer.headers, body: answer.body }, Date.now());
  };
  const both = async () => [await ask(twins[0]), await ask(twins[1])] as const;
  try {
    return sharedBy(await both(), await both());
  } finally {
    await client.close();
  }
}
