// A Docker Engine in memory that answers the docker commands of a bake: images, containers, and apps that behave as scripted.

import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import type { Clock, Command, CommandResult, HttpAnswer, HttpRequest, Network } from '../../src/ports.ts';

export interface App {
  /** From the start to the first answer, in ms; never where it is undefined. */
  readonly readyAfterMs?: number;
  /** From the start to its end, in ms. */
  readonly exitsAfterMs?: number;
  readonly exitCode?: number;
  /** Whether it is the kernel that ends it, for its memory; the limit is 64 MiB. */
  readonly outOfMemory?: true;
  readonly log?: readonly string[];
  /** Status for the n-th request (from 0) that it answers. */
  readonly status?: (request: HttpRequest, n: number) => number;
  /** Headers of the n-th answer of a container of this name. */
  readonly headers?: (container: string, n: number) => Readonly<Record<string, string>>;
  /** Ends at this request. */
  readonly exitsAtRequest?: number;
}

export interface Script {
  readonly app: App;
  /** The app after the restore. */
  readonly restored: App;
  /** The lines that `crac-init dump` answers; the last one ends it. */
  readonly dump: readonly string[];
  /** From the call of `crac-init dump` to its first answer, in ms. */
  readonly dumpAfterMs: number;
  /** The lines for the tiny process of the host check. */
  readonly tinyDump: readonly string[];
  readonly tinyRestored: App;
  readonly buildMs: number;
  /** Configuration of the app image over the default one. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly architecture: string;
  /** Images that are there, beside the helper image. */
  readonly images: readonly string[];
  readonly hasHelper: boolean;
  readonly criuVersion?: string;
  /** What `crac-init examine` prints. */
  readonly examination?: string;
  /** The app where there is no network, for Spring's context; the first line of a log that says \`not-spring\` ends it. */
  readonly isolated?: App;
  /** What the engine says that it can enforce; seccomp where it is undefined. */
  readonly securityOptions?: readonly string[];
  /** What docker compose starts; without compose it is undefined. */
  readonly services?: readonly Service[];
  /** What `crac-init jvm` prints of the app image. */
  readonly jvm: object | undefined;
  /** In place of a command's answer. */
  readonly fail: (argv: readonly string[]) => { exitCode?: number; stdout?: string; stderr?: string } | undefined;
}

export interface Service {
  readonly name: string;
  /** From `up` to healthy, in ms; without a health check it is undefined. */
  readonly healthyAfterMs?: number;
  /** It ends at once with this code. */
  readonly exitCode?: number;
  readonly log?: readonly string[];
}

interface Image {
  readonly id: string;
  readonly config: Record<string, unknown>;
  readonly architecture: string;
}

interface Container {
  readonly id: string;
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly image: string;
  readonly app: App;
  readonly tiny: boolean;
  state: 'created' | 'running' | 'exited';
  exitCode: number;
  startedAt: number;
  requests: number;
  readonly log: string[];
  readonly ports: Map<number, number>;
  readonly waiters: (() => void)[];
  readonly followers: Set<(line: string) => void>;
}

interface Answer {
  readonly exitCode?: number;
  readonly stdout?: string | Uint8Array;
  readonly stderr?: string;
}

const RUN_LABEL = 'io.github.crac-bake.run';
const PROJECT_LABEL = 'com.docker.compose.project';
const INIT = '/opt/crac-bake/crac-init';

export class FakeEngine {
  readonly images = new Map<string, Image>();
  readonly containers = new Map<string, Container>();
  /** Name → compose project. */
  readonly networks = new Map<string, string>();
  /** Named volumes that containers made, with their labels. */
  readonly volumes = new Map<string, string>();
  readonly commands: Command[] = [];
  /** What a line's reader threw; in a real run nobody would catch it. */
  readonly uncaught: unknown[] = [];
  /** Requests to registries. */
  readonly fetched: string[] = [];
  /** What registries hold: reference by tag or digest → image id. */
  readonly registry = new Map<string, string>();
  /** Files that docker writes (`--iidfile`). */
  readonly written = new Map<string, string>();
  /** Called with each command before and after it has its effect. */
  onCommand: (when: 'before' | 'after', argv: readonly string[], index: number) => void = () => {};
  readonly #clock: Clock;
  readonly #script: Script;
  #next = 1;

