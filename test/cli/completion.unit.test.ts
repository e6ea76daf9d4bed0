import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { ran } from '../support/engines/in-process-cli.ts';

const script = async (shell: string): Promise<string> => (await ran(['completion', shell], [])).out;

/** What bash offers after these words; the last one is being typed. */
function offered(completion: string, ...words: readonly string[]): string[] {
  const run = `${completion}
COMP_WORDS=(holdfast "$@"); COMP_CWORD=$#; _holdfast; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', run, 'bash', ...words], { encoding: 'utf8', cwd: import.meta.dirname })
    .split('\n')
    .filter(Boolean);
}

describe('the completion of bash', async () => {
  const bash = await script('bash');

  it('offers the commands, and below each its own', () => {
    expect(offered(bash, '')).toEqual(
      expect.arrayContaining(['order', 'mass', 'review', 'verify', 'doctor', 'completion']),
    );
    expect(offered(bash, 'order', 'w')).toEqual(['watch']);
    expect(offered(bash, '--json', 'review', 're')).toEqual(['resolve']);
  });

  it('offers the options of a command and those of all', () => {
    expect(offered(bash, 'order', 'place', '--re')).toEqual(['--reference']);
    expect(offered(bash, 'order', 'place', '--j')).toEqual(['--json']);
    expect(offered(bash, 'order', 'get', '--q')).toEqual([]);
  });

  it('offers the values of an option and of an argument, and files where a file is meant', () => {
    expect(offered(bash, 'review', 'list', '--attention', 'un')).toEqual(['uncertain']);
    expect(offered(bash, 'review', 'resolve', '10001', 'not')).toEqual(['notPlaced']);
    expect(offered(bash, 'completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']));
    expect(offered(bash, 'mass', 'compl')).toEqual(['completion.unit.test.ts']);
  });
});

it.each(['zsh', 'fish'])('the completion of %s has every command, and each of its options', async (shell) => {
  const text = await script(shell);
  for (const word of ['order place', 'order watch', 'review resolve', 'doctor', 'verify', 'mass', 'completion'])
    expect(text).toContain(word);
  for (const flag of ['quantity', 'field-file', 'attention', 'provider-order', 'timeout', 'json', 'key', 'help'])
    expect(text).toContain(shell === 'fish' ? `-l ${flag} ` : `--${flag}`);
  // The texts have quotes and brackets, which must not end a quoted word.
  expect(text.match(/'/g)?.length ?? 0).toBeGreaterThan(100);
});

it('there is no completion for another shell', async () => {
  expect(await ran(['completion', 'ksh'], [])).toMatchObject({ exit: 2, out: '' });
});
