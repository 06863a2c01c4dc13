// Every failure that a user can meet: its code, the outcome and exit code that it leads to, and what to do about it.
// docs/errors.md is generated from this table.

/** The step of a bake, or the command, in which something failed. */
export type Step =
  | 'options'
  | 'check-host'
  | 'build'
  | 'services'
  | 'start'
  | 'ready'
  | 'warm-up'
  | 'drain'
  | 'trigger'
  | 'dump'
  | 'verify'
  | 'assemble'
  | 'prove'
  | 'push'
  | 'tag'
  | 'isolate'
  | 'examine';

/** Outcomes with their exit codes; the same names are in the JSON report. `plain`: the app image was tagged unchanged. `rehearsed`: nothing stands in the way of a bake. */
export const EXIT_CODES = {
  baked: 0,
  plain: 0,
  rehearsed: 0,
  bug: 1,
  usage: 2,
  host: 3,
  build: 10,
  'app-start': 11,
  readiness: 12,
  'warm-up': 13,
  checkpoint: 14,
  assembly: 15,
  proof: 16,
  push: 18,
  interrupted: 130,
} as const;

export type Outcome = keyof typeof EXIT_CODES;

interface ErrorEntry {
  readonly outcome: Outcome;
  /** One sentence for the documentation: when a user meets it. */
  readonly meaning: string;
  /** What to do, general form; an error may carry a more exact one. */
  readonly remedy: string;
}