  constructor(clock: Clock, script: Script) {
    this.#clock = clock;
    this.#script = script;
    for (const name of script.images) this.#addImage(name, this.#appConfig());
  }

  /** What a user would see that the run has left: containers, images by name. */
  get left(): { containers: string[]; images: string[] } {
    const ours = [...this.images.keys()].filter((name) => !this.#script.images.includes(name) && !name.startsWith('crac-bake/helper'));
    return { containers: [...this.containers.keys()], images: ours.filter((name) => !name.startsWith('sha256:')) };
  }

  get argvs(): string[] {
    return this.commands.map((command) => command.args.join(' '));
  }

  readonly run = async (command: Command): Promise<CommandResult> => {
    command.signal?.throwIfAborted();
    const argv = command.args;
    const index = this.commands.push(command) - 1;
    this.onCommand('before', argv, index);
    if (command.file !== 'docker') return this.#end(command, { exitCode: 127, stderr: 'not found' });
    await this.#sleep(this.#duration(argv), command.signal);
    const answer = this.#script.fail(argv) ?? (await this.#answer(command));
    this.onCommand('after', argv, index);
    command.signal?.throwIfAborted();
    return this.#end(command, answer);
  };

  /** The network as seen from this machine: published ports of containers that run. */
  get network(): Network {
    return {
      http: () => ({ send: (request) => this.#send(request), close: async () => {} }),
      fetch: async (method, address) => {
        this.fetched.push(`${method} ${address}`);
        return { status: 405, challenge: '', body: '' };
      },
      tcp: async (_host, port, _timeoutMs, signal) => {
        await this.#clock.sleep(1, signal);
        const ok = this.#serving(port) !== undefined;
        return { ok, message: ok ? 'connected' : 'connection refused' };
      },
    };
  }

  async #send(request: HttpRequest): Promise<HttpAnswer> {
    await this.#clock.sleep(2, request.signal);
    const container = this.#serving(request.port);
    if (container === undefined) return { kind: 'refused', message: 'connection refused' };
    const n = container.requests++;
    if (n === container.app.exitsAtRequest) {
      this.#exit(container, container.app.exitCode ?? 1);
      return { kind: 'refused', message: 'the connection was cut before an answer' };
    }
    return {
      kind: 'response',
      status: container.app.status?.(request, n) ?? 200,
      headers: container.app.headers?.(container.name, n) ?? {},
      body: 'hello',
    };
  }

  #serving(port: number): Container | undefined {
    return [...this.containers.values()].find(
      ({ state, ports, app, startedAt }) =>
        state === 'running' &&
        [...ports.values()].includes(port) &&
        app.readyAfterMs !== undefined &&
        this.#clock.now() - startedAt >= app.readyAfterMs,
    );
  }

  #duration(argv: readonly string[]): number {
    if (argv[0] === 'build') return this.#script.buildMs;
    return argv[0] === 'wait' || argv[0] === 'logs' || argv[0] === 'exec' ? 0 : 10;
  }

  async #sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
    await (ms === 0 ? Promise.resolve() : this.#clock.sleep(ms, signal));
  }

