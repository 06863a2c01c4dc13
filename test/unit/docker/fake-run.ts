// A world whose programs all end as scripted.

import type { BakeEvent, Command, CommandResult, World } from '../../../src/ports.ts';

interface Scripted {
  readonly exitCode?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly timedOut?: boolean;
}

export function worldWhere(answer: (command: Command) => Scripted, signal = new AbortController().signal) {
  const commands: Command[] = [];
  const events: BakeEvent[] = [];
  const world: Pick<World, 'run' | 'emit' | 'signal'> = {
    signal,
    emit: (event) => events.push(event),
    async run(command): Promise<CommandResult> {
      commands.push(command);
      const { exitCode = 0, stdout = '', stderr = '', timedOut = false } = answer(command);
      for (const [stream, text] of [['stdout', stdout] as const, ['stderr', stderr] as const]) {
        for (const line of text.split('\n').filter((each) => each !== '')) command.onLine?.(line, stream);
      }
      return { exitCode, stdout: new TextEncoder().encode(stdout), stderr, timedOut };
    },
  };
  return { world, commands, events };
}