export const ERRORS = {
  bug: {
    outcome: 'bug',
    meaning: 'crac-bake itself did something wrong.',
    remedy: 'Run it again with --verbose and report the output.',
  },
  interrupted: {
    outcome: 'interrupted',
    meaning: 'SIGINT or SIGTERM ended the run; everything it had made was removed.',
    remedy: 'Run it again.',
  },
  usage: {
    outcome: 'usage',
    meaning: 'An option is unknown, missing or has a value that it cannot take.',
    remedy: 'See crac-bake bake --help.',
  },
  'config-invalid': {
    outcome: 'usage',
    meaning: 'The config file cannot be read, is not YAML, or holds a key or a value that there is not.',
    remedy: 'The message names file, line and column; crac-bake config shows what is understood, docs/options.md what there is.',
  },
  'invalid-tag': {
    outcome: 'usage',
    meaning: 'A tag is not a valid image reference.',
    remedy: 'Use NAME[:TAG] in lower case, for example registry.example.com/team/app:1.0-crac.',
  },
  'no-entrypoint': {
    outcome: 'usage',
    meaning: 'The app image has neither an entrypoint nor a command, so there is nothing to start.',
    remedy: 'Add ENTRYPOINT or CMD to the Dockerfile.',
  },
  'already-baked': {
    outcome: 'usage',
    meaning: 'The image is a restore image already.',
    remedy: 'Bake the app image that it was made from; crac-bake inspect IMAGE names it.',
  },
  'no-probe': {
    outcome: 'usage',
    meaning: 'Neither the options nor the image say how to find out that the app is ready, or which port takes the requests.',
    remedy: 'Give --ready http:PORT/PATH, tcp:PORT, log:PATTERN or exec:COMMAND, and --port for requests.',
  },
  'no-engine': {
    outcome: 'host',
    meaning: 'No Docker Engine answers.',
    remedy: 'Start Docker, or point DOCKER_HOST or the docker context to an engine that runs.',
  },
  'engine-lost': {
    outcome: 'host',
    meaning: 'The Docker Engine ended, was restarted or stopped answering in the middle of the run.',
    remedy:
      'See the engine’s log (journalctl -u docker), then run it again; crac-bake clean removes what is left. --engine-timeout gives a slow engine more time.',
  },
  'engine-refused': {
    outcome: 'host',
    meaning: 'The Docker Engine answered with an error where none is to be expected.',
    remedy: 'See the engine’s answer below, and its log (journalctl -u docker).',
  },
  'old-engine': { outcome: 'host', meaning: 'The Docker Engine is too old.', remedy: 'Use Docker Engine 20.10.10 or later.' },
  'other-engine': {
    outcome: 'host',
    meaning: 'What answers as Docker is another engine, such as Podman.',
    remedy: 'Start a Docker Engine and point DOCKER_HOST or the docker context to it: docker context ls.',
  },
  'host-unfit': {
    outcome: 'host',
    meaning: 'What the engine says of itself rules a bake out.',
    remedy: 'Run crac-bake doctor; it shows all that is missing.',
  },
  'wrong-architecture': {
    outcome: 'host',
    meaning: 'The image is for another architecture than the engine; a process under emulation cannot be checkpointed.',
    remedy: 'Build the image for the engine’s architecture (--platform), or bake on a machine of the image’s.',
  },
  'image-not-found': {
    outcome: 'usage',
    meaning: 'The image named by --image is neither on the engine nor in a registry that it reaches.',
    remedy: 'Check the name, build or pull it first, log in to the registry.',
  },
  'registry-unreachable': {
    outcome: 'host',
    meaning: 'An image is not on the engine, and its registry cannot be reached or does not answer as a registry.',
    remedy: 'Check the registry’s name and the network; docker login REGISTRY where it wants a login.',
  },
  'no-space': {
    outcome: 'host',
    meaning: 'The engine’s disk has too little room for the checkpoint.',
    remedy: 'Free space, for example with docker system prune, or move the engine’s data folder.',
  },
  'missing-capability': {
    outcome: 'host',
    meaning: 'The engine does not give its containers a capability that a checkpoint needs.',
    remedy:
      'Start the engine with that capability: Docker-in-Docker with --privileged, a daemon of the host without CapabilityBoundingSet= in its unit; CHECKPOINT_RESTORE needs Linux 5.9. crac-bake doctor shows what the engine gives.',
  },
  'no-helper': {
    outcome: 'host',
    meaning: 'The image with CRIU could not be built on this engine.',
    remedy: 'Let the engine reach Debian’s packages, or name a base image that has apt and a Debian with CRIU 4.2 or later (--criu-base).',
  },
  'host-cannot-checkpoint': {
    outcome: 'host',
    meaning: 'A tiny process could not be dumped and restored on this engine.',
    remedy: 'Run crac-bake doctor; it shows what is missing.',
  },
  'dockerfile-missing': {
    outcome: 'build',
    meaning: 'The Dockerfile is not there.',
    remedy: 'Give the build folder and --file, or --image for an image that exists.',
  },
  'build-failed': {
    outcome: 'build',
    meaning: 'docker build failed.',
    remedy: 'Build the image with docker build until it works; its last lines are below.',
  },
  'no-compose': {
    outcome: 'host',
    meaning: 'The services need docker compose, and the docker command has no such plugin.',
    remedy: 'Install docker-compose-plugin (Docker’s packages), docker-compose (Debian 13) or docker-compose-v2 (Ubuntu).',
  },
  'services-failed': {
    outcome: 'app-start',
    meaning: 'docker compose could not start the services.',
    remedy:
      'Run docker compose up with the same file; what it said is below. Fixed host ports and container names clash with services that run.',
  },
  'service-not-healthy': {
    outcome: 'app-start',
    meaning: 'A service ended, or did not become healthy before the deadline.',
    remedy: 'Its last lines are below; check its health check, or raise --service-timeout.',
  },
  'network-not-found': {
    outcome: 'usage',
    meaning: 'The engine has no network of the name that --network gives.',
    remedy: 'Create it first (docker network create NAME), or name one of docker network ls.',
  },
  'app-exited': {
    outcome: 'app-start',
    meaning: 'The app ended before it was ready.',
    remedy: 'Run the image with docker run; its last lines are below.',
  },
  'start-failed': {
    outcome: 'app-start',
    meaning: 'The engine could not start the bake container.',
    remedy: 'See the engine’s answer below.',
  },
  'needs-service': {
    outcome: 'app-start',
    meaning: 'The app does not become ready without a service that it cannot reach where it is baked (`crac-bake rehearse`).',
    remedy:
      'Let the app start without it at bake (for example spring.datasource.hikari.initialization-fail-timeout=-1 and a given dialect), or give it one that the engine’s containers reach (--env).',
  },
  'not-ready': {
    outcome: 'readiness',
    meaning: 'The app did not become ready before the deadline.',
    remedy: 'Raise --ready-timeout, or check --ready: is it the right port, path or pattern?',
  },
  'app-exited-in-warm-up': {
    outcome: 'warm-up',
    meaning: 'The app ended while it was warmed up.',
    remedy: 'Its last lines are below; lower --warmup-concurrency or give it more memory.',
  },
  'warm-up-failed': {
    outcome: 'warm-up',
    meaning: 'More warm-up requests failed than allowed, or the warm-up command failed.',
    remedy: 'Check the requests, or allow failures with --warmup-max-failures.',
  },
  'warm-up-timeout': {
    outcome: 'warm-up',
    meaning: 'The warm-up did not end before its deadline.',
    remedy: 'Raise --warmup-timeout or send fewer requests.',
  },
  'hook-failed': {
    outcome: 'checkpoint',
    meaning: 'A Resource threw an exception in beforeCheckpoint.',
    remedy: 'The Resource and its exception are below; it must be able to let go of what it holds.',
  },
  'hook-timeout': {
    outcome: 'checkpoint',
    meaning: 'The hooks did not end before the deadline.',
    remedy: 'The thread dump below shows where it hangs; raise --hooks-timeout if it only is slow.',
  },
  'agent-missing': {
    outcome: 'checkpoint',
    meaning: 'The trigger needs the context agent, and no JVM in the container has loaded it.',
    remedy:
      'Is JAVA_TOOL_OPTIONS cleared by the entrypoint, or the JVM older than 11, or does --process match no JVM? --trigger none checkpoints without hooks.',
  },
  'several-jvms': {
    outcome: 'checkpoint',
    meaning: 'Several JVMs run in the container, and none is chosen by guessing.',
    remedy:
      'Name one by a part of its command line (--process PATTERN). The engine criu freezes the others with it, without hooks; the engine crac ends them.',
  },
  'trigger-timeout': {
    outcome: 'checkpoint',
    meaning: 'Nothing asked for the checkpoint before the deadline (triggers on-refresh and app).',
    remedy: 'Check that the app calls Core.checkpointRestore(), or use --trigger agent.',
  },
  'app-exited-at-checkpoint': {
    outcome: 'checkpoint',
    meaning: 'The app ended during the checkpoint, before it was dumped.',
    remedy: 'Its last lines are below.',
  },
  'would-refuse': {
    outcome: 'checkpoint',
    meaning: 'The app, once ready, holds something that CRIU refuses to dump or cannot restore (`crac-bake rehearse`).',
    remedy: 'Switch off at bake what is named below, or close it in beforeCheckpoint.',
  },
  'no-crac-jdk': {
    outcome: 'usage',
    meaning: 'The engine crac was asked for, and the image’s JVM is no CRaC build.',
    remedy: 'Use --engine criu (or auto), which bakes any JVM, or a base image with a CRaC JDK.',
  },
  'no-image-criu': {
    outcome: 'usage',
    meaning: '--criu image was given, and the JDK of the image brings no CRIU, or one that cannot be executed.',
    remedy: 'Use --criu ours (or auto), or make lib/criu of the JDK executable.',
  },
  'jvm-lacks-flag': {
    outcome: 'usage',
    meaning: 'An option needs a flag of the JVM that the one in the image does not have.',
    remedy: 'Leave the option out, or use a CRaC JDK whose version has the flag; crac-bake inspect shows what it has.',
  },
  'jvm-cannot-checkpoint': {
    outcome: 'usage',
    meaning: 'The options of the JVM rule a checkpoint out, such as ZGC on a CRaC JDK 17.',
    remedy: 'Change what is named below, or use --engine criu.',
  },
  'no-jvm': {
    outcome: 'checkpoint',
    meaning: 'No process of the container is a JVM that could be asked for the checkpoint, or none whose command fits the pattern.',
    remedy: 'The processes are named below; does the app start its JVM later, or has it ended?',
  },
  'attach-refused': {
    outcome: 'checkpoint',
    meaning: 'The JVM does not take commands: attaching is switched off, its user is another one, or it hangs.',
    remedy: 'Start it without -XX:+DisableAttachMechanism, or let the app ask for the checkpoint itself (--trigger app or on-refresh).',
  },
  'checkpoint-refused': {
    outcome: 'checkpoint',
    meaning: 'The JVM refused the checkpoint and goes on: something is open, or a hook failed.',
    remedy: 'What it names is below, each with what to do about it.',
  },
  'jvm-went-on': {
    outcome: 'checkpoint',
    meaning: 'The JVM said that it writes the checkpoint, and neither ended nor said why not.',
    remedy: 'Its last lines are below. Is CRAC_CRIU_LEAVE_RUNNING or keep_running set, or --checkpoint-timeout too short?',
  },
  'criu-failed': {
    outcome: 'checkpoint',
    meaning: 'CRIU could not dump the process.',
    remedy: 'The lines of its log that matter are below.',
  },
  'criu-timeout': {
    outcome: 'checkpoint',
    meaning: 'CRIU did not end before the deadline.',
    remedy: 'Raise --checkpoint-timeout for very large processes.',
  },
  'checkpoint-incomplete': {
    outcome: 'checkpoint',
    meaning: 'The checkpoint’s files are not complete.',
    remedy: 'Is the engine’s disk full? crac-bake doctor.',
  },
  'assembly-failed': {
    outcome: 'assembly',
    meaning: 'The restore image could not be put together.',
    remedy: 'See the engine’s answer below; most often its disk is full.',
  },
  'restore-failed': {
    outcome: 'proof',
    meaning: 'The restore image did not restore.',
    remedy: 'The reason that crac-init gave is below. No tag was moved.',
  },
  'restored-not-ready': {
    outcome: 'proof',
    meaning: 'The restored process did not answer as the readiness check asks.',
    remedy: 'Its log is below: has it lost a connection, a file, a variable that existed only at bake? No tag was moved.',
  },
  'twins-alike': {
    outcome: 'proof',
    meaning:
      'Two restores of the image, started at once, gave out the same identifiers: session ids, tokens, random numbers (`--prove twins`).',
    remedy:
      'They come from a generator that the app made before the checkpoint and that nothing renews, such as a java.util.Random: make it in afterRestore, or use SecureRandom. No tag was moved.',
  },
  'push-untrusted': {
    outcome: 'usage',
    meaning: 'A push was asked for in a GitHub run whose code may be a stranger’s: pull_request_target, or a fork.',
    remedy: 'Push from a run of your own branch or tag; --push-untrusted allows it all the same.',
  },
  'push-denied': {
    outcome: 'push',
    meaning: 'The registry refused the push: there is no login, or it may not write there. It is not tried again.',
    remedy:
      'Log in (docker login REGISTRY) with an account that may push to the repository; in GitHub Actions the job needs packages: write.',
  },
  'push-failed': {
    outcome: 'push',
    meaning: 'The registry could not be reached, cut the connection or answered with an error, at every try.',
    remedy: 'Try docker push by hand; raise --push-retries if the network is not steady.',
  },
  'push-timeout': {
    outcome: 'push',
    meaning: 'A push or a pull did not end before its deadline, at every try.',
    remedy: 'Raise --push-timeout for large images or slow networks.',
  },
  'digest-mismatch': {
    outcome: 'push',
    meaning: 'The registry answered another image than the one that was pushed and proved.',
    remedy: 'Does another run push the same tag, or a proxy or mirror answer in the registry’s place?',
  },
  'tag-failed': { outcome: 'assembly', meaning: 'The engine refused the tag.', remedy: 'See the engine’s answer below.' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** A failure that a user can meet. `message` says what failed, `details` why, `remedy` what to do, `log` shows the lines that matter. */
export class BakeError extends Error {
  override readonly name = 'BakeError';
  readonly code: ErrorCode;
  readonly step: Step;
  readonly details: string;
  readonly remedy: string;
  readonly log: readonly string[];

  constructor(
    code: ErrorCode,
    step: Step,
    message: string,
    more: { details?: string; remedy?: string; log?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.step = step;
    this.details = more.details ?? '';
    this.remedy = more.remedy ?? ERRORS[code].remedy;
    this.log = more.log ?? [];
  }

  get outcome(): Outcome {
    return ERRORS[this.code].outcome;
  }

  get exitCode(): number {
    return EXIT_CODES[this.outcome];
  }
}

/** A program's message as a headline. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** What was thrown and is no failure that a user can meet: its message, which may be long, is no headline. */
export function unexpected(error: unknown, step: Step): BakeError {
  const { message = String(error), stack = '' } = (error ?? {}) as Partial<Error>;
  return new BakeError('bug', step, 'Something came that crac-bake did not expect', {
    details: message,
    log: stack.split('\n'),
    cause: error,
  });
}
