// Logs as lines that can be matched: clean text, and what CRIU says of each line.

/** A line longer than this is cut, in characters: nothing that is looked for stands later. */
export const LINE_LIMIT = 4096;

/** So many lines worth a look are kept from the beginning, and as many from the end: the root comes first, the outcome last. */
const KEPT = 3000;

export interface LogLine {
  /** Counted from 1. */
  readonly number: number;
  /** As the program wrote it, without control characters. */
  readonly text: string;
  /** What CRIU marks it as, for lines of its logs. */
  readonly criu: 'error' | 'warning' | undefined;
}

const ESCAPES = /(?:\x1b\[|\x9b)[0-9;:<=>?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]{0,400}(?:\x07|\x1b\\|\x9c)/g;
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** What tools put before the lines of others. */
const PREFIXES = [
  // Engines, GitHub, container runtimes of Kubernetes.
  /^\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:?\d\d) (?:std(?:out|err) [FP] )?/,
  // gh run view --log: job and step.
  /^[^\t]{1,80}\t[^\t]{1,80}\t(?=\d{4}-)/,
  // docker compose; kubectl --prefix; BuildKit; Jenkins; Maven; the journal.
  /^[\w.-]{1,80}-\d+ +\| /,
  /^\[pod\/[^\]]{1,200}\] /,
  /^#\d+ (?:\d+\.\d+ )?/,
  /^\[\d{4}-\d\d-\d\dT[\d:.]{8,18}Z?\] /,
  /^\[ERROR\] /,
  /^[A-Z][a-z]{2} [ \d]\d [\d:]{8} [\w.-]{1,80} [\w./@-]{1,80}(?:\[\d+\])?: /,
];

/** A line that is kept as one value of an object: docker's json-file, logfmt. */
const WRAPPED = /^\{"log":"((?:[^"\\]|\\.)*)"|^time="[^"]*" level=\w+ msg="((?:[^"\\]|\\.)*)"/;

/** A line as the program wrote it. */
function undress(line: string): string {
  let text = line;
  const wrapped = WRAPPED.exec(text);
  if (wrapped !== null)
    text = `${(wrapped[1] ?? wrapped[2] ?? '').replace(/\\n$/, '')} ${wrapped[1] === undefined ? text.slice(wrapped[0].length) : ''}`;
  for (let i = 0; i < 3; i += 1) {
    const prefix = PREFIXES.find((each) => each.test(text));
    if (prefix === undefined) break;
    text = text.replace(prefix, '');
  }
  return text;
}

