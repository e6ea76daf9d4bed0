import { Argument, type Command } from 'commander';
import { runs, type Session } from '../command/invocation.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { commandsOf } from './tree.ts';
import { zshCompletion } from './zsh.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
const NAMES = Object.keys(SHELLS) as (keyof typeof SHELLS)[];

/** `holdfast completion SHELL`: made from the commands themselves. */
export function addCompletionCommand(program: Command, session: Session): void {
  const completion = program
    .command('completion')
    .description('print the completion of a shell, to be sourced')
    .addArgument(new Argument('<shell>', 'the shell').choices(NAMES));
  runs(completion, session, { changes: false }, async ({ args }) => {
    const shell = NAMES.find((name) => name === args[0]) ?? 'bash';
    const script = SHELLS[shell](commandsOf(program));
    return { json: { shell, script }, text: script };
  });
}
