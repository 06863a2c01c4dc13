import test from 'ava';
import { judgePolicies } from '../../../src/crac-jdk/policies.ts';
import type { ResourcePolicy } from '../../../src/spec/resource-policies.ts';
import { jvm } from './listings.ts';

const LOGS: ResourcePolicy = { type: 'file', action: 'reopen', settings: { path: '**/*.log' } };
const LISTENER: ResourcePolicy = { type: 'socket', action: 'reopen', settings: { localPort: '8080' } };
const SOCKETS: ResourcePolicy = { type: 'socket', action: 'close', settings: { warn: 'false' } };

test('17 cannot reopen sockets, later versions can', (t) => {
  t.deepEqual(judgePolicies(jvm('canonical-17'), [LOGS, LISTENER]), [
    'Java 17.0.12 cannot reopen sockets: socket localPort 8080 will be closed, and using it after the restore throws.',
  ]);
  t.deepEqual(judgePolicies(jvm('openjdk-26'), [LOGS, LISTENER]), []);
});

test('a policy behind one that takes all never comes into play', (t) => {
  t.deepEqual(judgePolicies(jvm('zulu-21'), [SOCKETS, LOGS, LISTENER]), [
    'The policy for socket localPort 8080 never comes into play: the one for every socket before it takes all.',
  ]);
  t.deepEqual(judgePolicies(jvm('zulu-21'), [LISTENER, SOCKETS]), []);
});
