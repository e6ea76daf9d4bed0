import { describe, expect, it, test } from 'vitest';
import {
  browser,
  count,
  duration,
  exactTime,
  explained,
  money,
  relative,
  share,
} from '../../api/pages/view/formats.ts';
import { eventWords } from '../../api/pages/view/timeline.tsx';

test('amounts are exact, with grouped digits and at least two decimals', () => {
  expect(['0', '0.9', '1234567.12345678', '-12.5', '-1000'].map(money)).toEqual([
    '0.00',
    '0.90',
    '1,234,567.12345678',
    '-12.50',
    '-1,000.00',
  ]);
});

test('numbers have grouped digits', () => {
  expect([0, 999, 1_000, 1_234_567, -1_000].map(count)).toEqual(['0', '999', '1,000', '1,234,567', '-1,000']);
});

test('lengths of time have their two largest units', () => {
  expect([-1, 0, 59, 60, 3_599, 3_600, 12_000, 86_400, 187_200].map(duration)).toEqual([
    '0 s',
    '0 s',
    '59 s',
    '1 min',
    '59 min',
    '1 h',
    '3 h 20 min',
    '1 d',
    '2 d 4 h',
  ]);
});

test('times are a distance, and exact on hover', () => {
  const now = new Date('2026-11-27T06:56:06.789Z');
  const at = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
  expect([-5, -300, 7_200].map((seconds) => relative(at(seconds), now))).toEqual(['just now', '5 min ago', 'in 2 h']);
  expect(exactTime(now)).toBe('2026-11-27 06:56:06 UTC');
});

test('shares are percent', () => {
  expect([0, 0.025, 1 / 3, 1].map(share)).toEqual(['0 %', '2.5 %', '33.3 %', '100 %']);
});

describe('a browser', () => {
  it('that is known is named in short', () => {
    const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36';
    expect(browser(chrome)).toBe('Chrome on Linux');
    expect(browser('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1')).toBe(
      'Safari on iOS',
    );
  });

  it('that is not known keeps its first words', () => {
    expect(browser('')).toBe('not named');
    expect(browser('x'.repeat(100))).toBe('x'.repeat(40));
  });
});

test('a code of the network says what it means, and other text stays', () => {
  expect(explained('UND_ERR_SOCKET')).toBe('the connection ended before the answer was complete (UND_ERR_SOCKET)');
  for (const text of ['HTTP 502', 'no answer in time', 'constructor', '']) expect(explained(text)).toBe(text);
});

test('the data of an event is written in words, with its time as a time', () => {
  const data = { batch: 1, detail: 'no answer', reason: '', since: Date.UTC(2026, 10, 27, 13, 53, 43), orders: [1, 2] };
  expect(eventWords(data)).toBe('batch 1, detail no answer, since 2026-11-27 13:53:43 UTC, orders [1,2]');
});
