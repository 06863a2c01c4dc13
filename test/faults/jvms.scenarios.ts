// Several JVMs in one container.

import { fails, type Scenario } from './support/scenario.ts';

/** One is a child of the other; the hook is in the child. */
export const TWO_JVMS = 'fork or exec qw(java -Xmx64m -jar /app/app.jar port=8081 hook=ok); exec qw(java -Xmx64m -jar /app/app.jar)';

export const SEVERAL_JVMS: Scenario = {
  row: 31,
  title: 'two JVMs run in the container',
  ...fails('several-jvms', 30),
  tells: /\d+ \(\/app\/app\.jar\), \d+ \(\/app\/app\.jar\)/,
};
