// Whether this is a GitHub run that strangers can start while it holds the repository's rights: what it builds must not be pushed unasked.

interface Repository {
  readonly full_name?: string;
}

/** The parts of GitHub's event payloads that say where the code comes from (docs.github.com, "Webhook events and payloads"). */
interface Payload {
  readonly repository?: Repository;
  readonly pull_request?: { readonly head?: { readonly repo?: Repository | null } };
  readonly workflow_run?: { readonly head_repository?: Repository | null };
}

/** Why the run is not to be trusted, or undefined. `payload`: the JSON of the event, empty where there is none. */
export function untrustedEvent(eventName: string | undefined, payload: string): string | undefined {
  if (eventName === undefined || eventName === '') return undefined;
  if (eventName === 'pull_request_target')
    return 'pull_request_target runs code that anybody can propose, with the rights of this repository';
  const event = parse(payload);
  const ours = event.repository?.full_name;
  const theirs = eventName === 'workflow_run' ? event.workflow_run?.head_repository : event.pull_request?.head?.repo;
  const comesFromPull = eventName === 'workflow_run' || event.pull_request !== undefined;
  // A fork that was deleted has no repository any more; it was not ours either.
  return comesFromPull && theirs?.full_name !== ours ? `the code comes from ${theirs?.full_name ?? 'a fork'}` : undefined;
}

function parse(payload: string): Payload {
  try {
    return JSON.parse(payload) as Payload;
  } catch {
    return {};
  }
}
