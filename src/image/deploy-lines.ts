// How to run a restore image: the lines that the user copies, with exactly the privileges of the proof.

import { needsCriu, privilegeFlags } from '../engines/engine.ts';

/** Name of the seccomp profile's file in these lines. */
export const PROFILE_NAME = 'crac-bake-seccomp.json';

/** Where the kubelet looks for profiles (kubernetes.io, "Restrict a Container's Syscalls with seccomp"). */
const KUBELET_PROFILES = '/var/lib/kubelet/seccomp';

export interface DeployLines {
  /** Of docker run: the privileges alone; names the profile that the proof used, a file of this installation. */
  readonly flags: string;
  readonly docker: string;
  readonly compose: string;
  readonly kubernetes: string;
  /** Commands that write the seccomp profile: where docker or compose is called, and on every node; null where there is none. */
  readonly profile: { readonly docker: string; readonly kubernetes: string } | null;
}

interface Deployment {
  readonly image: string;
  readonly capabilities: readonly string[];
  /** `unconfined`, or the path of the profile in this installation. */
  readonly seccomp: string;
  /** Whether the container starts as root. */
  readonly root: boolean;
  /** Of the process at the dump; undefined for an image that does not tell. */
  readonly identity: { readonly uid: number; readonly gid: number } | undefined;
  readonly port: number | undefined;
  /** Limits as docker takes them: a JVM has sized heap and pools by them. */
  readonly memory?: string | undefined;
  readonly cpus?: string | undefined;
}

export function deployLines(deployment: Deployment): DeployLines {
  const { image, capabilities, seccomp, port, memory, cpus } = deployment;
  const profile = seccomp === 'unconfined' ? seccomp : PROFILE_NAME;
  const publish = port === undefined ? '' : ` -p ${port}:${port}`;
  return {
    flags: flags(deployment, seccomp),
    docker: `docker run --rm ${flags(deployment, profile)}${publish} ${image}`,
    compose: [
      'services:',
      '  app:',
      `    image: ${image}`,
      '    cap_drop: [ALL]',
      ...(needsCriu(capabilities) ? [`    cap_add: [${capabilities.join(', ')}]`, `    security_opt: ["seccomp=${profile}"]`] : []),
      ...(memory === undefined ? [] : [`    mem_limit: ${memory}`]),
      ...(cpus === undefined ? [] : [`    cpus: ${cpus}`]),
      ...(port === undefined ? [] : [`    ports: ["${port}:${port}"]`]),
    ].join('\n'),
    kubernetes: kubernetes(deployment),
    profile: seccomp === 'unconfined' || !needsCriu(capabilities) ? null : profileCommands(capabilities),
  };
}

function flags({ capabilities, memory, cpus }: Deployment, seccomp: string): string {
  return [
    ...privilegeFlags({ capabilities, seccomp }),
    ...(memory === undefined ? [] : [`--memory ${memory}`]),
    ...(cpus === undefined ? [] : [`--cpus ${cpus}`]),
  ].join(' ');
}

function kubernetes(deployment: Deployment): string {
  const { image, capabilities, seccomp, port, memory, cpus } = deployment;
  const resources = [
    ...(memory === undefined ? [] : [`memory: ${kubernetesSize(memory)}`]),
    ...(cpus === undefined ? [] : [`cpu: "${cpus}"`]),
  ];
  return [
    'containers:',
    '  - name: app',
    `    image: ${image}`,
    ...(port === undefined ? [] : [`    ports: [{containerPort: ${port}}]`]),
    ...(resources.length === 0 ? [] : [`    resources: {limits: {${resources.join(', ')}}}`]),
    '    securityContext:',
    ...runAs(deployment),
    // It sets no-new-privileges, under which a program gains nothing from its file's capabilities. The runtime starts crac-init with them, so that it loses nothing either.
    '      allowPrivilegeEscalation: false',
    ...(needsCriu(capabilities) ? criuSettings(capabilities, seccomp) : ['      capabilities: {drop: [ALL]}']),
  ].join('\n');
}

/**
 * Kubernetes takes the user of an image's USER, and not its group: the process would have another than at the dump (containerd: that of /etc/passwd or 0).
 * A process that has changed its user starts as the image's.
 */
function runAs({ root, identity }: Deployment): string[] {
  if (identity === undefined || (root && (identity.uid !== 0 || identity.gid === 0))) return [];
  return [`      runAsUser: ${identity.uid}`, `      runAsGroup: ${identity.gid}`];
}

function criuSettings(capabilities: readonly string[], seccomp: string): string[] {
  const profile = seccomp === 'unconfined' ? 'type: Unconfined' : `type: Localhost, localhostProfile: ${PROFILE_NAME}`;
  return [`      capabilities: {drop: [ALL], add: [${capabilities.join(', ')}]}`, `      seccompProfile: {${profile}}`];
}

/** Capabilities that every restore has; the profile for Kubernetes is made for them unless told otherwise. */
export const EVERY_RESTORE = ['CHECKPOINT_RESTORE', 'SETPCAP'];

function profileCommands(capabilities: readonly string[]): NonNullable<DeployLines['profile']> {
  const more = capabilities.filter((name) => !EVERY_RESTORE.includes(name)).map((name) => ` --capability ${name}`);
  return {
    docker: `npx crac-bake seccomp > ${PROFILE_NAME}`,
    kubernetes: `npx crac-bake seccomp --for kubernetes${more.join('')} > ${KUBELET_PROFILES}/${PROFILE_NAME}`,
  };
}

/** Docker's units are powers of two; Kubernetes writes those with an i. */
function kubernetesSize(memory: string): string {
  const [, number = '', unit = ''] = /^([\d.]+)([kmgt]?)/i.exec(memory) ?? [];
  return unit === '' ? number : `${number}${unit.toUpperCase()}i`;
}

/** The lines as a text for people, and how to get the profile that they name. */
export function describeDeployment({ docker, compose, kubernetes: pod, profile }: DeployLines): string {
  const indent = (text: string) => text.replace(/^/gm, '  ');
  return [
    ...(profile === null ? [] : ['The seccomp profile that they name:', indent(profile.docker), '']),
    'Run it:',
    indent(docker),
    '',
    'Compose:',
    indent(compose),
    '',
    'Kubernetes:',
    ...(profile === null ? [] : [indent(`# on every node: ${profile.kubernetes}`)]),
    indent(pod),
  ].join('\n');
}