/** Text of a log line: without what tools put around it, no escape sequences and controls, plain quotes, single blanks. */
export function cleanLine(raw: string): string {
  const whole = raw.length > LINE_LIMIT ? raw.slice(0, LINE_LIMIT) : raw;
  let text = undress(whole.includes('\x1b') || whole.includes('\x9b') ? whole.replace(ESCAPES, '') : whole);
  if (/[^ -~]|\\| {2}/.test(text)) {
    text = text
      .replace(ESCAPES, '')
      .replace(CONTROLS, ' ')
      .replace(/\\u0027|[\u2018\u2019]/g, "'")
      .replace(/\\"|[\u201c\u201d]/g, '"')
      .replace(/\\t/g, ' ')
      .replace(/ {2,}/g, ' ');
  }
  return text.trim();
}

const CRIU_LINE = /\b(Error|Warn) {0,2}\([\w./+-]{1,80}\.[ch]:\d{1,6}\):/;

/** Whether CRIU marks the line as an error or a warning. Old versions leave the folder out: `Error (cr-restore.c:1307)`. */
export function criuMark(text: string): LogLine['criu'] {
  const [, word] = CRIU_LINE.exec(text) ?? [];
  return word === undefined ? undefined : word === 'Error' ? 'error' : 'warning';
}

/** What lines that any entry matches have in common; all others are passed over at once. */
const WORTH_A_LOOK = new RegExp(
  [
    'err(?:or|no)?\\b|err scan|fail|fatal|exception|denied|not permitted|forbidden|unauthori[sz]ed|refused|abort|panic|crash|killed|oom',
    "can't|cannot|can not|could ?n[o']t|couldn.t|unable|did ?n[o']t|doesn't|does not|won't|no such|no space|no matching|not found|not exist",
    'missing|mismatch|match|invalid|illegal|unsupported|not support|only support|unrecogni[sz]ed|unknown|unexpected|unresolved|outside',
    'bad |wrong|incompatible|not configured|not allowed|not available|unavailable|not empty|not respond|not ready|already|in use|in-flight|busy',
    'timeout|timed ?out|time limit|too (?:old|small|large|many|long|low)|exceed|exhaust|expired|stuck|deadlock|interrupt|hang|freez|dangling|terminated',
    'warn|read-only|requires?|required|need|have to|must|specify|consider|lacks|lacking|incomplete|corrupt|truncat|broken|dead|limit|quota|throttl',
    'exit|status|signal|crac|criu|checkpoint|restor|suppressed|caused by|seccomp|namespace|rlimit|rseq|splic|finished|zombies|overmount|bug\\b|allow',
    'unhealthy|sigkill|sigsegv|sigill|evicted|no route|eacces|eperm|enospc|enosys|empty|recursive|experimental|rate limit|denial|kernel|linux |specif|features|no jvm|waiting|misbehav|lookup|resolv|switching|unimplemented|several',
  ].join('|'),
  'i',
);

export function worthALook(text: string): boolean {
  return WORTH_A_LOOK.test(text);
}

/** The lines of a log that are worth a look, the last ones, and what the log says of its origin. */
export interface CollectedLog {
  readonly lines: readonly LogLine[];
  /** The last lines that are not empty, worth a look or not. */
  readonly tail: readonly LogLine[];
  readonly facts: LogFacts;
}

/** What a log says of the machine and of the end of the process. */
export interface LogFacts {
  /** Version of CRIU, `4.2`. */
  readonly criu: string | undefined;
  /** Version of the kernel, `6.18`. */
  readonly kernel: string | undefined;
  readonly exits: readonly number[];
}

const TAIL = 12;

/** Takes a log line by line, in memory that does not grow with it. */
export class LogCollector {
  #count = 0;
  readonly #first: LogLine[] = [];
  #last: LogLine[] = [];
  #tail: LogLine[] = [];
  #criu: string | undefined;
  #kernel: string | undefined;
  readonly #exits = new Set<number>();

  add(raw: string): void {
    this.#count += 1;
    const text = cleanLine(raw);
    if (text === '') return;
    const line: LogLine = { number: this.#count, text, criu: undefined };
    this.#tail.push(line);
    if (this.#tail.length > 4 * TAIL) this.#tail = this.#tail.slice(-TAIL);
    this.#facts(text);
    if (!worthALook(text)) return;
    const kept = { ...line, criu: criuMark(text) };
    if (this.#first.length < KEPT) this.#first.push(kept);
    else this.#last.push(kept);
    if (this.#last.length > 2 * KEPT) this.#last = this.#last.slice(-KEPT);
  }

  end(): CollectedLog {
    return {
      lines: [...this.#first, ...this.#last.slice(-KEPT)],
      tail: this.#tail.slice(-TAIL),
      facts: { criu: this.#criu, kernel: this.#kernel, exits: [...this.#exits] },
    };
  }

  #facts(text: string): void {
    this.#criu ??= /\b(?:criu )?version:? (\d+\.\d+(?:\.\d+)?)(?=\s|$)(?:.{0,20}gitid)|\bCRIU (\d+\.\d+(?:\.\d+)?)\b/i
      .exec(text)
      ?.slice(1)
      .find((part) => part !== undefined);
    this.#kernel ??= /\bLinux (\d+\.\d+)[.\d]*/.exec(text)?.[1];
    for (const status of exitStatuses(text)) this.#exits.add(status);
  }
}

const EXITS =
  /\b(?:exit(?:ed|s)?(?:\s+with)?(?:\s+non-zero)?[\s_-]?(?:exit\s+)?(?:code|status|value)?["']?\s*[:=]?\s*\(?|returned a non-zero code: |exited? \()(\d{1,3})\b/gi;

/** The exit statuses that a line names: `exit=137`, `exited with code 137`, `"ExitCode": 137`, `Exited (137)`. */
export function exitStatuses(text: string): number[] {
  return [...text.matchAll(EXITS)].map(([, status]) => Number(status));
}

/** A whole text as a log. */
export function collect(text: string): CollectedLog {
  const collector = new LogCollector();
  for (const line of text.split('\n')) collector.add(line);
  return collector.end();
}
