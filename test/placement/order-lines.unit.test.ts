import { expect, test } from 'vitest';
import { keyedFingerprintOfList } from '../../api/idempotency/fingerprint.ts';
import { inPieces } from '../../api/limits/list-turns.ts';
import { jsonLines, lineRequest, type OrderLine, textLines } from '../../api/placement/order-lines.ts';
import { newLines } from '../../api/placement/order-lists.ts';
import { Refusal } from '../../domain/errors.ts';

const codeOf = (content: unknown): string => {
  try {
    return JSON.stringify(lineRequest({ line: 1, content }));
  } catch (error) {
    return error instanceof Refusal ? error.code : String(error);
  }
};

test('a text is read line by line, however its lines end, and empty ones keep their number', () => {
  expect(textLines('\uFEFF1|a|1\r\n\n  2|b|2  \r3|c|3\n')).toEqual([
    { line: 1, content: '1|a|1' },
    { line: 3, content: '2|b|2' },
    { line: 4, content: '3|c|3' },
  ]);
  expect(textLines(' \n\n')).toEqual([]);
});

test('of a line longer than any order only so much is kept as shows that it is too long', () => {
  const [line] = textLines(`7|https://example.com/p/1|100${' '.repeat(2_000_000)}|x`);
  expect(String(line?.content).length).toBeLessThan(5_000);
  expect(codeOf(line?.content)).toBe('invalid_request');
});

test('a JSON list is read entry by entry, and nothing else is a list', () => {
  expect(jsonLines({ lines: [{ service: 1 }, '1|a|1', null] })).toEqual({
    lines: [
      { line: 1, content: { service: 1 } },
      { line: 2, content: '1|a|1' },
      { line: 3, content: null },
    ],
  });
  for (const other of [null, 'x', [], { orders: [] }, { lines: 'x' }])
    expect(jsonLines(other)).toHaveProperty('errors');
  expect(jsonLines({ lines: [], note: 1 })).toEqual({
    errors: [{ path: '', message: expect.stringContaining('note') }],
  });
});

test('a line of text says the same as its JSON', () => {
  const link = 'https://example.com/p/1';
  expect(lineRequest({ line: 1, content: ` 7 | ${link} | 100 ` })).toEqual({ service: 7, link, quantity: 100 });
  expect(lineRequest({ line: 1, content: `7|${link}|` })).toEqual({ service: 7, link });
  const dripFeed = { runs: 3, intervalMinutes: 60 };
  const drip = { service: 7, link, quantity: 100, dripFeed };
  expect(lineRequest({ line: 1, content: `7|${link}|100|3|60` })).toEqual(drip);
  expect(lineRequest({ line: 1, content: drip })).toEqual(drip);
});

test.each([
  ['7', 'invalid_request'],
  ['7|https://example.com|100|3', 'invalid_request'],
  ['7|https://example.com|100|3|60|9', 'invalid_request'],
  ['seven|https://example.com|100', 'invalid_request'],
  ['7|https://example.com|ten', 'invalid_quantity'],
  ['7|https://example.com|-1', 'invalid_quantity'],
  ['7|https://example.com|100|0|60', 'invalid_request'],
  ['7|https://example.com|100|x|y', 'invalid_request'],
  [null, 'invalid_request'],
  [{ service: '7' }, 'invalid_request'],
  [{ service: 7, link: 'x', colour: 'red' }, 'invalid_request'],
])('%j is no order', (content, code) => {
  expect(codeOf(content)).toBe(code);
});

/** How often other work had its turn while this work ran. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let other = setImmediate(function again() {
    turns += 1;
    other = setImmediate(again);
  });
  await work;
  clearImmediate(other);
  return turns;
}

async function all<T>(pieces: AsyncIterable<readonly T[]>): Promise<T[]> {
  const items: T[] = [];
  for await (const piece of pieces) items.push(...piece);
  return items;
}

test.each<[string, (lines: readonly OrderLine[]) => Promise<unknown>]>([
  ['read in pieces', (lines) => all(inPieces(lines))],
  ['bound to its key', (lines) => keyedFingerprintOfList(Buffer.alloc(32), 'POST /v1/orders/batch', lines)],
  ['judged', newLines],
])('while a long list is %s, other requests have their turns', async (_, work) => {
  const lines = Array.from({ length: 3_000 }, (_, line) => ({ line: line + 1, content: '1|https://example.com|1' }));
  expect(await turnsDuring(work(lines))).toBeGreaterThanOrEqual(5);
  expect(await turnsDuring(work(lines.slice(0, 500)))).toBeLessThan(5);
  expect(await all(inPieces(lines))).toEqual(lines);
});
