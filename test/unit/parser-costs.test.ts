import { expect, test } from 'vitest';
import { costOf } from '../../bench/parsers/cost.ts';
import { PARSERS } from '../../bench/parsers/parsers.ts';

/**
 * Milliseconds of CPU. `npm run bench:parsers` shows what it really costs, some tens at most. Here it is a check against a cost
 * that grows with the square of the input, which is ten seconds or more at these limits (the two that were found took 16 and
 * 97 s). CPU time of this process does not grow while other processes wait for the machine, so that this can not fail by load.
 */
const FAR_TOO_MUCH = 3_000;
/** Below that a garbage collection decides. */
const WORTH_COMPARING = 300;

test.each(PARSERS)(
  '$name costs little at its size limit, and no more than in proportion, whatever the shape',
  async (parser) => {
    let dearest = { cost: -1, shape: parser.shapes[0] };
    for (const shape of parser.shapes) {
      // Twice as long and as long again: what is quadratic is seen before it takes minutes.
      for (const part of [16, 4, 1]) {
        const cost = await costOf(parser, shape, Math.floor(parser.limit / part), 1);
        expect(cost, `${shape.name}, a ${part}th of the limit`).toBeLessThan(FAR_TOO_MUCH);
        if (part === 1 && cost > dearest.cost) dearest = { cost, shape };
      }
    }
    const { cost, shape } = dearest;
    if (cost < WORTH_COMPARING || shape === undefined) return;
    const part = await costOf(parser, shape, Math.floor(parser.limit / 8), 5);
    // Eight times as much, where a square would be 64 times.
    expect(await costOf(parser, shape, parser.limit, 5), shape.name).toBeLessThan(24 * Math.max(part, 10));
  },
  300_000,
);

test('a cost that grows with the square of the input is seen', async () => {
  let steps = 0;
  const parser = {
    name: 'a list copied for each entry',
    limit: 100_000,
    shapes: [],
    read: (text: string) => {
      for (let at = 0; at < text.length; at += 1) for (let other = 0; other < text.length; other += 1) steps += 1;
    },
  };
  const shape = { name: 'a', of: (bytes: number) => 'a'.repeat(bytes) };
  expect(await costOf(parser, shape, parser.limit, 1)).toBeGreaterThan(FAR_TOO_MUCH);
  expect(steps).toBe(parser.limit ** 2);
});
