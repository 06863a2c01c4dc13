// Refusals in words, one line each, for a report: what was open and who opened it, or which hook threw.

import type { Refusal } from './refusals.ts';

/** One sentence for each refusal that says why; that the native part failed says nothing of it. */
export function describeRefusals(refusals: readonly Refusal[]): string[] {
  return refusals.filter(({ kind }) => kind !== 'native').map(describe);
}

function describe(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'file':
      return `the file ${refusal.path} was open${opened(refusal)}`;
    case 'socket': {
      const fd = refusal.fd === undefined ? '' : ` (descriptor ${refusal.fd})`;
      if (refusal.listening) return `a server was listening on port ${refusal.localPort ?? 'unknown'}${fd}${opened(refusal)}`;
      const peer = refusal.remoteHost === undefined ? '' : ` to ${refusal.remoteHost}`;
      const port = refusal.remotePort ?? refusal.localPort;
      return `a socket${peer}${port === undefined ? '' : `, port ${port},`} was open${fd}${opened(refusal)}`;
    }
    case 'descriptor':
      return `descriptor ${refusal.fd} (${refusal.path || refusal.type || 'of an unknown kind'}) was open${opened(refusal)}`;
    case 'selector':
      return 'a NIO selector had channels registered';
    case 'hook': {
      const where = refusal.at === '' ? '' : ` (${refusal.at})`;
      return `${refusal.class}${where} threw in beforeCheckpoint: ${said(refusal)}`;
    }
    case 'not-configured':
      return 'the JVM was started without -XX:CRaCCheckpointTo';
    case 'native':
    case 'other':
      return refusal.kind === 'other' ? said(refusal) : 'the engine failed';
  }
}

function opened({ openedBy }: { readonly openedBy?: string }): string {
  return openedBy === undefined ? '' : `, opened in ${openedBy}`;
}

function said({ exception, message }: { readonly exception: string; readonly message: string }): string {
  return message === '' ? exception : `${exception}: ${message}`;
}
