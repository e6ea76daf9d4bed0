import { type CompletedCommand, pathsOf, quoted, valuesOf } from './tree.ts';

/** The completion for bash. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const steps = pathsOf(commands).map(quoted);
  const words = commands.map(
    (command) =>
      `    ${quoted(command.path)}) words=${quoted(wordsAfter(command))}${command.takesFile ? '; files=yes' : ''} ;;`,
  );
  const values = valuesOf(commands).map(
    ({ place, choices }) => `    ${quoted(place)}) words=${quoted(choices.join(' '))}; value=yes ;;`,
  );
  return `# bash completion for holdfast: source <(holdfast completion bash)
_holdfast() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} at='' next words='' value='' files='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="$at \${COMP_WORDS[i]}"
    case "\${next# }" in
    ${steps.join('|')}) at=\${next# } ;;
    esac
  done
  next="$at $before"
  case "\${next# }" in
${values.join('\n')}
  esac
  if [[ -z $value ]]; then
    case "$at" in
${words.join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ -n $files || ( -n $value && -z $words ) ]]; then
    COMPREPLY+=($(compgen -f -- "$current"))
  fi
}
complete -F _holdfast holdfast
`;
}

const wordsAfter = ({ commands, options, choices }: CompletedCommand): string =>
  [...commands.map(({ name }) => name), ...choices, ...options.map(({ flag }) => flag)].join(' ');
