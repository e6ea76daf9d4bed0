import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Every `test/….test.ts` on a page, with the test names quoted after it. */
function namedTests(page: string): { file: string; names: string[] }[] {
  const parts = readFileSync(page, 'utf8').split(/`(test\/[\w/.-]+\.test\.ts)`/);
  const named: { file: string; names: string[] }[] = [];
  for (let at = 1; at < parts.length; at += 2) {
    const behind = (parts[at + 1] ?? '').split(/[|\n]/)[0] ?? '';
    named.push({ file: parts[at] ?? '', names: [...behind.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name) });
  }
  return named;
}

describe.each(['SECURITY.md', 'docs/faults.md'])('the tests that %s names', (page) => {
  const named = namedTests(page);

  it('are many', () => expect(named.length).toBeGreaterThan(15));

  it.each(named)('are in $file: $names', ({ file, names }) => {
    expect(existsSync(file)).toBe(true);
    const text = readFileSync(file, 'utf8');
    expect(names.filter((name) => !text.includes(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(0);
  });
});
