// Options that the user or the image gives the JVM, and what a CRaC JVM makes of them at the checkpoint and at a restore.

import { isCracFlag, type JvmFacts } from './jvm-facts.ts';

/** One option that does not do what its author expects. */
export interface OptionJudgement {
  readonly option: string;
  /** `refused`: the JVM ends with an error. `ignored`: it goes on as if the option were not there. */
  readonly effect: 'refused' | 'ignored';
  /** The failure's id in the catalogue; empty where nothing fails. */
  readonly id: string;
  readonly because: string;
  readonly remedy: string;
}

const FLAG = /^-XX:(?:([+-])(\w+)|(\w+)=(.*))$/s;

/** The name of the flag that an option sets; undefined for options of another form. */
export function flagName(option: string): string | undefined {
  const [, , switched, valued] = FLAG.exec(option) ?? [];
  return switched ?? valued;
}

/** What the JVM would refuse of these options (words of JAVA_TOOL_OPTIONS and of the command) when it is started for a checkpoint. */
export function judgeAtCheckpoint(jvm: JvmFacts, options: readonly string[]): OptionJudgement[] {
  const { crac } = jvm;
  const unknown = options.flatMap((option): OptionJudgement[] => {
    const name = flagName(option);
    if (name === undefined || !isCracFlag(name) || crac?.known.includes(name)) return [];
    return [
      {
        option,
        effect: 'refused',
        id: 'jvm-unknown-flag',
        because: crac === undefined ? 'The JVM is no CRaC build.' : `Java ${jvm.version} has no flag ${name}.`,
        remedy: crac === undefined ? 'Leave it out: crac-bake needs no CRaC JDK.' : renamed(name, crac.known),
      },
    ];
  });
  return [...unknown, ...collectorsRefused(jvm, options)];
}

function renamed(name: string, known: readonly string[]): string {
  const other = name.startsWith('CRaC') ? name.replace(/^CRaC/, 'CR') : name.replace(/^CR/, 'CRaC');
  return known.includes(other) ? `In this version it is ${other}.` : 'Leave it out, or use a JDK that has it.';
}

/** Collectors that 17 cannot write out (arguments.cpp: “is currently unsupported for -XX:CRaCCheckpointTo.”). */
const UNSUPPORTED = ['UseZGC', 'UseShenandoahGC'];

function collectorsRefused({ feature, collector, crac }: JvmFacts, options: readonly string[]): OptionJudgement[] {
  if (crac === undefined || feature > 17) return [];
  const given = options.filter((option) => option.startsWith('-XX:+') && UNSUPPORTED.includes(flagName(option) ?? ''));
  const all = given.length === 0 && UNSUPPORTED.includes(collector) ? [`-XX:+${collector}`] : given;
  return all.map((option) => ({
    option,
    effect: 'refused',
    id: 'crac-zgc',
    because: `Java ${feature} cannot checkpoint a heap of this garbage collector.`,
    remedy: 'Use -XX:+UseG1GC, -XX:+UseSerialGC or -XX:+UseParallelGC, or a CRaC JDK of 21 or later.',
  }));
}

const RESTORE_REMEDY = 'Set it at the bake; the checkpoint keeps it.';

/**
 * What a restore makes of options: words before the main class, of JAVA_TOOL_OPTIONS or of the container's arguments. Options that do what
 * they say have no judgement.
 */
export function judgeAtRestore(jvm: JvmFacts, options: readonly string[]): OptionJudgement[] {
  const abilities = jvm.crac?.atRestore;
  if (abilities === undefined) return [];
  const limit = abilities.longestProperty;
  return options.flatMap((option): OptionJudgement[] => {
    const name = flagName(option);
    if (name !== undefined) {
      if (abilities.settableFlags.includes(name) || /^Unlock(?:Diagnostic|Experimental)VMOptions$/.test(name)) return [];
      const because = `The JVM ends with “Flag ${name} cannot be set during restore”.`;
      return [{ option, effect: 'refused', id: 'jvm-flag-not-settable', because, remedy: RESTORE_REMEDY }];
    }
    if (option.startsWith('-D')) {
      if (limit === undefined || option.length - 2 <= limit) return [];
      const because = `Java ${jvm.feature} hands over properties of up to ${limit} characters, and ends at a longer one.`;
      return [
        { option: `${option.slice(0, 40)}…`, effect: 'refused', id: '', because, remedy: 'Give it in the environment or in a file.' },
      ];
    }
    const [what, remedy] = ignoredAtRestore(option) ?? [];
    return what === undefined
      ? []
      : [{ option, effect: 'ignored', id: '', because: `${what} of the checkpoint stays.`, remedy: remedy ?? '' }];
  });
}

/** Options that `parse_options_for_restore` (arguments.cpp) passes over without a word: what stays, and what to do. */
function ignoredAtRestore(option: string): readonly [what: string, remedy: string] | undefined {
  if (/^-Xm[sxn]|^-Xss/.test(option)) return ['The memory setting', `${RESTORE_REMEDY} Give the container the same memory as at the bake.`];
  if (/^-(?:javaagent|agentlib|agentpath|Xrun)\b/.test(option)) return ['The set of agents', 'Load the agent at the bake.'];
  if (/^(?:-cp|-classpath|--class-path|-Xbootclasspath|--module-path|-p)\b/.test(option))
    return ['The class path', 'Bake with the whole class path.'];
  if (option === '-jar') return ['The application', 'A new main class is given by its name, and has to be on the class path of the bake.'];
  if (/^-(?:X|-|ea|da|esa|dsa|verbose)/.test(option)) return ['The setting', RESTORE_REMEDY];
  return undefined;
}
