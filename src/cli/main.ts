// The command line: commands and their exit codes. Results go to stdout, everything else to stderr.

import { Command, CommanderError, Option } from 'commander';
import { BakeError, unexpected } from '../errors.ts';
import { type ReportedError, reportError } from '../report/report.ts';
import { renderError } from '../report/text.ts';
import { environmentName } from '../spec/options.ts';
import { addOptions } from './flags.ts';
import { VERSION } from './version.ts';

function program(argv: readonly string[]): Command {
  // Sixty options for each of three commands cost time that the others do not have.
  const withOptions = (command: Command) => (argv.includes(command.name()) ? addOptions(command) : command);
  const root = new Command('crac-bake')
    .description('Turns an application’s container image into a pre-warmed one: run, warm up, checkpoint, prove, tag.')
    .version(VERSION)
    .showSuggestionAfterError()
    .helpCommand(false)
    .exitOverride();
  withOptions(root.command('bake [context]').description('bake an image and tag it when it has restored')).action(
    lazily(async () => (await import('./bake-command.ts')).bakeCommand),
  );
  withOptions(root.command('config [context]').description('show the value of every option of bake and where it comes from')).action(
    lazily(async () => (await import('./config-command.ts')).configCommand),
  );
  root
    .command('init [folder]')
    .description('write a config file and a GitHub workflow from what is in the folder')
    .option('--force', 'overwrite files that are there')
    .option('--json', 'print one JSON document')
    .action(lazily(async () => (await import('./init-command.ts')).initCommand));
  withOptions(
    root.command('rehearse [context]').description('run an image to the point of its checkpoint and name what would refuse it'),
  ).action(lazily(async () => (await import('./rehearse-command.ts')).rehearseCommand));
  root
    .command('inspect <image>')
    .description('show what is known of a restore image, on the engine or in a registry')
    .option('--check', 'whether it would restore on the engine’s host; ends with 3 where it would not')
    .option('--verify', 'whether every file of its checkpoint is as it was dumped; ends with 3 where one is not')
    .option('--deploy', 'how to run it: docker, Compose, Kubernetes')
    .option('--json', 'print one JSON document')
    .option('--verbose', 'show every docker command and its output')
    .action(lazily(async () => (await import('./inspect-command.ts')).inspectCommand));
  root
    .command('seccomp')
    .description('print the seccomp profile that restores are proved under')
    .addOption(new Option('--for <PLACE>', 'where it is to be used').choices(['docker', 'kubernetes']).default('docker'))
    .addOption(
      new Option('--capability <CAP>', 'further capability of the container; matters for kubernetes only').argParser(
        (name: string, earlier: string[] | undefined) => [...(earlier ?? []), name],
      ),
    )
    .action(lazily(async () => (await import('./seccomp-command.ts')).seccompCommand));
  root
    .command('clean')
    .description('remove what killed runs left on the engine; ends runs that are still going, too')
    .option('--json', 'print one JSON document')
    .action(lazily(async () => (await import('./clean-command.ts')).cleanCommand));
  root
    .command('doctor')
    .description('check whether this engine can bake and restore')
    .option('--json', 'print one JSON document')
    .option('--verbose', 'show every docker command and its output')
    .option('--criu-base <IMAGE>', 'base of the helper image')
    .action(lazily(async () => (await import('./doctor-command.ts')).doctorCommand));
  root
    .command('explain [file]')
    .description('name the failure in a log, of whatever tool (- or nothing: standard input)')
    .option('--list', 'list all failures that are known')
    .option('--json', 'print one JSON document')
    .action(lazily(async () => (await import('./explain-command.ts')).explainCommand));
  for (const command of root.commands) command.exitOverride();
  return root;
}

/** A command that is loaded when it is called: `explain` is to answer at once, and needs nothing of what the others bring. */
function lazily<T extends unknown[]>(load: () => Promise<(...given: T) => Promise<void>>): (...given: T) => Promise<void> {
  return async (...given) => (await load())(...given);
}

/** Runs the command line; sets the exit code. */
async function main(argv: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    // Whoever read it has gone (`crac-bake … | head`); the run goes on, and its exit code stands.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  try {
    await program(argv).parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error, argv);
  }
}

/** Tells a failure that came without a report of its own; returns its exit code. */
function report(error: unknown, argv: readonly string[]): number {
  const asJson = argv.includes('--json') || /^(true|yes|1)$/i.test(process.env[environmentName('json')] ?? '');
  const print = (outcome: string, exitCode: number, its: ReportedError) => {
    if (asJson) process.stdout.write(`${JSON.stringify({ version: 1, outcome, exitCode, error: its }, null, 2)}\n`);
    return exitCode;
  };
  if (error instanceof CommanderError) {
    // Commander has printed its own message; help and version end with 0.
    if (error.exitCode === 0) return 0;
    const message = error.code === 'commander.help' ? 'There is no command' : error.message.replace(/^error: /, '');
    const command =
      program([])
        .commands.find((each) => each.name() === argv[2])
        ?.name() ?? 'bake';
    const usage = new BakeError('usage', 'options', message, { remedy: `See crac-bake ${command} --help.` });
    if (error.code !== 'commander.help') process.stderr.write(`What to do: ${usage.remedy}\n`);
    return print('usage', usage.exitCode, reportError(usage));
  }
  const failure = error instanceof BakeError ? error : unexpected(error, 'options');
  process.stderr.write(renderError(reportError(failure), argv.includes('--verbose') || argv.includes('-v')));
  return print(failure.outcome, failure.exitCode, reportError(failure));
}

await main(process.argv);