  #end(command: Command, { exitCode = 0, stdout = '', stderr = '' }: Answer): CommandResult {
    if (typeof stdout === 'string' && command.args[0] !== 'exec')
      for (const line of stdout.split('\n')) if (line) command.onLine?.(line, 'stdout');
    for (const line of stderr.split('\n')) if (line) command.onLine?.(line, 'stderr');
    return { exitCode, stdout: typeof stdout === 'string' ? new TextEncoder().encode(stdout) : stdout, stderr, timedOut: false };
  }

  async #answer(command: Command): Promise<Answer> {
    const argv = command.args;
    const last = argv.at(-1) ?? '';
    switch (argv[0]) {
      case 'info':
        return { stdout: JSON.stringify({ ...INFO, SecurityOptions: this.#script.securityOptions ?? INFO.SecurityOptions }) };
      case 'network':
        return this.#network(argv);
      case 'compose':
        return this.#compose(argv);
      case 'volume':
        return this.#volume(argv);
      case 'build':
        return this.#build(command);
      case 'pull':
        return this.#pull(last);
      case 'push':
        return this.#push(last);
      case 'image':
        return argv.includes('{{.Id}}') ? this.#imageId(last) : this.#inspectImage(last);
      case 'images': {
        const wanted = firstOf(argv, '--filter')?.replace('reference=', '').replace('*', '') ?? '';
        return { stdout: [...this.images.keys()].filter((name) => name.startsWith(wanted)).join('\n') };
      }
      case 'tag':
        return this.#tag(argv[1] ?? '', last);
      case 'rmi':
        for (const name of argv.slice(1)) this.images.delete(name);
        return {};
      case 'create':
        return this.#create(argv);
      case 'run':
        // Asking the image's JVM: one that is to be asked by crac-init does not answer like this.
        return argv.includes('-XX:+PrintFlagsFinal') ? { exitCode: this.#script.jvm === undefined ? 127 : 1 } : this.#create(argv);
      case 'cp':
        return this.#copy(command);
      case 'start':
        if (last.endsWith('-jvm')) return { stdout: JSON.stringify(this.#script.jvm) };
        return this.#with(last, (container) => this.#start(container));
      case 'inspect':
        if (argv[1] !== '--format') return { stdout: JSON.stringify(argv.slice(1).map((id) => this.#serviceState(id))) };
        if (argv[2]?.startsWith('{{.State.OOMKilled}}'))
          return this.#with(last, ({ app }) => ({ stdout: `${app.outOfMemory === true} ${app.outOfMemory === true ? 64 << 20 : 0}\n` }));
        if (argv[2] === '{{.State.Running}}') return this.#with(last, ({ state }) => ({ stdout: `${state === 'running'}\n` }));
        return this.#with(last, (container) => ({
          stdout: JSON.stringify(
            container.state === 'running'
              ? Object.fromEntries(
                  [...container.ports].map(([port, host]) => [`${port}/tcp`, [{ HostIp: '127.0.0.1', HostPort: String(host) }]]),
                )
              : {},
          ),
        }));
      case 'wait':
        return this.#wait(last, command.signal);
      case 'logs':
        return this.#logs(command, last);
      case 'exec':
        if (argv.at(-1) === 'verify') return { exitCode: 0 };
        if (argv.at(-1) === 'examine') return { stdout: this.#script.examination ?? '{"processes":[],"holdings":[]}' };
        return this.#dump(command);
      case 'diff':
        return { stdout: 'C /tmp\nA /tmp/hsperf\nA /opt/crac-bake/manifest.json\n' };
      case 'commit':
        return this.#commit(argv);
      case 'ps': {
        const [name, value] = (firstOf(argv, '--filter') ?? '').replace('label=', '').split('=');
        const ours = [...this.containers.values()].filter(
          ({ labels }) => name !== undefined && (value === undefined ? name in labels : labels[name] === value),
        );
        const label = name === PROJECT_LABEL ? PROJECT_LABEL : RUN_LABEL;
        return { stdout: ours.map(({ id, labels }) => (argv.includes('--quiet') ? id : `${id} ${labels[label]}`)).join('\n') };
      }
      case 'rm':
        for (const name of argv.slice(1).filter((word) => !word.startsWith('--'))) {
          const container = this.#find(name);
          if (container === undefined) continue;
          if (container.state === 'running') this.#exit(container, 137);
          this.containers.delete(container.name);
        }
        return {};
      default:
        return { exitCode: 125, stderr: `unknown command: ${argv.join(' ')}` };
    }
  }

  #network(argv: readonly string[]): Answer {
    if (argv[1] === 'inspect')
      return argv.at(-1) === 'missing' ? { exitCode: 1, stderr: 'network missing not found' } : { stdout: '2026-01-01 00:00:00\n' };
    if (argv[1] === 'rm') for (const name of argv.slice(2)) this.networks.delete(name);
    if (argv[1] !== 'ls' || !firstOf(argv, '--filter')?.includes(PROJECT_LABEL)) return {};
    const asNames = firstOf(argv, '--format') === '{{.Name}}';
    return { stdout: [...this.networks].map(([name, project]) => (asNames ? name : `${name} ${project}`)).join('\n') };
  }

  #volume(argv: readonly string[]): Answer {
    if (argv[1] === 'rm') for (const name of argv.slice(2)) this.volumes.delete(name);
    const label = firstOf(argv, '--filter')?.replace('label=', '');
    return argv[1] === 'ls' ? { stdout: [...this.volumes].flatMap(([name, its]) => (its === label ? [name] : [])).join('\n') } : {};
  }

  #compose(argv: readonly string[]): Answer {
    const { services } = this.#script;
    if (services === undefined) return { exitCode: 1, stderr: "docker: 'compose' is not a docker command." };
    const project = firstOf(argv, '--project-name') ?? '';
    if (argv.includes('create')) {
      this.networks.set(`${project}_default`, project);
      for (const { name } of services)
        this.#create(['create', '--name', `${project}-${name}-1`, '--label', `${PROJECT_LABEL}=${project}`, name]);
    }
    if (argv.includes('up')) {
      for (const { name, exitCode, log } of services) {
        const container = this.#find(`${project}-${name}-1`);
        if (container === undefined) continue;
        container.state = 'running';
        container.startedAt = this.#clock.now();
        for (const line of log ?? []) this.#write(container, line);
        if (exitCode !== undefined) this.#exit(container, exitCode);
      }
    }
    return {};
  }

  #serviceState(id: string): object {
    const container = this.#find(id);
    const service = this.#script.services?.find(({ name }) => container?.image === name);
    const healthyAfterMs = service?.healthyAfterMs;
    const healthy = this.#clock.now() - (container?.startedAt ?? 0) >= (healthyAfterMs ?? 0);
    return {
      Id: id,
      Config: { Labels: { 'com.docker.compose.service': service?.name ?? '' } },
      State: {
        Status: container?.state ?? '',
        ExitCode: container?.exitCode ?? 0,
        ...(healthyAfterMs === undefined ? {} : { Health: { Status: healthy ? 'healthy' : 'starting' } }),
      },
      NetworkSettings: { Networks: { default: { IPAddress: '172.20.0.2' } } },
    };
  }

  #appConfig(): Record<string, unknown> {
    return {
      Entrypoint: ['java', '-jar', '/app.jar'],
      Cmd: null,
      User: '1000',
      Env: ['PATH=/bin'],
      ExposedPorts: { '8080/tcp': {} },
      ...this.#script.config,
    };
  }

  #addImage(name: string, config: Record<string, unknown>): string {
    const id = `sha256:${String(this.#next++).padStart(64, '0')}`;
    const image = { id, config, architecture: this.#script.architecture };
    this.images.set(name, image);
    this.images.set(id, image);
    return id;
  }

  #build(command: Command): Answer {
    const argv = command.args;
    const id = this.#addImage(firstOf(argv, '--tag') ?? '', this.#appConfig());
    const idFile = firstOf(argv, '--iidfile');
    if (idFile !== undefined) this.written.set(idFile, id);
    return { stderr: '#1 building\n#1 DONE 1.0s\n' };
  }

  #inspectImage(name: string): Answer {
    const helper = name.startsWith('crac-bake/helper') && this.#script.hasHelper;
    const image = this.images.get(name) ?? (helper ? { id: 'sha256:h', config: {}, architecture: 'amd64' } : undefined);
    if (image === undefined) return { exitCode: 1, stdout: '[]\n', stderr: `Error response from daemon: No such image: ${name}` };
    const { id, config, architecture } = image;
    return {
      stdout: JSON.stringify([{ Id: id, Os: 'linux', Architecture: architecture, Size: 400_000_000, RepoDigests: [], Config: config }]),
    };
  }

  #imageId(name: string): Answer {
    const image = this.images.get(name);
    return image === undefined ? { exitCode: 1, stderr: `No such image: ${name}` } : { stdout: `${image.id}\n` };
  }

  #push(tag: string): Answer {
    const image = this.images.get(tag);
    if (image === undefined) return { exitCode: 1, stderr: 'tag does not exist' };
    const digest = digestOf(image.id);
    this.registry.set(tag, image.id);
    this.registry.set(`${tag.replace(/:[^:/]+$/, '')}@${digest}`, image.id);
    return { stdout: `${tag.split(':').at(-1)}: digest: ${digest} size: 1234\n` };
  }

  #pull(reference: string): Answer {
    const id = this.registry.get(reference);
    const image = id === undefined ? undefined : this.images.get(id);
    if (id === undefined || image === undefined) return { exitCode: 1, stderr: 'Error response from daemon: pull access denied' };
    this.images.set(reference, image);
    return { stdout: `Digest: ${digestOf(id)}\n` };
  }

  #tag(from: string, to: string): Answer {
    const image = this.images.get(from);
    if (image === undefined) return { exitCode: 1, stderr: `No such image: ${from}` };
    this.images.set(to, image);
    return {};
  }

  #create(argv: readonly string[]): Answer {
    const name = firstOf(argv, '--name') ?? '';
    const proof = argv[0] === 'run';
    const tiny = name.includes('-check');
    const { app, restored, tinyRestored } = this.#script;
    const container: Container = {
      id: `id-of-${name}`,
      name,
      labels: Object.fromEntries(valuesOf(argv, '--label').map((label) => label.split('=') as [string, string])),
      image: argv.at(-1) ?? '',
      app: name.endsWith('-isolated') ? (this.#script.isolated ?? NOT_SPRING) : proof ? (tiny ? tinyRestored : restored) : tiny ? {} : app,
      tiny,
      state: 'created',
      exitCode: 0,
      startedAt: 0,
      requests: 0,
      log: [],
      ports: new Map(valuesOf(argv, '--publish').map((text) => [Number(text.split('::')[1]), 32_768 + this.#next++])),
      waiters: [],
      followers: new Set(),
    };
    this.containers.set(name, container);
    for (const mount of valuesOf(argv, '--mount')) {
      const [, volume, label] = /^type=volume,src=([^,]+),.*volume-label=(.+)$/.exec(mount) ?? [];
      if (volume !== undefined && label !== undefined && !this.volumes.has(volume)) this.volumes.set(volume, label);
    }
    if (proof) this.#start(container);
    return { stdout: `${container.id}\n` };
  }

  #start(container: Container): Answer {
    container.state = 'running';
    container.startedAt = this.#clock.now();
    for (const line of container.app.log ?? []) this.#write(container, line);
    const { exitsAfterMs } = container.app;
    if (exitsAfterMs !== undefined) {
      const exit = () => this.#exit(container, container.app.exitCode ?? 1);
      if (exitsAfterMs === 0) exit();
      else this.#clock.sleep(exitsAfterMs).then(exit);
    }
    return {};
  }

  #write(container: Container, line: string): void {
    container.log.push(line);
    for (const follower of container.followers) follower(line);
  }

  #exit(container: Container, exitCode: number): void {
    if (container.state !== 'running') return;
    container.state = 'exited';
    container.exitCode = exitCode;
    for (const wake of container.waiters.splice(0)) wake();
  }

  async #copy(command: Command): Promise<Answer> {
    const [, from = '', to = ''] = command.args;
    if (to !== '-') return this.#with(to.split(':')[0] ?? '', () => (command.input ? {} : { exitCode: 1, stderr: 'nothing on stdin' }));
    const tar = pack();
    if (from.endsWith('/criu')) tar.entry({ name: 'criu/VERSION' }, `${this.#script.criuVersion ?? '4.2.1'}\n`);
    else tar.entry({ name: './data' }, 'data');
    tar.finalize();
    const bytes = await buffer(tar);
    return this.#with(from.split(':')[0] ?? '', () => ({ stdout: bytes }));
  }

  async #ended(container: Container, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (container.state === 'exited') return;
    await new Promise<void>((resolve, reject) => {
      container.waiters.push(resolve);
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  async #wait(name: string, signal: AbortSignal | undefined): Promise<Answer> {
    const container = this.#find(name);
    if (container === undefined) return { exitCode: 1, stderr: `No such container: ${name}` };
    await this.#ended(container, signal);
    return { stdout: `${container.exitCode}\n` };
  }

  async #logs(command: Command, name: string): Promise<Answer> {
    const container = this.#find(name);
    if (container === undefined) return { exitCode: 1, stderr: '' };
    if (!command.args.includes('--follow')) return { stdout: container.log.slice(-Number(firstOf(command.args, '--tail'))).join('\n') };
    const follow = (line: string) => command.onLine?.(line, 'stdout');
    for (const line of container.log) follow(line);
    container.followers.add(follow);
    try {
      await this.#ended(container, command.signal);
    } finally {
      container.followers.delete(follow);
    }
    return {};
  }

  async #dump(command: Command): Promise<Answer> {
    const name = command.args[3] ?? '';
    const container = this.#find(name);
    if (container?.state !== 'running') return { exitCode: 1, stderr: `Error response from daemon: container ${name} is not running` };
    const lines = container.tiny ? this.#script.tinyDump : this.#script.dump;
    if (!container.tiny) await this.#sleep(this.#script.dumpAfterMs, command.signal);
    for (const line of lines) {
      await this.#sleep(5, command.signal);
      try {
        command.onLine?.(line, 'stdout');
      } catch (error) {
        this.uncaught.push(error);
      }
    }
    this.#exit(container, 0);
    return { exitCode: lines.at(-1)?.includes('"dumped"') ? 0 : 1, stdout: `${lines.join('\n')}\n` };
  }

  #commit(argv: readonly string[]): Answer {
    const [container, name] = argv.slice(-2);
    if (this.#find(container ?? '') === undefined) return { exitCode: 1, stderr: `No such container: ${container}` };
    return { stdout: this.#addImage(name ?? '', { ...this.#appConfig(), Entrypoint: [INIT, 'restore'] }) };
  }

  #find(name: string): Container | undefined {
    return this.containers.get(name) ?? [...this.containers.values()].find((container) => container.id === name);
  }

  #with(name: string, work: (container: Container) => Answer): Answer {
    const container = this.#find(name);
    return container === undefined ? { exitCode: 1, stderr: `Error response from daemon: No such container: ${name}` } : work(container);
  }
}

function valuesOf(argv: readonly string[], flag: string): string[] {
  return argv.flatMap((word, index) => (argv[index - 1] === flag ? [word] : []));
}

function firstOf(argv: readonly string[], flag: string): string | undefined {
  return valuesOf(argv, flag)[0];
}

const NOT_SPRING: App = { exitsAfterMs: 10, exitCode: 0, log: ['{"event":"not-spring"}'] };

export const INFO = {
  ID: 'engine',
  ServerVersion: '26.1.5',
  SecurityOptions: ['name=seccomp,profile=builtin'],
  Architecture: 'x86_64',
  KernelVersion: '6.12.0',
  OperatingSystem: 'Debian',
  DockerRootDir: '/var/lib/docker',
  Driver: 'overlay2',
};

/** The manifest's digest for an image's id. */
export function digestOf(id: string): string {
  return `sha256:d${id.slice(-63)}`;
}
