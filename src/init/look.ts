// Init: what is in a folder (look), and the files that are written from it (config-text, workflow-text, write). Here: looking.

import { basename, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { type Outline, outlineDockerfile } from '../dockerfile/outline.ts';
import { plannedFromDockerfile } from '../dockerfile/planned-image.ts';
import { BakeError } from '../errors.ts';
import type { PlannedImage } from '../plan/plan.ts';
import type { Files } from '../ports.ts';

export interface Found {
  /** A name for the image, valid as one. */
  readonly name: string;
  /** Where the name is from. */
  readonly nameFrom: string;
  readonly image: PlannedImage;
  readonly outline: Outline;
  readonly spring: Spring | undefined;
  /** What builds the jar before the Dockerfile copies it, or undefined where the Dockerfile does it itself. */
  readonly build: 'maven' | 'maven-wrapper' | 'gradle' | 'gradle-wrapper' | undefined;
  /** A jar that is there already, by its path in the folder. */
  readonly jar: string | undefined;
  readonly composeFile: string | undefined;
}

export interface Spring {
  readonly actuator: boolean;
  readonly port: number;
  /** Whether the configuration says the port; it is Spring's default otherwise. */
  readonly portIsSet: boolean;
  readonly managementPort: number;
  readonly healthPath: string;
}

const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/** Looks at a folder with a Dockerfile. Throws `usage` where there is none. */
export async function look(files: Files, folder: string): Promise<Found> {
  const names = await files.list(folder);
  const read = async (...path: string[]) => files.readText(join(folder, ...path)).catch(() => '');
  if (!names.includes('Dockerfile')) {
    throw new BakeError('usage', 'options', `There is no Dockerfile in ${folder}`, {
      remedy: 'Run init where the Dockerfile is. For an image that exists no file is needed: crac-bake bake --image IMAGE --tag NAME:TAG.',
    });
  }
  const dockerfile = await read('Dockerfile');
  const outline = outlineDockerfile(dockerfile);
  const buildFiles = `${await read('pom.xml')}\n${await read('build.gradle')}\n${await read('build.gradle.kts')}`;
  const settings = await springSettings(read);
  const jars = [...(await jarsIn(files, folder, 'target')), ...(await jarsIn(files, folder, join('build', 'libs')))];
  const applicationName = settings.get('spring.application.name');
  return {
    name: imageName(applicationName ?? basename(resolve(folder))),
    nameFrom: applicationName === undefined ? 'the folder’s name' : 'spring.application.name',
    image: plannedFromDockerfile(dockerfile),
    outline,
    spring: /org\.springframework\.boot/.test(buildFiles) ? springOf(settings, /spring-boot-starter-actuator/.test(buildFiles)) : undefined,
    build: builder(names, outline),
    jar: jars[0],
    composeFile: COMPOSE_FILES.find((name) => names.includes(name)),
  };
}

async function jarsIn(files: Files, folder: string, part: string): Promise<string[]> {
  return (await files.list(join(folder, part)))
    .filter((name) => name.endsWith('.jar') && !name.endsWith('-plain.jar'))
    .map((name) => join(part, name));
}

/** The properties of Spring's configuration that matter here; of profiles, none. */
async function springSettings(read: (...path: string[]) => Promise<string>): Promise<ReadonlyMap<string, string>> {
  const folder = ['src', 'main', 'resources'];
  const settings = new Map<string, string>();
  for (const name of ['application.yaml', 'application.yml']) flatten('', yaml(await read(...folder, name)), settings);
  for (const line of (await read(...folder, 'application.properties')).split('\n')) {
    const [, key, value] = /^\s*([\w.-]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) settings.set(key, value);
  }
  return settings;
}

function yaml(text: string): unknown {
  try {
    return parse(text.split(/^---$/m)[0] ?? '');
  } catch {
    // Spring's file, not ours: what is wrong with it the app will say.
    return undefined;
  }
}

function flatten(prefix: string, value: unknown, into: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) {
    if (prefix !== '' && value !== undefined && value !== null) into.set(prefix, String(value));
    return;
  }
  for (const [key, inner] of Object.entries(value)) flatten(prefix === '' ? key : `${prefix}.${key}`, inner, into);
}

function springOf(settings: ReadonlyMap<string, string>, actuator: boolean): Spring {
  // `${PORT:9000}` has its default after the colon.
  const number = (key: string) => Number(/^\$\{[^:}]+:(\d+)\}$/.exec(settings.get(key) ?? '')?.[1] ?? settings.get(key)) || undefined;
  const port = number('server.port');
  const base = settings.get('management.endpoints.web.base-path') ?? '/actuator';
  const context = number('management.server.port') === undefined ? (settings.get('server.servlet.context-path') ?? '') : '';
  return {
    actuator,
    port: port ?? 8080,
    portIsSet: port !== undefined,
    managementPort: number('management.server.port') ?? port ?? 8080,
    healthPath: `${context}${base}/health`.replace(/\/{2,}/g, '/'),
  };
}

function builder(names: readonly string[], { copied }: Outline): Found['build'] {
  const copies = (folder: string) => copied.some((path) => path.replace(/^\.?\//, '').startsWith(folder));
  if (names.includes('pom.xml') && copies('target')) return names.includes('mvnw') ? 'maven-wrapper' : 'maven';
  if (names.some((name) => name.startsWith('build.gradle')) && copies('build'))
    return names.includes('gradlew') ? 'gradle-wrapper' : 'gradle';
  return undefined;
}

/** A text as the name of an image: lower case, parts joined by single dashes. */
function imageName(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'app'
  );
}
