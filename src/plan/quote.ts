// Commands as text, for showing only.

/** An argument as one could paste it into a shell. Only for showing. */
export function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
