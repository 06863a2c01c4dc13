// The run request: what `crac-init run` starts and how (docs/runtime-contract.md).

export interface RunRequest {
  readonly version: 1;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string;
  readonly clock: 'near-zero' | 'host';
  /** Moves the app's clocks by that much in place of `near-zero`; for tests of hosts with other clocks. */
  readonly offsetMs?: number;
  readonly pidFloor: number;
  readonly capabilities: readonly string[];
  /** Holds glibc (names for its tunable glibc.cpu.hwcaps) and every JVM (options) to less than this processor. `asked`: the image's JVM has all of the options. */
  readonly cpu?: { readonly glibc: string; readonly jvm: readonly string[]; readonly asked?: true };
  /** Of several JVMs the one whose command line this regular expression matches is meant. */
  readonly process?: string;
  /** The app is frozen by its CRaC JVM, which calls on PID 1 for what needs capabilities. */
  readonly jvm?: true;
  /** A start that reaches nothing; with `onlySpring` no start at all where the image holds no Spring. */
  readonly rehearsal?: { readonly onlySpring: boolean };
}
