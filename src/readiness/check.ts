// One check of a probe over the network. What the answer means is decided here; how it is fetched is the adapter's matter.

import type { HttpAnswer, HttpClient, Network } from '../ports.ts';
import type { Sample } from './decide.ts';
import type { Probe, StatusRange } from './probe.ts';

/** A probe that is asked over the network; that of the log is decided over lines (`wait.ts`), a program is run by the engine. */
export type NetworkProbe = Extract<Probe, { port: number }>;

/** Where the container's ports are reached from here. */
export interface Target {
  readonly host: string;
  /** The published port for a port of the container. */
  portOf(containerPort: number): number;
}

export interface CheckResult extends Sample {
  /** The status, where HTTP came back. */
  readonly status: number | undefined;
  /** The probe, made exact by what came back: `any` becomes `http` on `/` once the port has answered it. */
  readonly settled: NetworkProbe;
}

/** Statuses that satisfy the probe `any`: an app that says 404 or 401 on `/` serves. */
const ANY_STATUS: StatusRange = { from: 100, to: 499 };

/** How much of a body that does not match is shown. */
const BODY_SHOWN = 120;

interface CheckWays {
  readonly network: Network;
  /** A client that makes a new connection for each request: readiness includes that connections are taken. */
  readonly client: HttpClient;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Asks once. A failure is a result; rejects only when `signal` aborts, with its reason. */
export async function checkProbe(probe: NetworkProbe, target: Target, ways: CheckWays): Promise<CheckResult> {
  const port = target.portOf(probe.port);
  if (probe.kind === 'tcp') {
    const { ok, message } = await ways.network.tcp(target.host, port, ways.timeoutMs, ways.signal);
    return { ok, message, status: undefined, settled: probe };
  }
  const path = probe.kind === 'http' ? probe.path : '/';
  const { timeoutMs, signal } = ways;
  const answer = await ways.client.send({ method: 'GET', host: target.host, port, path, headers: {}, timeoutMs, signal });
  return probe.kind === 'http' ? judgeHttp(probe, answer) : judgeAny(probe, answer);
}

function judgeHttp(probe: Extract<Probe, { kind: 'http' }>, answer: HttpAnswer): CheckResult {
  if (answer.kind !== 'response') return { ok: false, message: answer.message, status: undefined, settled: probe };
  const { status } = answer;
  if (!isWithin(status, probe.status)) {
    return { ok: false, message: `status ${status} instead of ${describeRange(probe.status)}`, status, settled: probe };
  }
  if (probe.body !== undefined && !new RegExp(probe.body).test(answer.body)) {
    const message = `status ${status}, but the body does not match ${probe.body}: ${shorten(answer.body)}`;
    return { ok: false, message, status, settled: probe };
  }
  return { ok: true, message: `status ${status}`, status, settled: probe };
}

function judgeAny(probe: Extract<Probe, { kind: 'any' | 'tcp' }>, answer: HttpAnswer): CheckResult {
  if (answer.kind === 'response') return judgeHttp({ kind: 'http', port: probe.port, path: '/', status: ANY_STATUS }, answer);
  return { ok: answer.kind === 'not-http', message: answer.message, status: undefined, settled: probe };
}

function isWithin(status: number, range: StatusRange): boolean {
  return status >= range.from && status <= range.to;
}

function describeRange({ from, to }: StatusRange): string {
  return from === to ? String(from) : `${from}-${to}`;
}

function shorten(body: string): string {
  const line = body.replace(/[\s\x00-\x1f\x7f]+/g, ' ').trim();
  if (line === '') return '(empty)';
  return line.length > BODY_SHOWN ? `${line.slice(0, BODY_SHOWN)}…` : line;
}
