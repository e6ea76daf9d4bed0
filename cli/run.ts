import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { EXIT, type ExitCode } from './command/exit-codes.ts';
import type { Host } from './command/host.ts';
import type { Session } from './command/invocation.ts';
import { addCompletionCommand } from './completion/command.ts';
import { addDoctorCommand } from './doctor/command.ts';
import { addVerifyCommand } from './ledger/command.ts';
import { addOrderCommands } from './order/commands.ts';
import { addMassCommand } from './placement/command.ts';
import { addReviewCommands } from './review/commands.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** The whole command line. */
export function createProgram(session: Session): Command {
  const { host } = session;
  const program = new Command('holdfast')
    .description('Orders, reviews, books and health of a Holdfast installation')
    .version(version)
    .option('--url <url>', 'address of the API (default: HOLDFAST_URL; the key is in HOLDFAST_API_KEY)')
    .option('--json', 'answer with one JSON value on standard output')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', '\nExit codes and examples: docs/cli.md')
    .exitOverride()
    .configureOutput({ writeOut: host.out, writeErr: host.err, outputError: () => {} });
  addOrderCommands(program, session);
  addMassCommand(program, session);
  addReviewCommands(program, session);
  addVerifyCommand(program, session);
  addDoctorCommand(program, session);
  addCompletionCommand(program, session);
  return program;
}

/** Runs one command line, and returns the exit code. */
export async function run(argv: readonly string[], host: Host): Promise<ExitCode> {
  let exit: ExitCode = EXIT.done;
  const session: Session = {
    host,
    argv,
    end: (code) => {
      exit = code;
    },
  };
  try {
    await createProgram(session).parseAsync(argv, { from: 'user' });
    return exit;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.done;
    // Without a subcommand, Commander has printed the help, and that is its message too.
    const detail = error.code === 'commander.help' ? 'name a command' : error.message.replace(/^error: /, '');
    host.err(`holdfast: usage: ${detail.replaceAll(/\s*\n\s*/g, ' ').trim()}\n`);
    if (argv.includes('--json')) {
      host.out(`${JSON.stringify({ error: { exit: EXIT.usage, code: 'usage', detail } })}\n`);
    }
    return EXIT.usage;
  }
}
