import test from 'ava';
import { deployLines, describeDeployment } from '../../../src/image/deploy-lines.ts';

const APP = {
  image: 'app:1-crac',
  capabilities: ['CHECKPOINT_RESTORE', 'SETPCAP'],
  seccomp: '/package/seccomp/crac-bake.json',
  root: false,
  identity: { uid: 1000, gid: 2000 },
  port: 8080,
} as const;

test('lines with a port, for an image with a user of its own', (t) => {
  const lines = deployLines(APP);
  t.is(
    lines.docker,
    'docker run --rm --cap-drop ALL --cap-add CHECKPOINT_RESTORE --cap-add SETPCAP --security-opt seccomp=crac-bake-seccomp.json -p 8080:8080 app:1-crac',
  );
  t.is(
    lines.compose,
    `services:
  app:
    image: app:1-crac
    cap_drop: [ALL]
    cap_add: [CHECKPOINT_RESTORE, SETPCAP]
    security_opt: ["seccomp=crac-bake-seccomp.json"]
    ports: ["8080:8080"]`,
  );
  t.is(
    lines.kubernetes,
    `containers:
  - name: app
    image: app:1-crac
    ports: [{containerPort: 8080}]
    securityContext:
      runAsUser: 1000
      runAsGroup: 2000
      allowPrivilegeEscalation: false
      capabilities: {drop: [ALL], add: [CHECKPOINT_RESTORE, SETPCAP]}
      seccompProfile: {type: Localhost, localhostProfile: crac-bake-seccomp.json}`,
  );
  t.deepEqual(lines.profile, {
    docker: 'npx crac-bake seccomp > crac-bake-seccomp.json',
    kubernetes: 'npx crac-bake seccomp --for kubernetes > /var/lib/kubelet/seccomp/crac-bake-seccomp.json',
  });
});

test('the flags alone name the file that the proof used', (t) => {
  t.is(
    deployLines({ ...APP, memory: '512m', cpus: '1.5' }).flags,
    '--cap-drop ALL --cap-add CHECKPOINT_RESTORE --cap-add SETPCAP --security-opt seccomp=/package/seccomp/crac-bake.json --memory 512m --cpus 1.5',
  );
});

test('Kubernetes is told user and group where it would take others: not for root, nor for a process that has become another user', (t) => {
  const lines = (root: boolean, uid: number, gid: number) => deployLines({ ...APP, root, identity: { uid, gid } }).kubernetes;
  t.notRegex(lines(true, 0, 0), /runAs/);
  t.notRegex(lines(true, 999, 999), /runAs/);
  t.regex(lines(true, 0, 5), /runAsUser: 0\n {6}runAsGroup: 5\n/);
  t.regex(lines(false, 1000, 0), /runAsUser: 1000\n {6}runAsGroup: 0\n/);
  t.notRegex(deployLines({ ...APP, identity: undefined }).kubernetes, /runAs/);
});

test('limits are those of the proof, in Kubernetes’ units', (t) => {
  const { compose, kubernetes } = deployLines({ ...APP, memory: '512m', cpus: '1.5' });
  t.regex(compose, /^ +mem_limit: 512m\n +cpus: 1\.5$/m);
  t.regex(kubernetes, /^ +resources: \{limits: \{memory: 512Mi, cpu: "1\.5"\}\}$/m);
});

test('the profile for Kubernetes knows the capabilities beyond the usual', (t) => {
  const { profile } = deployLines({ ...APP, capabilities: [...APP.capabilities, 'SYS_CHROOT', 'SETUID'] });
  t.regex(profile?.kubernetes ?? '', /--for kubernetes --capability SYS_CHROOT --capability SETUID > /);
});

test('unconfined names no profile', (t) => {
  const lines = deployLines({ ...APP, seccomp: 'unconfined' });
  t.is(lines.profile, null);
  t.regex(lines.docker, / --security-opt seccomp=unconfined /);
  t.regex(lines.compose, /seccomp=unconfined/);
  t.regex(lines.kubernetes, /seccompProfile: \{type: Unconfined\}/);
  t.notRegex(describeDeployment(lines), /npx/);
});

test('an image that restores without CRIU gets neither capabilities nor a profile, in no form', (t) => {
  const { flags, compose, kubernetes, profile } = deployLines({ ...APP, capabilities: [] });
  t.is(flags, '--cap-drop ALL');
  t.is(profile, null);
  t.notRegex(compose, /cap_add|seccomp/);
  t.notRegex(kubernetes, /add:|seccomp/i);
  t.regex(kubernetes, /allowPrivilegeEscalation: false\n {6}capabilities: \{drop: \[ALL\]\}/);
});

test('lines without a port name none', (t) => {
  const { docker, compose, kubernetes } = deployLines({ ...APP, image: 'a', capabilities: ['X'], port: undefined });
  t.is(docker, 'docker run --rm --cap-drop ALL --cap-add X --security-opt seccomp=crac-bake-seccomp.json a');
  t.notRegex(compose + kubernetes, /port/i);
});

test('nothing is ever privileged', (t) => {
  t.notRegex(JSON.stringify(deployLines(APP)), /privileged/);
});

test('people are told first how to get the profile', (t) => {
  const text = describeDeployment(deployLines(APP));
  t.true(text.indexOf('npx crac-bake seccomp > crac-bake-seccomp.json') < text.indexOf('docker run'));
  t.regex(text, /^ {2}# on every node: npx crac-bake seccomp --for kubernetes/m);
});
