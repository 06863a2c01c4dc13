import test from 'ava';
import { deployLines } from '../../../src/image/deploy-lines.ts';

test('lines with a port', (t) => {
  const lines = deployLines({ image: 'app:1-crac', capabilities: ['CHECKPOINT_RESTORE', 'SETPCAP'], port: 8080 });
  t.is(
    lines.docker,
    'docker run --rm --cap-drop ALL --cap-add CHECKPOINT_RESTORE --cap-add SETPCAP --security-opt seccomp=unconfined -p 8080:8080 app:1-crac',
  );
  t.is(
    lines.compose,
    `services:
  app:
    image: app:1-crac
    cap_drop: [ALL]
    cap_add: [CHECKPOINT_RESTORE, SETPCAP]
    security_opt: ["seccomp=unconfined"]
    ports: ["8080:8080"]`,
  );
  t.is(
    lines.kubernetes,
    `containers:
  - name: app
    image: app:1-crac
    ports: [{containerPort: 8080}]
    securityContext:
      capabilities: {drop: [ALL], add: [CHECKPOINT_RESTORE, SETPCAP]}
      seccompProfile: {type: Unconfined}`,
  );
});

test('lines without a port name none', (t) => {
  const { docker, compose, kubernetes } = deployLines({ image: 'a', capabilities: ['X'], port: undefined });
  t.is(docker, 'docker run --rm --cap-drop ALL --cap-add X --security-opt seccomp=unconfined a');
  t.notRegex(compose + kubernetes, /port/i);
});

test('nothing is ever privileged', (t) => {
  t.notRegex(JSON.stringify(deployLines({ image: 'a', capabilities: ['X'], port: 1 })), /privileged/);
});
