// The text of a first GitHub workflow. Pure.

import { stringify } from 'yaml';
import { quote } from '../plan/quote.ts';
import type { Found } from './look.ts';

const BUILDS = {
  maven: ['mvn -B -ntp -DskipTests package', 'COPY of the Dockerfile from target/'],
  'maven-wrapper': ['./mvnw -B -ntp -DskipTests package', 'COPY of the Dockerfile from target/'],
  gradle: ['gradle --no-daemon assemble', 'COPY of the Dockerfile from build/'],
  'gradle-wrapper': ['./gradlew --no-daemon assemble', 'COPY of the Dockerfile from build/'],
} as const;

const scalar = (value: string) => stringify(value, { lineWidth: 0 }).trim();

/** `folder`: the build context as seen from the repository's root. `version`: of this package. */
export function workflowText(found: Found, folder: string, version: string): string {
  const at = folder === '.' ? '' : `\n        working-directory: ${scalar(folder)}`;
  const built =
    found.build === undefined
      ? []
      : [
          `      # Guessed from the ${BUILDS[found.build][1]}; the Java version as well.
      - uses: actions/setup-java@v5
        with: {distribution: temurin, java-version: "21"}
      - run: ${scalar(BUILDS[found.build][0])}${at}`,
        ];
  const bake = `npx --yes crac-bake@${version} bake ${quote(folder)}`;
  return `name: crac-bake

on:
  push:
    branches: [main]
  workflow_dispatch:

permissions:
  contents: read

jobs:
  image:
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@v6
        with: {persist-credentials: false}
${[...built, `      - run: ${scalar(bake)}`].join('\n')}
      # The image is on the runner now. To push it: docker login, then docker push ${found.name}:crac under the name of your registry.
`;
}
