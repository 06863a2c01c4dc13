// How GitHub's runner finds commands in a line of output (actions/runner, src/Runner.Common/ActionCommand.cs): `::name …::` at the start, blanks
// aside, of one of its commands, and the older `##[name …]` anywhere.

export function commandIn(line: string): string | undefined {
  const [, name] = /^\s*::([a-z][a-z-]*)(?: [^:]*)?::/i.exec(line) ?? /##\[([a-z][a-z-]*)(?: [^\]]*)?\]/i.exec(line) ?? [];
  return name;
}

/** Lines by which an app or a tool may try to speak to the runner. */
export const HOSTILE = [
  '::set-output name=image::evil',
  '  ::error title=x::pwned',
  '\t::add-mask::a',
  '::stop-commands::token',
  '::endgroup::',
  '##[error]pwned',
  'text ##[group]pwned',
  '\x1b[31m::warning::pwned\x1b[0m',
  '\r::debug::pwned',
  'a\r::save-state name=run::evil',
  '::::error::x',
  '##[add-mask]x',
] as const;
