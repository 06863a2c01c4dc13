// What `docker push` and `docker pull` say: the digest, and what kind of failure it was.

import type { ErrorCode } from '../errors.ts';

/** The digest in the last line of `docker push`: `TAG: digest: sha256:… size: 1234`. Docker computes it from the manifest that it sent. */
export function pushedDigest(stdout: string): string | undefined {
  return [...stdout.matchAll(/\bdigest: (sha256:[0-9a-f]{64})\b/g)].at(-1)?.[1];
}

/** The digest that `docker pull` prints: `Digest: sha256:…`, computed from the manifest that it got. */
export function pulledDigest(stdout: string): string | undefined {
  return [...stdout.matchAll(/^Digest: (sha256:[0-9a-f]{64})$/gm)].at(-1)?.[1];
}

export type TransferError = Extract<ErrorCode, 'push-denied' | 'push-failed' | 'push-timeout' | 'digest-mismatch'>;

/** Texts of the engine and of registries (distribution's error codes, Docker Hub, GHCR, ECR) by what they mean; the first that fits counts. */
const MEANINGS: readonly (readonly [RegExp, TransferError])[] = [
  [
    /verification failed|unexpected commit digest|got digest \S+, expected|digest (?:mismatch|did not match)|does not match (?:the )?digest/i,
    'digest-mismatch',
  ],
  [
    /denied|unauthorized|authentication required|no basic auth credentials|insufficient[_ ]scope|authorization failed|forbidden|\b40[13]\b/i,
    'push-denied',
  ],
  [/timeout|timed out|deadline exceeded/i, 'push-timeout'],
];

/** What a failed transfer means. */
export function transferError(stderr: string, timedOut: boolean): TransferError {
  if (timedOut) return 'push-timeout';
  return MEANINGS.find(([pattern]) => pattern.test(stderr))?.[1] ?? 'push-failed';
}

/** Whether trying again may help: after a refusal or another digest it does not. */
export function isWorthRetrying(code: TransferError): boolean {
  return code === 'push-failed' || code === 'push-timeout';
}
