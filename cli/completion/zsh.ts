import { type CompletedCommand, pathsOf, quoted, valuesOf } from './tree.ts';

/** `word:what it is`, as `_describe` reads it. */
const described = (word: string, says: string): string => quoted(`${word.replaceAll(':', '\\:')}:${says}`);

/** The completion for zsh. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const steps = pathsOf(commands).map((path) => `(${quoted(path)})`);
  const words = commands.map(({ path, commands: below, options, choices, takesFile }) => {
    const items = [
      ...below.map(({ name, says }) => described(name, says)),
      ...choices.map((choice) => quoted(choice)),
      ...options.map(({ flag, says }) => described(flag, says)),
    ];
    return `    (${quoted(path)}) items=(${items.join(' ')})${takesFile ? '; files=yes' : ''} ;;`;
  });
  const values = valuesOf(commands).map(
    ({ place, choices }) => `    (${quoted(place)}) items=(${choices.map(quoted).join(' ')}); value=yes ;;`,
  );
  return `#compdef holdfast
# zsh completion for holdfast: source <(holdfast completion zsh)
_holdfast() {
  local at='' next value='' files='' i
  local -a items
  for ((i = 2; i < CURRENT; i++)); do
    next="$at $words[i]"
    case "\${next# }" in
${steps.map((step) => `    ${step} at=\${next# } ;;`).join('\n')}
    esac
  done
  next="$at $words[CURRENT-1]"
  case "\${next# }" in
${values.join('\n')}
  esac
  if [[ -z $value ]]; then
    case "$at" in
${words.join('\n')}
    esac
  fi
  (( $#items )) && _describe holdfast items
  if [[ -n $files || ( -n $value && $#items -eq 0 ) ]]; then _files; fi
}
compdef _holdfast holdfast
`;
}
