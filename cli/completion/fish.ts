import { type CompletedCommand, pathsOf } from './tree.ts';

/** A text in single quotes, as fish reads it. */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** The completion for fish. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const steps = pathsOf(commands).map(quoted);
  const lines = commands.flatMap(({ path, commands: below, options, choices, takesFile }) => {
    const here = `complete -c holdfast -n ${quoted(`__holdfast_at ${quoted(path)}`)}`;
    return [
      ...below.map(({ name, says }) => `${here} -a ${name} -d ${quoted(says)}`),
      ...(choices.length === 0 ? [] : [`${here} -a ${quoted(choices.join(' '))}`]),
      ...options.map(({ flag, says, takesValue, choices: values }) => {
        const after = values.length > 0 ? ` -x -a ${quoted(values.join(' '))}` : takesValue ? ' -r' : '';
        return `${here} -l ${flag.replace(/^--/, '')} -d ${quoted(says)}${after}`;
      }),
      ...(takesFile ? [`${here} -F`] : []),
    ];
  });
  return `# fish completion for holdfast: holdfast completion fish | source
function __holdfast_at
  set -l at ''
  for word in (commandline -opc)[2..-1]
    set -l next (string trim "$at $word")
    if contains -- "$next" ${steps.join(' ')}
      set at $next
    end
  end
  test "$at" = "$argv[1]"
end
complete -c holdfast -f
${lines.join('\n')}
`;
}
