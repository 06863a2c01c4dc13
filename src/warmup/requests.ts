// Warm-up: what is sent (requests, command), the run (run), what it showed (latency) and whether that is good enough (judge).
// Here: from the options' lines to requests. Pure.

import { BakeError } from '../errors.ts';
import type { Probe } from '../readiness/probe.ts';

export interface WarmupRequest {
  readonly method: string;
  /** Begins with `/`; holds the query too. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** They belong to the connection, which is ours. */
export const RESERVED_HEADERS = ['connection', 'content-length', 'transfer-encoding', 'upgrade', 'expect'];

/**
 * Requests from lines `[METHOD] PATH [BODY]`; GET without a method. A body that is a JSON object or array gets the content type of JSON
 * where `headers` name none. Throws `usage`.
 */
export function parseRequests(lines: readonly string[], headers: Readonly<Record<string, string>>): readonly WarmupRequest[] {
  return lines.map((line) => {
    const [, word = 'GET', path, body] = /^(?:([A-Za-z]+)\s+)?(\/\S*)(?:\s+([\s\S]+))?$/.exec(line.trim()) ?? [];
    if (path === undefined) throw refuse('requests', `takes "[METHOD] PATH [BODY]" with a path that begins with /, not "${line}"`);
    const method = word.toUpperCase();
    if (!METHODS.includes(method)) throw refuse('requests', `knows the methods ${METHODS.join(', ')}, not "${word}"`);
    if (body === undefined) return { method, path, headers };
    return withBody({ method, path, headers }, body);
  });
}

/** A request with a body; one that is JSON gets its content type, where it has none. */
export function withBody(request: WarmupRequest, body: string): WarmupRequest {
  const type = 'content-type' in request.headers || !isJson(body) ? {} : { 'content-type': 'application/json' };
  return { ...request, headers: { ...request.headers, ...type }, body };
}

/** Headers from lines `NAME: VALUE`, names in lower case. Throws `usage`, and never shows a value: it may be a secret. */
export function parseHeaders(lines: readonly string[]): Readonly<Record<string, string>> {
  const headers = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    const [, word, value = ''] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(.*?)\s*$/s.exec(line) ?? [];
    if (word === undefined) throw refuse('headers', `takes "NAME: VALUE"; header ${index + 1} is not of this form`);
    const name = word.toLowerCase();
    if (RESERVED_HEADERS.includes(name)) throw refuse('headers', `cannot set ${word}: it follows from the request and the connection`);
    if (headers.has(name)) throw refuse('headers', `has ${word} twice; give one header with all its values`);
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw refuse('headers', `has a character in the value of ${word} that no HTTP header can carry`);
    headers.set(name, value);
  }
  return Object.fromEntries(headers);
}

/** What is sent where the user names no request: GET of the path that showed the app ready, and nothing where that was not HTTP. */
export function defaultRequests(settled: Probe, headers: Readonly<Record<string, string>>): readonly WarmupRequest[] {
  return settled.kind === 'http' ? [{ method: 'GET', path: settled.path, headers }] : [];
}

function isJson(body: string): boolean {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

function refuse(option: 'requests' | 'headers', text: string): BakeError {
  return new BakeError('usage', 'options', `--warmup-${option} ${text}`);
}
