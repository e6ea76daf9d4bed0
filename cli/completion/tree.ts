import type { Command } from 'commander';

export interface CompletedOption {
  readonly flag: string;
  readonly says: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/** A command with what can follow it on the command line. */
export interface CompletedCommand {
  /** The words that lead to it, without the program's name: `order place`; empty for the program. */
  readonly path: string;
  readonly says: string;
  readonly commands: readonly { readonly name: string; readonly says: string }[];
  readonly options: readonly CompletedOption[];
  /** The values that its arguments may have. */
  readonly choices: readonly string[];
  readonly takesFile: boolean;
}

/** The commands of a program, itself first, as the completions need them. */
export function commandsOf(command: Command, path = '', above: readonly CompletedOption[] = []): CompletedCommand[] {
  const own = [
    ...command.options.map(({ long, description, required, argChoices }) => ({
      flag: long ?? '',
      says: description,
      takesValue: required,
      choices: argChoices ?? [],
    })),
    ...(path === '' ? [{ flag: '--help', says: 'display help', takesValue: false, choices: [] }] : []),
  ];
  const options = [...own, ...above];
  // `--version` is only for the program itself.
  const forAll = options.filter(({ flag }) => flag !== '--version');
  const self: CompletedCommand = {
    path,
    says: command.description(),
    commands: command.commands.map((one) => ({ name: one.name(), says: one.description() })),
    options,
    choices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    takesFile: command.registeredArguments.some((argument) => argument.name() === 'file'),
  };
  return [self, ...command.commands.flatMap((one) => commandsOf(one, `${path} ${one.name()}`.trim(), forAll))];
}

/** The words that lead to each command below the program. */
export const pathsOf = (commands: readonly CompletedCommand[]): string[] =>
  commands.filter(({ path }) => path !== '').map(({ path }) => path);

/** The options that take a value, each after the words that lead to its command: `order place --at`. */
export const valuesOf = (commands: readonly CompletedCommand[]) =>
  commands.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(({ flag, choices }) => ({ place: `${path} ${flag}`.trim(), choices })),
  );

/** A text in single quotes, as bash and zsh read it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
