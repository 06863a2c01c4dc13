// Building the app image: BuildKit, package managers.

import type { Failure } from '../failure.ts';

export const BUILD: readonly Failure[] = [
  {
    id: 'buildkit-insecure',
    stage: 'build',
    match: [
      /security\.insecure is not allowed/i,
      /failed to load LLB: security\.insecure/i,
      /entitlement(?:s)? .{0,40}(?:not allowed|denied)/i,
    ],
    cause: 'The Dockerfile asks for RUN --security=insecure, and this builder does not allow it.',
    remedy: 'crac-bake needs no privileged build: build the app image only, and let it dump in a container.',
    on: {
      github:
        'docker/setup-buildx-action with buildkitd-flags: --allow-insecure-entitlement security.insecure; allow: security.insecure in build-push-action.',
      docker:
        'docker buildx create --buildkitd-flags "--allow-insecure-entitlement security.insecure"; docker buildx build --allow security.insecure',
    },
    source: 'BuildKit',
  },
  {
    id: 'build-file-missing',
    stage: 'build',
    match: [
      /failed to (?:compute cache key|calculate checksum of ref).{0,200}?"(?<path>\/[^"]*)": not found/i,
      /COPY failed: .{0,80}?(?<path>\S+): (?:no such file|not found)/i,
      /(?:COPY|ADD) failed: (?:no source files|file not found in build context).{0,60}?(?<path>\S*)$/i,
      /lstat (?<path>\S+): no such file or directory/i,
    ],
    explains: ['docker-no-image'],
    cause: 'The Dockerfile copies {path}, which is not in the build context, or is left out by .dockerignore.',
    remedy: 'Build what it copies first (mvn package, gradle bootJar), give the right context, look into .dockerignore.',
    source: 'BuildKit',
  },
  {
    id: 'build-dockerfile-missing',
    stage: 'build',
    match: [
      /failed to read dockerfile: open (?<path>\S+): no such file/i,
      /unable to evaluate symlinks in Dockerfile path/i,
      /There is no (?<path>\S*Dockerfile\S*)$/,
    ],
    cause: 'There is no Dockerfile at {path|the place named}.',
    remedy: 'Give the build folder, and --file for another name; or --image for an image that exists.',
    source: 'BuildKit, crac-bake',
  },
  {
    id: 'build-dockerfile-syntax',
    stage: 'build',
    match: [
      /dockerfile parse error(?: on)? line (?<line>\d+): (?<what>.*)/i,
      /unknown instruction: (?<what>\S+)/i,
      /target stage "?(?<what>[\w.-]+)"? could not be found/i,
    ],
    cause: 'The Dockerfile cannot be understood: {what}.',
    remedy: 'Correct it; docker build --check shows where.',
    source: 'BuildKit',
  },
  {
    id: 'build-apt',
    stage: 'build',
    match: [
      /E: Unable to locate package (?<name>\S+)/,
      /E: (?:Failed to fetch|The repository) (?<name>\S*).{0,100}/,
      /E: Package '?(?<name>[\w.+-]+)'? has no installation candidate/,
      /E: Unable to fetch some archives/,
    ],
    cause: 'apt could not get {name|its packages}: the archive is not reachable, or does not have it.',
    remedy:
      'Let the build reach the archive (proxy, DNS), and run apt-get update in the same RUN. For crac-bake’s own image with CRIU name a base by --criu-base.',
    source: 'Debian’s apt',
  },
  {
    id: 'build-maven',
    stage: 'build',
    match: [
      /Could not resolve dependencies for project (?<name>\S+)/,
      /Could not (?:transfer|find) artifact (?<name>\S+)/,
      /Failed to read artifact descriptor for (?<name>\S+)/,
      /Could not resolve all (?:files|dependencies|artifacts) for configuration '(?<name>[^']*)'/,
      /Could not GET '(?<name>[^']*)'/,
    ],
    cause: 'The build tool could not get {name}: the repository is not reachable, or does not have it.',
    remedy: 'Check network, proxy, certificates and repository; or build the jar outside and copy it into the image.',
    source: 'Maven, Gradle',
  },
  {
    id: 'build-compile',
    stage: 'build',
    match: [
      /COMPILATION ERROR/,
      /Compilation failed; see the compiler (?:error )?output/i,
      /Execution failed for task ':?(?<task>[\w:]*compile\w*)'/,
    ],
    cause: 'The app’s source does not compile.',
    remedy: 'Mend it: the compiler’s messages are above.',
    source: 'Maven, Gradle',
  },
  {
    id: 'build-java-version',
    stage: 'build',
    match: [
      /(?:release version|invalid (?:source|target) release:?) (?<version>[\d.]+)(?: not supported)?/i,
      /Unsupported class file major version (?<version>\d+)/,
    ],
    cause: 'The JDK of the build is older than the Java version that the project asks for ({version}).',
    remedy: 'Use a build image with a JDK of that version, or newer.',
    source: 'javac, Gradle',
  },
  {
    id: 'build-step-failed',
    stage: 'build',
    rank: 'umbrella',
    match: [
      /process "(?<command>.{1,400}?)" did not complete successfully: exit code: (?<code>\d+)/i,
      /The command '(?<command>.{1,400}?)' returned a non-zero code: (?<code>\d+)/i,
      /executor failed running \[(?<command>[^\]]{1,400})\]: exit code: (?<code>\d+)/i,
    ],
    cause: 'A RUN of the Dockerfile ended with {code}: {command}.',
    remedy: 'Its own output above says why; build with docker build --progress plain to see all of it.',
    source: 'BuildKit',
  },
  {
    id: 'build-failed',
    stage: 'build',
    rank: 'umbrella',
    match: [/ERROR: failed to (?:solve|build)/, /\bfailed to solve\b/],
    general: true,
    cause: 'docker build failed. This line says that, not why.',
    remedy: 'Give explain the whole output of docker build --progress plain.',
    source: 'BuildKit',
  },
  {
    id: 'build-buildx-missing',
    stage: 'build',
    match: [/(?:BuildKit is enabled but the )?buildx component is missing or broken/i, /'buildx' is not a docker command/i],
    cause: 'This Docker has no buildx, which BuildKit’s builds need.',
    remedy: 'Install docker-buildx (docker-buildx-plugin of Docker’s own packages).',
    on: { github: 'docker/setup-buildx-action' },
    source: 'Docker CLI',
  },
];
