// What the core needs of the outside world. The adapters implement these; tests script them.

import type { Step } from './errors.ts';

/** A program to run, as an argument array; there is never a shell. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Written to its standard input, which is empty otherwise. */
  readonly input?: Uint8Array;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Called for each line as it comes, of both streams. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** How a program ended. A program that cannot be started at all has exit code 127. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** Runs a program to its end. Rejects only when `signal` aborts; a non-zero exit is a result. */
export type RunCommand = (command: Command) => Promise<CommandResult>;

export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface HttpRequest {
  readonly method: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Headers: names in lower case, several values of one name as lines. `refused`: nobody listens, or the connection was cut before one byte came. `not-http`: something answers, but not HTTP. */
export type HttpAnswer =
  | { readonly kind: 'response'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
  | { readonly kind: 'refused' | 'timeout' | 'not-http'; readonly message: string };

export interface HttpClient {
  /** Sends one request and reads the whole answer; never rejects but when `signal` aborts. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Closes the connections that are kept alive. */
  close(): Promise<void>;
}

export interface Network {
  /** One request to an address, without following redirects; `challenge` is the WWW-Authenticate header. Rejects where nothing answers in time. */
  fetch(
    method: string,
    address: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly challenge: string; readonly body: string }>;
  /** A client that keeps connections alive, at most `connections` at once; 0 makes a new connection for each request. */
  http(connections: number): HttpClient;
  /** Whether a TCP connection is taken and *kept*: a port forwarder may accept for an app that does not listen, and cuts at once. */
  tcp(host: string, port: number, timeoutMs: number, signal?: AbortSignal): Promise<{ ok: boolean; message: string }>;
}

/**
 * What happens during a run, for whoever shows it. Commands and their output name their step where several run side by side; else they belong
 * to the one that runs, if any.
 */
export type BakeEvent =
  | { readonly kind: 'step-start'; readonly step: Step; readonly title: string }
  | { readonly kind: 'step-end'; readonly step: Step; readonly elapsedMs: number; readonly detail: string }
  | { readonly kind: 'progress'; readonly step: Step; readonly message: string }
  | { readonly kind: 'warning'; readonly message: string }
  | { readonly kind: 'command'; readonly argv: readonly string[]; readonly step?: Step }
  | { readonly kind: 'output'; readonly line: string; readonly step?: Step };

export type Emit = (event: BakeEvent) => void;

/** Files on the machine where the CLI runs. */
export interface Files {
  exists(path: string): Promise<boolean>;
  read(path: string): Promise<Uint8Array>;
  readText(path: string): Promise<string>;
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** Names in a folder, sorted; none where it is not there. */
  list(path: string): Promise<readonly string[]>;
  /** A new folder of our own under the system's temporary folder. */
  makeTemporaryFolder(): Promise<string>;
  removeFolder(path: string): Promise<void>;
}

/** All of the outside world in one. */
export interface World {
  readonly run: RunCommand;
  readonly clock: Clock;
  readonly network: Network;
  readonly files: Files;
  readonly emit: Emit;
  /** Aborts when the user interrupts. */
  readonly signal: AbortSignal;
  /** Aborts when what an interruption lets finish has had its time, or the user insists. */
  readonly letFinish?: AbortSignal;
  /** Aborts when the clean-up after an interruption has had its time. */
  readonly cleanUp?: AbortSignal;
  /** How long the engine may take for an answer where no step sets its own time, in ms. */
  readonly answerTimeoutMs?: number;
}
