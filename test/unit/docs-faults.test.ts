import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const text = readFileSync(new URL('docs/faults.md', root), 'utf8');
const rows = text
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, number]) => /^\d+$/.test(number ?? ''))
  .map(([, number = '', fault = '', does = '', shown = '']) => ({ number: Number(number), fault, does, shown }));
const tests = (shown: string) =>
  [...shown.matchAll(/`(test\/[^`]+?) › ([^`]+)`/g)].map(([, file = '', name = '']) => ({ file, name }));

describe('docs/faults.md', () => {
  it('has all forty-eight, each with what Holdfast does', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 48 }, (_, at) => at + 1));
    for (const { fault, does } of rows) expect([fault, does]).not.toContain('');
  });

  it('names a test for each, or says that there is none yet, or why it cannot occur', () => {
    const silent = rows.filter(({ shown }) => tests(shown).length === 0 && !/no test yet|cannot occur/.test(shown));
    expect(silent.map(({ number, fault }) => `${number} ${fault}`)).toEqual([]);
  });

  it('names only tests that exist', () => {
    const missing = rows.flatMap(({ number, shown }) =>
      tests(shown)
        .filter(({ file, name }) => {
          const path = new URL(file, root);
          // A title stands in quotes, in whatever way.
          const titles = existsSync(path) ? readFileSync(path, 'utf8').replaceAll("\\'", "'") : '';
          return !["'", '"', '`'].some((quote) => titles.includes(`${quote}${name}${quote}`));
        })
        .map(({ file, name }) => `${number}: ${file} › ${name}`),
    );
    expect(missing).toEqual([]);
  });
});
