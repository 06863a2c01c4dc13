/** A failure that is told to the user without a stack trace. Exit code 3: this host cannot. */
export class SetupError extends Error {
  constructor(message, exitCode = 3) {
    super(message);
    this.name = 'SetupError';
    this.exitCode = exitCode;
  }
}

/** Runs a script's main function; its failure becomes a message and an exit code. */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`set-up: ${error instanceof SetupError ? error.message : error.stack}\n`);
    process.exitCode = error.exitCode ?? 1;
  }
}
