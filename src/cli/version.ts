// The version of the package. In a file of its own, for what only prints it needs nothing else.

declare const CRAC_BAKE_VERSION: string | undefined;

/** The bundle has it built in. */
export const VERSION = typeof CRAC_BAKE_VERSION === 'string' ? CRAC_BAKE_VERSION : '0.0.0-source';
