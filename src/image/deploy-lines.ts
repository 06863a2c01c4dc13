// How to run a restore image: the lines that the user copies, with exactly the privileges of the proof.

export interface DeployLines {
  /** Of docker run: the privileges alone. */
  readonly flags: string;
  readonly docker: string;
  readonly compose: string;
  readonly kubernetes: string;
}

interface Deployment {
  readonly image: string;
  readonly capabilities: readonly string[];
  readonly port: number | undefined;
  /** Limits as docker takes them: a JVM has sized heap and pools by them. */
  readonly memory?: string | undefined;
  readonly cpus?: string | undefined;
}

export function deployLines({ image, capabilities, port, memory, cpus }: Deployment): DeployLines {
  const limits = [...(memory === undefined ? [] : [`--memory ${memory}`]), ...(cpus === undefined ? [] : [`--cpus ${cpus}`])];
  const resources = [
    ...(memory === undefined ? [] : [`memory: ${kubernetesSize(memory)}`]),
    ...(cpus === undefined ? [] : [`cpu: "${cpus}"`]),
  ];
  const adds = capabilities.map((capability) => `--cap-add ${capability}`);
  // Only CRIU needs what the default seccomp profile denies.
  const criu = capabilities.length > 0;
  const flags = ['--cap-drop ALL', ...adds, ...(criu ? ['--security-opt seccomp=unconfined'] : []), ...limits].join(' ');
  const list = `[${capabilities.join(', ')}]`;
  return {
    flags,
    docker: `docker run --rm ${flags}${port === undefined ? '' : ` -p ${port}:${port}`} ${image}`,
    compose: [
      'services:',
      '  app:',
      `    image: ${image}`,
      '    cap_drop: [ALL]',
      ...(criu ? [`    cap_add: ${list}`, '    security_opt: ["seccomp=unconfined"]'] : []),
      ...(memory === undefined ? [] : [`    mem_limit: ${memory}`]),
      ...(cpus === undefined ? [] : [`    cpus: ${cpus}`]),
      ...(port === undefined ? [] : [`    ports: ["${port}:${port}"]`]),
    ].join('\n'),
    kubernetes: [
      'containers:',
      '  - name: app',
      `    image: ${image}`,
      ...(port === undefined ? [] : [`    ports: [{containerPort: ${port}}]`]),
      ...(resources.length === 0 ? [] : [`    resources: {limits: {${resources.join(', ')}}}`]),
      '    securityContext:',
      `      capabilities: {drop: [ALL]${criu ? `, add: ${list}` : ''}}`,
      ...(criu ? ['      seccompProfile: {type: Unconfined}'] : []),
    ].join('\n'),
  };
}

/** Docker's units are powers of two; Kubernetes writes those with an i. */
function kubernetesSize(memory: string): string {
  const [, number = '', unit = ''] = /^([\d.]+)([kmgt]?)/i.exec(memory) ?? [];
  return unit === '' ? number : `${number}${unit.toUpperCase()}i`;
}
