// Probes as data: what one check of the app asks, parsed from options and from what the image says of itself.

import parseWords from 'string-argv';
import { BakeError } from '../errors.ts';

/** `any` asks a port without knowing its protocol: an HTTP answer below 500 is a success, and so is an answer that is not HTTP. */
export type Probe =
  | { readonly kind: 'http'; readonly port: number; readonly path: string; readonly status: StatusRange; readonly body?: string }
  | { readonly kind: 'any' | 'tcp'; readonly port: number }
  | { readonly kind: 'log'; readonly pattern: string }
  /** A program in the container, ready when it ends with 0: the user's, or the one of the image's HEALTHCHECK. */
  | { readonly kind: 'exec' | 'health'; readonly command: readonly string[] };

export interface StatusRange {
  readonly from: number;
  readonly to: number;
}

/** Spring Boot's own line at the end of a start; the default where the image exposes no port. */
const SPRING_STARTED = 'Started \\S+ in [\\d.]+ seconds';

interface ProbeOptions {
  readonly ready: string | undefined;
  readonly 'ready-status': string;
  readonly 'ready-body': string | undefined;
  readonly port: number | undefined;
}

interface ProbeFacts {
  /** TCP ports of EXPOSE, in order. */
  readonly ports: readonly number[];
  /** The image's health check as one text, if it has one. */
  readonly healthCheck: string;
  /** The same as program and arguments. */
  readonly healthCommand: readonly string[];
}

/** The readiness probe: from the options, else from the image's health check, its first exposed port, or Spring's log line. Throws `usage`. */
export function chooseProbe(options: ProbeOptions, facts: ProbeFacts): Probe {
  if (options.ready !== undefined) return parseProbe(options.ready, options, facts);
  const status = parseStatusRange(options['ready-status']);
  const body = checkedPattern('ready-body', options['ready-body']);
  const [, port, path] =
    /https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\d+))?(\/[^\s"'|;)]*)?/.exec(facts.healthCheck) ?? [];
  if (path !== undefined || port !== undefined) {
    return { kind: 'http', port: options.port ?? Number(port ?? 80), path: path ?? '/', status, ...(body === undefined ? {} : { body }) };
  }
  const exposed = options.port ?? facts.ports[0];
  return exposed === undefined ? { kind: 'log', pattern: SPRING_STARTED } : { kind: 'any', port: exposed };
}

function parseProbe(text: string, options: ProbeOptions, facts: ProbeFacts): Probe {
  if (text === 'health') {
    if (facts.healthCommand.length > 0) return { kind: 'health', command: facts.healthCommand };
    throw new BakeError('usage', 'options', '--ready health needs a HEALTHCHECK, and the image has none');
  }
  const [, program] = /^exec:(.+)$/s.exec(text) ?? [];
  const words = program === undefined ? [] : parseWords(program);
  if (words[0]) return { kind: 'exec', command: words };
  const [, kind, rest = ''] = /^(http|tcp|log):(.+)$/s.exec(text) ?? [];
  if (kind === 'log') return { kind, pattern: checkedPattern('ready', rest) ?? '' };
  const [, portText, path] = /^(\d*)(\/\S*)?$/.exec(rest) ?? [];
  const port = portText ? Number(portText) : (options.port ?? facts.ports[0]);
  if (kind === 'tcp' && path === undefined && validPort(port)) return { kind, port };
  if (kind === 'http' && validPort(port)) {
    const body = checkedPattern('ready-body', options['ready-body']);
    return { kind, port, path: path ?? '/', status: parseStatusRange(options['ready-status']), ...(body === undefined ? {} : { body }) };
  }
  throw new BakeError('usage', 'options', `--ready takes http:PORT/PATH, tcp:PORT, log:PATTERN, exec:COMMAND or health, not "${text}"`);
}

function validPort(port: number | undefined): port is number {
  return port !== undefined && port >= 1 && port <= 65_535;
}

function parseStatusRange(text: string): StatusRange {
  const [, from, to] = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(text) ?? [];
  if (from === undefined || Number(to ?? from) < Number(from)) {
    throw new BakeError('usage', 'options', `--ready-status takes a status or a range such as 200-399, not "${text}"`);
  }
  return { from: Number(from), to: Number(to ?? from) };
}

/** The pattern as it is. Throws `usage` where it is no regular expression. */
export function checkedPattern(name: string, pattern: string | undefined): string | undefined {
  if (pattern === undefined) return undefined;
  try {
    new RegExp(pattern);
  } catch (error) {
    throw new BakeError('usage', 'options', `--${name} is not a regular expression: ${(error as Error).message}`);
  }
  return pattern;
}

/** The port that a probe asks, if it asks one. */
export function probePort(probe: Probe): number | undefined {
  return 'port' in probe ? probe.port : undefined;
}

/** A probe as the user would write it. */
export function describeProbe(probe: Probe): string {
  switch (probe.kind) {
    case 'http':
      return `http:${probe.port}${probe.path}`;
    case 'log':
      return `log:${probe.pattern}`;
    case 'tcp':
      return `tcp:${probe.port}`;
    case 'exec':
      // Its arguments may be secrets.
      return `exec:${probe.command[0]}`;
    case 'health':
      return 'health';
    case 'any':
      return `port ${probe.port} (HTTP below 500, or any other answer)`;
  }
}
