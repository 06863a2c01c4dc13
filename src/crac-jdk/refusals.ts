// Why a JVM refused a checkpoint: the suppressed exceptions of its CheckpointException, one by one.

/** One thing that stood in the way. Values that the JVM does not name are absent. */
export type Refusal =
  | { readonly kind: 'file'; readonly path: string; readonly openedBy?: string }
  | {
      readonly kind: 'socket';
      readonly listening: boolean;
      readonly localPort?: number;
      readonly remoteHost?: string;
      readonly remotePort?: number;
      /** The descriptor's number, for sockets that Java does not know. */
      readonly fd?: number;
      readonly openedBy?: string;
    }
  | { readonly kind: 'descriptor'; readonly fd: number; readonly type: string; readonly path: string; readonly openedBy?: string }
  | { readonly kind: 'selector'; readonly text: string }
  | {
      readonly kind: 'hook';
      /** Class of the Resource, and where in it, such as `Cases.java:9`; empty where the trace names none. */
      readonly class: string;
      readonly at: string;
      readonly exception: string;
      readonly message: string;
    }
  | { readonly kind: 'not-configured' }
  /** The JVM had agreed; CRIU, or another engine, failed. */
  | { readonly kind: 'native' }
  | { readonly kind: 'other'; readonly exception: string; readonly message: string };

/** All refusals in an output, in its order, the same one once. */
export function parseRefusals(output: string): Refusal[] {
  const refusals = suppressed(output.split('\n')).map(refusalOf);
  const seen = new Set<string>();
  return refusals.filter((refusal) => {
    const key = JSON.stringify(refusal);
    return seen.has(key) ? false : seen.add(key);
  });
}

/** One exception of a stack trace with its frames, and those of the exception that was its cause. */
interface Thrown {
  readonly exception: string;
  readonly message: string;
  readonly frames: string[];
  readonly causeFrames: string[];
}

const SUPPRESSED = /^\s*Suppressed: ([\w.$]+)(?:: (.*))?$/;
const FRAME = /^\s*at (?:[\w.@-]*\/)*([\w.$<>]+)\(([^)]*)\)/;

function suppressed(lines: readonly string[]): Thrown[] {
  const all: Thrown[] = [];
  let current: Thrown | undefined;
  let inCause = false;
  for (const raw of lines) {
    const line = raw.trimEnd();
    const [, exception, message = ''] = SUPPRESSED.exec(line) ?? [];
    if (exception !== undefined) {
      current = { exception, message, frames: [], causeFrames: [] };
      all.push(current);
      inCause = false;
    } else if (/^\s*Caused by: /.test(line)) {
      inCause = true;
    } else {
      const [, method, place = ''] = FRAME.exec(line) ?? [];
      if (method === undefined) {
        // Lines of a message, or `... 3 more`, belong to the trace; anything at the left margin does not.
        if (line !== '' && !/^\s/.test(line)) current = undefined;
        continue;
      }
      (inCause ? current?.causeFrames : current?.frames)?.push(`${method}(${place})`);
    }
  }
  return all;
}

function refusalOf(thrown: Thrown): Refusal {
  const { exception, message, frames, causeFrames } = thrown;
  const simple = exception.split('.').at(-1) ?? exception;
  const openedBy = firstOfTheApp(causeFrames);
  const opener = openedBy === undefined ? {} : { openedBy };
  switch (simple) {
    case 'CheckpointOpenFileException':
      return { kind: 'file', path: message.replace(/^FD fd=\d+ type=\S+ path=/, ''), ...opener };
    case 'CheckpointOpenSocketException':
      return { ...socketOf(message), ...opener };
    case 'CheckpointOpenResourceException': {
      const [, fd, type = '', path = ''] = /(?:FD )?fd=(\d+)(?: type=(\S+))?(?: path=(.*))?/.exec(message) ?? [];
      if (fd !== undefined) return { kind: 'descriptor', fd: Number(fd), type, path, ...opener };
      break;
    }
    case 'IllegalSelectorException':
    case 'BusySelectorException':
      return { kind: 'selector', text: message };
  }
  if (/C\/R is not configured/.test(message)) return { kind: 'not-configured' };
  if (/Native checkpoint failed/.test(message)) return { kind: 'native' };
  const hook = frames.map(hookFrame).find((each) => each !== undefined);
  return hook === undefined ? { kind: 'other', exception, message } : { kind: 'hook', ...hook, exception, message };
}

/** `Socket[addr=db/172.18.0.2,port=5432,localport=51234]`, `ServerSocket[…]`, channels, and what the kernel says of foreign ones. */
function socketOf(message: string): Refusal & { kind: 'socket' } {
  const number = (pattern: RegExp) => {
    const [, digits] = pattern.exec(message) ?? [];
    return digits === undefined ? undefined : Number(digits);
  };
  const localPort =
    number(/localport=(\d+)/) ??
    number(/localPort (\d+)/) ??
    number(/local=\S+:(\d+)/) ??
    number(/,port=(\d+)$/) ??
    number(/ServerSocketChannelImpl\[\S*:(\d+)\]/);
  const remotePort = number(/\[addr=[^,\]]*,port=(\d+)/) ?? number(/remotePort (\d+)/) ?? number(/remote=\S+:(\d+)/);
  const [, host] = /\[addr=([^,\]]*)/.exec(message) ?? /remoteAddr (\S+)/.exec(message) ?? /remote=\/?(\S+):\d+/.exec(message) ?? [];
  const listening = /ServerSocket/.test(message) || (remotePort === 0 && localPort !== 0);
  const fd = number(/fd=(\d+)/);
  return {
    kind: 'socket',
    listening,
    ...(localPort === undefined ? {} : { localPort }),
    ...(listening || host === undefined || host === '' ? {} : { remoteHost: host }),
    ...(listening || remotePort === undefined ? {} : { remotePort }),
    ...(fd === undefined ? {} : { fd }),
  };
}

const OF_THE_JDK = /^(?:java|javax|jdk|sun|com\.sun|org\.crac)\./;

/** The frame in which the app, or a library, opened it. */
function firstOfTheApp(frames: readonly string[]): string | undefined {
  return frames.find((frame) => !OF_THE_JDK.test(frame));
}

function hookFrame(frame: string): { class: string; at: string } | undefined {
  const [, owner, at = ''] = /^([\w.$]+)\.beforeCheckpoint\(([^)]*)\)$/.exec(frame) ?? [];
  return owner === undefined || OF_THE_JDK.test(owner) ? undefined : { class: owner, at };
}
