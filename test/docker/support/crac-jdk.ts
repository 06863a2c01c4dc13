// The images of the tests of the engine `crac`: on the JDK that CRAC_BAKE_TEST_JDK_IMAGE names, or on the stand-in (test/crac-jdk).

import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { withContext } from './images.ts';

const SETUP = fileURLToPath(new URL('../../../scripts/setup/crac-jdk.mjs', import.meta.url));

export interface CracImages {
  /** The image with the CRaC JDK. */
  readonly jdk: string;
  readonly images: Readonly<Record<'spring' | 'spring-nonroot' | 'spring-self' | 'cases', string>>;
}

/** Whether the tests run on a real CRaC JDK; some things only the stand-in can be made to do. */
export const REAL_JDK = process.env.CRAC_BAKE_TEST_JDK_IMAGE !== undefined;

/** Makes the images, which takes a moment when they are there. `generation`: whose flags the stand-in has; `ownCriu`: an image with the CRIU that its JDK is to bring. */
export async function cracImages(generation = 17, ownCriu?: string): Promise<CracImages> {
  const { stdout } = await execa(process.execPath, [SETUP, String(generation), ...(ownCriu === undefined ? [] : [ownCriu])]);
  return JSON.parse(stdout) as CracImages;
}

/** The app `Cases` with these instructions on top, as a build context. */
export function withCases<T>({ images }: CracImages, instructions: readonly string[], work: (folder: string) => Promise<T>): Promise<T> {
  return withContext([`FROM ${images.cases}`, ...instructions], work);
}

/** What a bake of `Cases` is given: it has no port, and says when it is ready. */
export const CASES = ['--ready', 'log:^ready$', '--warmup-count', '0'] as const;

const JAVA = 'java -cp /app:/app/org.crac.jar Cases';

/** An entrypoint with two JVMs; when the second says that it is ready, the first, `Cases quiet`, is up as well. */
export const TWO_JVMS = `ENTRYPOINT ["sh", "-c", "${JAVA} quiet & until [ -e /tmp/quiet-is-up ]; do sleep 0.1; done; exec ${JAVA} second"]`;

/** Numbers of the lines that `Cases` has written, in the order of its log. */
export function ticks(log: string): number[] {
  return [...log.matchAll(/^tick (\d+) /gm)].map(([, number]) => Number(number));
}
