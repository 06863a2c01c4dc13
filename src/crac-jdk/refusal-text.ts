// What a user reads of a JVM's refusals: what stood in the way, and what to do about it.

import type { Refusal } from './refusals.ts';

/** One refusal in two sentences. */
export function describeRefusal(refusal: Refusal): { readonly what: string; readonly remedy: string } {
  switch (refusal.kind) {
    case 'file':
      return {
        what: `The file ${refusal.path} is open${opener(refusal.openedBy)}.`,
        remedy: `Close it in beforeCheckpoint, or let --resource-policies deal with it: type: file, path: ${refusal.path}, action: ignore, close or reopen.`,
      };
    case 'socket':
      return describeSocket(refusal);
    case 'descriptor':
      return {
        what: `Descriptor ${refusal.fd} is open: ${[refusal.type, refusal.path].filter((part) => part !== '').join(' ') || 'of unknown kind'}${opener(refusal.openedBy)}.`,
        remedy: `Native code opened it, or a start script handed it on. A policy for it: type: filedescriptor, value: ${refusal.fd}, action: ignore or close.`,
      };
    case 'selector':
      return {
        what: `A selector is in use: ${refusal.text}.`,
        remedy: 'Stop the server or client that it belongs to in beforeCheckpoint.',
      };
    case 'hook':
      return {
        what: `${refusal.class} threw ${refusal.exception} in beforeCheckpoint${refusal.message === '' ? '' : `: ${refusal.message}`}${refusal.at === '' ? '' : ` (${refusal.at})`}.`,
        remedy: 'Mend the hook; the JVM goes on without a checkpoint when one throws.',
      };
    case 'not-configured':
      return {
        what: 'The JVM was started without -XX:CRaCCheckpointTo.',
        remedy: 'It comes in JAVA_TOOL_OPTIONS; does the entrypoint clear that variable?',
      };
    case 'native':
      return { what: 'The JVM had agreed, then the dump failed.', remedy: 'See the lines of CRIU below.' };
    case 'other':
      return { what: `${refusal.exception}${refusal.message === '' ? '' : `: ${refusal.message}`}.`, remedy: '' };
  }
}

function describeSocket({ listening, localPort, remoteHost, remotePort, fd, openedBy }: Refusal & { kind: 'socket' }) {
  const port = localPort === undefined ? '' : ` on port ${localPort}`;
  if (listening)
    return {
      what: `A socket listens${port}${opener(openedBy)}.`,
      remedy:
        'Stop the server in beforeCheckpoint; Spring, Micronaut and Quarkus do it where org.crac is among the app’s dependencies. --engine criu keeps listening sockets.',
    };
  const remote = remoteHost === undefined ? '' : ` to ${remoteHost}${remotePort === undefined ? '' : `:${remotePort}`}`;
  return {
    what: `A connection${remote || (fd === undefined ? port : ` (descriptor ${fd})`)} is open${opener(openedBy)}.`,
    remedy:
      'Close the pool or client that it belongs to in beforeCheckpoint, or let --resource-policies close it: type: socket, action: close.',
  };
}

function opener(openedBy: string | undefined): string {
  return openedBy === undefined ? '' : `, opened in ${openedBy}`;
}
