// The text of a first config file. Every line that is a guess has a comment line above it that says so. Pure.

import { stringify } from 'yaml';
import { SCHEMA_URL } from '../spec/schema.ts';
import type { Found } from './look.ts';

const scalar = (value: string) => stringify(value).trim();

export function configText(found: Found): string {
  const parts = [
    `# yaml-language-server: $schema=${SCHEMA_URL}\n# Options of crac-bake bake: every option is a key here. Flags and CRAC_BAKE_… variables win over this file.`,
    'context: .',
    `# Guessed from ${found.nameFrom}.\ntags:\n  - ${scalar(`${found.name}:crac`)}`,
    ...target(found),
    ...buildArguments(found),
    ...readiness(found),
    ...warmUp(found),
    ...services(found),
  ];
  return `${parts.join('\n\n')}\n`;
}

function target({ outline }: Found): string[] {
  return outline.stages.length < 2
    ? []
    : [`# The last stage is built. Stages with a name: ${outline.stages.join(', ')}.\n# target: ${scalar(outline.stages.at(-1) ?? '')}`];
}

function buildArguments({ outline }: Found): string[] {
  const lines = [...outline.arguments].map(([name, value]) => `#   ${name}: ${scalar(value)}`);
  return lines.length === 0 ? [] : [`# The Dockerfile’s build arguments with their defaults.\n# build-args:\n${lines.join('\n')}`];
}

function readiness({ image, spring }: Found): string[] {
  if (/https?:\/\//.test(image.healthCheck)) return ['# When it is ready: the URL in the Dockerfile’s HEALTHCHECK answers.'];
  if (image.healthCommand.length > 0) return ['# When it is ready: the Dockerfile’s HEALTHCHECK passes.\nready: health'];
  const port = image.ports[0];
  if (spring?.actuator) {
    const from = spring.portIsSet || port === spring.port ? '' : ', on Spring’s default port';
    return [
      `# Guessed: Spring Boot’s actuator is among the dependencies${from}.\nready: http:${spring.managementPort}${spring.healthPath}`,
      ...requestPort(spring.port, port),
    ];
  }
  if (spring !== undefined && port === undefined)
    return [
      `# Guessed: ${spring.portIsSet ? 'the port of Spring’s configuration' : 'Spring’s default port'}; the Dockerfile exposes none.\nready: http:${spring.port}/\nready-status: 200-499`,
    ];
  return port === undefined
    ? [
        '# When it is ready: nothing in the folder says. http:PORT/PATH, tcp:PORT, log:PATTERN, exec:COMMAND or health.\n# ready: http:8080/',
      ]
    : [`# When it is ready: port ${port} of EXPOSE answers. A path is more exact:\n# ready: http:${port}/`];
}

/** The port for requests, where another one would be taken. */
function requestPort(port: number, exposed: number | undefined): string[] {
  return exposed === undefined || exposed === port
    ? []
    : [`# Guessed: Spring’s port takes the requests, not the first of EXPOSE (${exposed}).\nport: ${port}`];
}

function warmUp({ spring }: Found): string[] {
  const otherwise = spring?.actuator
    ? 'Without them only the health check is asked, which warms little of the app up.'
    : 'Without them the path of the HTTP probe is asked.';
  return [`# The requests of production, so that the JIT compiles what they need. ${otherwise}\n# warmup-requests:\n#   - GET /`];
}

function services({ composeFile }: Found): string[] {
  return composeFile === undefined
    ? []
    : [
        `# Services that the app needs at its start. The file must not start the app itself, nor bind fixed host ports.\n# services: ${scalar(composeFile)}`,
      ];
}
