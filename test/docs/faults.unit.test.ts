import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

// named-tests.unit.test.ts checks that the tests named on every page exist.
const rows = readFileSync(new URL('../../docs/faults.md', import.meta.url), 'utf8')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, number]) => /^\d+$/.test(number ?? ''))
  .map(([, number = '', fault = '', does = '', shown = '']) => ({ number: Number(number), fault, does, shown }));

describe('docs/faults.md', () => {
  it('has all one hundred and twenty-four, each with what Holdfast does', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 124 }, (_, at) => at + 1));
    for (const { fault, does } of rows) expect([fault, does]).not.toContain('');
  });

  it('names a test for each, or says why it cannot occur', () => {
    const silent = rows.filter(({ shown }) => !/`test\/[^`]+` "|cannot occur/.test(shown));
    expect(silent.map(({ number, fault }) => `${number} ${fault}`)).toEqual([]);
  });
});
