// Builds the jars of the sample apps on the host: a build in a container may not reach Maven Central.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { JAR_APPS, jarName } from './app-list.mjs';
import { aptInstall } from './apt.mjs';
import { runMain, SetupError } from './errors.mjs';
import { hashOf } from './hash.mjs';
import { hasApt, isRoot } from './host.mjs';
import { appFolder } from './paths.mjs';
import { progressLog } from './progress.mjs';
import { commandExists, tryRun } from './run.mjs';

const MAVEN_IMAGE = 'maven:3-eclipse-temurin-21';
const GOALS = ['-q', '-B', '-ntp', 'package'];
const BUILD_DEADLINE_MS = 900_000;

/** Returns the path of the jar of each app, e.g. `{'spring-hello': '…/target/app.jar'}`. */
export async function ensureJars({ log, only = JAR_APPS }) {
  const jars = {};
  let maven;
  for (const name of only) {
    const folder = appFolder(name);
    const jar = join(folder, 'target', jarName(name));
    const mark = join(folder, 'target', '.sources');
    const sources = await hashOf(folder, ['pom.xml', 'src']);
    if (!existsSync(jar) || (await readFile(mark, 'utf8').catch(() => '')) !== sources) {
      maven ??= await findMaven({ log });
      const start = Date.now();
      log(`building the jar of ${name}`);
      await maven(folder);
      await writeFile(mark, sources);
      log(`built the jar of ${name} in ${((Date.now() - start) / 1000).toFixed(1)} s`);
    }
    jars[name] = jar;
  }
  log(`jars: ${only.join(', ')}`);
  return jars;
}

/** A function that builds in a folder: with the host's Maven, with an installed one, or in a container. */
async function findMaven({ log }) {
  const present = async () => (await commandExists('mvn')) && (await commandExists('javac'));
  if (!(await present())) {
    if (!hasApt() || !isRoot()) return mavenInContainer;
    await aptInstall(['maven', 'default-jdk-headless'], { log, purpose: 'building the sample apps' });
  }
  return (folder) => build(folder, 'mvn', GOALS);
}

async function mavenInContainer(folder) {
  // Docker would make a missing folder as root.
  const repository = join(homedir(), '.m2');
  await mkdir(repository, { recursive: true });
  const user = process.getuid ? ['--user', `${process.getuid()}:${process.getgid()}`] : [];
  await build(folder, 'docker', [
    'run',
    '--rm',
    ...user,
    '--volume',
    `${folder}:/app`,
    '--volume',
    `${repository}:/m2`,
    '--workdir',
    '/app',
    '--entrypoint',
    'mvn',
    MAVEN_IMAGE,
    '-Dmaven.repo.local=/m2/repository',
    ...GOALS,
  ]);
}

async function build(folder, command, args) {
  const { code, stdout, stderr, timedOut } = await tryRun(command, args, { cwd: folder, timeoutMs: BUILD_DEADLINE_MS });
  if (code === 0) return;
  const lines = `${stdout}\n${stderr}`.trim().split('\n');
  const telling = lines.filter((line) => line.includes('[ERROR]'));
  const errors = (telling.length > 0 ? telling : lines).slice(0, 10);
  throw new SetupError(
    [`cannot build the jar in ${folder} with ${command}: ${timedOut ? 'not done in time' : `exit code ${code}`}`, ...errors].join('\n  '),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await runMain(() => ensureJars({ log: progressLog() }));
