// Names of what a run makes on the engine. All hold the run's id, so that a clean-up knows them.

/** Repository of the images that live only during a run. */
export const TEMPORARY_REPOSITORY = 'crac-bake-run';

export interface RunNames {
  readonly run: string;
  readonly bake: string;
  readonly helper: string;
  readonly proof: string;
  /** The second restore of a proof with twins. */
  readonly twin: string;
  /** The rehearsal's start without a network. */
  readonly isolated: string;
  readonly appImage: string;
  readonly committedImage: string;
  readonly restoreImage: string;
  /** The tag under which a registry has an image that is not proved yet. */
  readonly temporaryTag: string;
  /** The services' project in docker compose; their containers, networks, volumes and images carry its name. */
  readonly project: string;
  /** In which inspect asks an image's crac-init. */
  readonly inspected: string;
  /** The doctor's container that tells of its host. */
  readonly facts: string;
  /** The container in which the image's JVM is asked what it is. */
  readonly jvm: string;
  /** Those of the host check's tiny process. */
  readonly check: { readonly bake: string; readonly proof: string; readonly image: string };
}

/** The compose project of a run's services. */
export function projectName(run: string): string {
  return `crac-bake-${run.slice(0, 8)}`;
}

/** Whether a compose project is that of a run's services, or of any run's where none is named. */
export function isProject(name: string, run?: string): boolean {
  return run === undefined ? /^crac-bake-[0-9a-f]{8}$/.test(name) : name === projectName(run);
}

export function runNames(run: string): RunNames {
  const short = run.slice(0, 8);
  return {
    run,
    bake: `crac-bake-${short}-bake`,
    helper: `crac-bake-${short}-helper`,
    proof: `crac-bake-${short}-proof`,
    twin: `crac-bake-${short}-twin`,
    isolated: `crac-bake-${short}-isolated`,
    inspected: `crac-bake-${short}-inspected`,
    facts: `crac-bake-${short}-facts`,
    jvm: `crac-bake-${short}-jvm`,
    appImage: `${TEMPORARY_REPOSITORY}/${short}:app`,
    committedImage: `${TEMPORARY_REPOSITORY}/${short}:committed`,
    restoreImage: `${TEMPORARY_REPOSITORY}/${short}:restore`,
    temporaryTag: `${TEMPORARY_REPOSITORY}-${short}`,
    project: projectName(short),
    check: { bake: `crac-bake-${short}-check`, proof: `crac-bake-${short}-check-proof`, image: `${TEMPORARY_REPOSITORY}/${short}:check` },
  };
}
