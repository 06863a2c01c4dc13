// Requests from files in the .http format (https://www.jetbrains.com/help/idea/exploring-http-syntax.html,
// https://github.com/Huachao/vscode-restclient): ### between requests, a request line, headers, an empty line, the body; @name = value
// and {{name}}. What needs the editor (scripts, bodies from files, made-up values) is refused, but for scripts that look at the answer. Pure.

import { BakeError } from '../errors.ts';
import { METHODS, RESERVED_HEADERS, type WarmupRequest, withBody } from './requests.ts';

interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/** The requests of a file's text in their order; `headers` are sent with each, where its own do not say otherwise. Throws `usage` with file and line. */
export function parseHttpFile(text: string, file: string, headers: Readonly<Record<string, string>> = {}): readonly WarmupRequest[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((each, index) => ({ text: each, number: index + 1 }));
  const variables = new Map<string, string>();
  const blocks: Line[][] = [[]];
  for (const line of lines) {
    const [, name, value = ''] = /^@([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line.text) ?? [];
    if (name !== undefined) variables.set(name, value);
    else if (line.text.startsWith('###')) blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  const reader = new RequestReader(file, variables, headers);
  const requests = blocks.flatMap((block) => reader.read(block) ?? []);
  if (requests.length === 0) throw new BakeError('usage', 'options', `${file} holds no request`);
  return requests;
}

class RequestReader {
  readonly #file: string;
  readonly #variables: ReadonlyMap<string, string>;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(file: string, variables: ReadonlyMap<string, string>, headers: Readonly<Record<string, string>>) {
    this.#file = file;
    this.#variables = variables;
    this.#headers = headers;
  }

  /** The request of one block, if it has one. */
  read(block: readonly Line[]): WarmupRequest | undefined {
    const lines = withoutAnswerScripts(block);
    const first = lines.findIndex(({ text }) => text.trim() !== '' && !isComment(text));
    const line = lines[first];
    if (line === undefined) return undefined;
    // A long query may go on in indented lines.
    let next = first + 1;
    let words = line.text.trim();
    for (let more = lines[next]; more !== undefined && /^\s+[?&/]/.test(more.text); more = lines[++next]) words += more.text.trim();
    const request = this.#requestLine({ text: words, number: line.number });

    const empty = lines.findIndex(({ text }, index) => index >= next && text.trim() === '');
    const headerLines = lines.slice(next, empty < 0 ? undefined : empty).filter(({ text }) => !isComment(text));
    const headers = { ...this.#headers, ...Object.fromEntries(headerLines.map((each) => this.#header(each))) };
    const body = empty < 0 ? [] : lines.slice(empty + 1);
    return this.#withBody({ ...request, headers }, body);
  }

  #requestLine(line: Line): { method: string; path: string } {
    // Blanks inside {{ name }} do not separate.
    const text = line.text.replace(/\{\{\s*([^{}]+?)\s*\}\}/g, '{{$1}}').replace(/\s+HTTP\/\d(\.\d)?$/, '');
    const [, word, target = ''] = /^(?:([A-Za-z]+)\s+)?(\S.*)$/.exec(text) ?? [];
    const method = (word ?? 'GET').toUpperCase();
    if (!METHODS.includes(method)) throw this.#refuse(line, `the methods are ${METHODS.join(', ')}, not "${word}"`);
    // The app is in a container here, whatever the address is elsewhere; it may come from a file of the editor's that is not read.
    const unknown = /^\{\{([^{}]+)\}\}(?=\/|\{\{|$)/.exec(target);
    const rest = unknown !== null && !this.#variables.has(unknown[1] ?? '') ? target.slice(unknown[0].length) : this.#fill(target, line);
    const path = rest.replace(/^(?:[a-z]+:)?\/\/[^/?#]*|^[\w.-]+:\d+(?=[/?]|$)/i, '').replace(/#.*$/, '');
    const filled = this.#fill(path, line);
    return {
      method,
      path: filled.startsWith('/') ? filled : filled === '' || filled.startsWith('?') ? `/${filled}` : this.#noPath(line, filled),
    };
  }

  #noPath(line: Line, text: string): never {
    throw this.#refuse(line, `a request is [METHOD] URL, not "${text}"`);
  }

  #header(line: Line): [string, string] {
    const [, name, value = ''] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*(.*?)\s*$/.exec(line.text) ?? [];
    // The line itself is not shown: it may hold a secret.
    if (name === undefined) throw this.#refuse(line, 'a header is NAME: VALUE; an empty line begins the body');
    if (RESERVED_HEADERS.includes(name.toLowerCase()))
      throw this.#refuse(line, `${name} cannot be set: it follows from the request and the connection`);
    return [name.toLowerCase(), this.#fill(value, line)];
  }

  #withBody(request: WarmupRequest, lines: readonly Line[]): WarmupRequest {
    const fromFile = lines.find(({ text }) => /^<\s/.test(text) || /^<@/.test(text));
    if (fromFile !== undefined) throw this.#refuse(fromFile, 'bodies from files and scripts before a request are not supported');
    const kept = lines.filter(({ text }) => !text.startsWith('<>'));
    const body = kept
      .map((line) => this.#fill(line.text, line))
      .join('\n')
      .trim();
    return body === '' ? request : withBody(request, body);
  }

  /** Text with its variables filled in; those that name others, too. */
  #fill(text: string, line: Line, depth = 0): string {
    return text.replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (_, name: string) => {
      const value = this.#variables.get(name);
      if (name.startsWith('$')) throw this.#refuse(line, `{{${name}}} is made up by the editor; write a value`);
      if (value === undefined) throw this.#refuse(line, `{{${name}}} is not set in this file; add a line @${name} = VALUE`);
      if (depth > 10) throw this.#refuse(line, `{{${name}}} leads back to itself`);
      return this.#fill(value, line, depth + 1);
    });
  }

  #refuse(line: Line, text: string): BakeError {
    return new BakeError('usage', 'options', `${this.#file}:${line.number}: ${text}`);
  }
}

/** Without `> {% … %}` and `> script.js`, which look at the answer. */
function withoutAnswerScripts(block: readonly Line[]): Line[] {
  let inside = false;
  return block.filter(({ text }) => {
    if (inside) {
      inside = !text.includes('%}');
      return false;
    }
    if (!/^(?:>\s*\{%|>\s+\S+\.js\s*$|>>!?\s)/.test(text)) return true;
    inside = text.includes('{%') && !text.includes('%}');
    return false;
  });
}

function isComment(text: string): boolean {
  return /^\s*(#|\/\/)/.test(text);
}
