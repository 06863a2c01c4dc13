// From a start without a network to the services that the app asked for: pure judgement over what was seen and logged.

import type { RehearsalEvent } from '../runtime/rehearsal-events.ts';

export interface Service {
  readonly host: string;
  /** Null where the app asked for the address and never came to a connection. */
  readonly port: number | null;
}

/** The container's own name in a rehearsal; looking it up is no need. */
export const OWN_NAME = 'rehearsal';

/** The services that were asked for, in the order of the first question; one that was also connected to has its port. */
export function servicesOf(events: readonly RehearsalEvent[]): Service[] {
  const refused = events.flatMap((event) => (event.event === 'refused' ? [{ host: event.host, port: event.port }] : []));
  const connected = new Set(refused.map(({ host }) => host));
  const onlyNamed = events.flatMap((event) =>
    event.event === 'looked-up' && event.host !== OWN_NAME && !connected.has(event.host) ? [{ host: event.host, port: null }] : [],
  );
  return [...refused, ...onlyNamed];
}

/** A service as one writes it. */
export function describeService({ host, port }: Service): string {
  return port === null ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

export interface LoggedException {
  readonly class: string;
  readonly message: string;
}

const EXCEPTION = /^(?:Caused by: |Exception in thread "[^"]*" )?((?:[a-z_$][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error))(?:: (.*))?$/;

/** Exceptions that tell of a network, by the end of their name. */
const OF_NETWORK =
  /(?:Connect|Connection|UnknownHost|NoRouteToHost|SocketTimeout|UnresolvedAddress|Communications|Socket|Config)\w*Exception$/;

/** The exception at the root: the last one in the log that tells of a network, else the last of all. */
export function rootException(log: readonly string[]): LoggedException | null {
  const found = log.flatMap((line) => {
    const [, name, message = ''] = EXCEPTION.exec(line.trim()) ?? [];
    return name === undefined ? [] : [{ class: name, message }];
  });
  return found.findLast((exception) => OF_NETWORK.test(exception.class)) ?? found.at(-1) ?? null;
}
