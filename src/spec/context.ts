// Build contexts. Pure.

/** Whether a build context is a folder here; docker takes git repositories and URLs too. */
export function isLocalContext(context: string): boolean {
  return !/^(https?|git|ssh):\/\/|^git@|^github\.com\//.test(context);
}
