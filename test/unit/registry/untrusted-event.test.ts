import test from 'ava';
import { untrustedEvent } from '../../../src/registry/untrusted-event.ts';

const repository = { full_name: 'acme/shop' };
const pull = (repo: object | null) => ({ repository, pull_request: { head: { repo } } });

const events: readonly [what: string, name: string | undefined, payload: object | undefined, trusted: boolean][] = [
  ['no GitHub at all', undefined, undefined, true],
  ['a push', 'push', { repository }, true],
  ['a push without a payload', 'push', undefined, true],
  ['a pull request from the repository itself', 'pull_request', pull(repository), true],
  ['a pull request from a fork', 'pull_request', pull({ full_name: 'somebody/shop' }), false],
  ['a pull request from a fork that was deleted', 'pull_request', pull(null), false],
  ['a review of a pull request from a fork', 'pull_request_review', pull({ full_name: 'somebody/shop' }), false],
  ['pull_request_target, wherever it comes from', 'pull_request_target', pull(repository), false],
  ['a run after a run of our own', 'workflow_run', { repository, workflow_run: { head_repository: repository } }, true],
  ['a run after a run of a fork', 'workflow_run', { repository, workflow_run: { head_repository: { full_name: 'somebody/shop' } } }, false],
];

for (const [what, name, payload, trusted] of events) {
  test(`${what}: a push is ${trusted ? 'allowed' : 'refused'}`, (t) => {
    t.is(untrustedEvent(name, payload === undefined ? '' : JSON.stringify(payload)) === undefined, trusted);
  });
}
