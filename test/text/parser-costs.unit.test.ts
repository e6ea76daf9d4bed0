import { expect, test } from 'vitest';
import { costOf } from '../../bench/parsers/cost.ts';
import { PARSERS, type Parser } from '../../bench/parsers/parsers.ts';
import type { Shape } from '../../bench/parsers/shapes.ts';
import { scaled } from '../support/run/scale.ts';

/** Part of a parser's size limit that is read at most. */
const LARGEST = scaled({ gate: 4, release: 1 });
/**
 * Limit in milliseconds of CPU, for a cost that grows with the square of the input. Such a cost is ten seconds or more at the size
 * limit, and a sixteenth of that at a quarter of it: the two that were found took 16 and 97 s. The real costs, some tens at most, are
 * in `npm run bench:parsers`. CPU time of this process does not grow with the machine's load, so load cannot fail this test.
 */
const FAR_TOO_MUCH = scaled({ gate: 700, release: 3_000 });
/** Below this, one garbage collection decides the result. */
const WORTH_COMPARING = 300;

/** Number of readings; their median is compared. */
const READINGS = scaled({ gate: 3, release: 5 });

/** How many times as much eight times the text costs: about 8 when the cost is linear, 64 when it is quadratic. */
async function growth(parser: Parser, shape: Shape): Promise<number> {
  const part = await costOf(parser, shape, Math.floor(parser.limit / 8), READINGS);
  return (await costOf(parser, shape, parser.limit, READINGS)) / Math.max(part, 10);
}
const TOO_FAST = 24;

test.each(PARSERS)(
  '$name: reading costs little at the size limit, and in proportion, whatever the shape',
  {
    timeout: 300_000,
  },
  async (parser) => {
    let dearest = { cost: -1, shape: parser.shapes[0] };
    for (const shape of parser.shapes) {
      // Sizes grow by four, so that a quadratic cost shows before it takes minutes.
      for (const part of [16, 4, 1].filter((part) => part >= LARGEST)) {
        const cost = await costOf(parser, shape, Math.floor(parser.limit / part), 1);
        expect(cost, `${shape.name}, 1/${part} of the limit`).toBeLessThan(FAR_TOO_MUCH);
        if (part === LARGEST && cost > dearest.cost) dearest = { cost, shape };
      }
    }
    const { cost, shape } = dearest;
    if (cost < WORTH_COMPARING || shape === undefined) return;
    expect(await growth(parser, shape), shape.name).toBeLessThan(TOO_FAST);
  },
);

test('a cost that grows with the square of the input is seen', { timeout: 300_000 }, async () => {
  let steps = 0;
  const parser = {
    name: 'a list copied for each entry',
    limit: 24_000,
    shapes: [],
    read: (text: string) => {
      for (let at = 0; at < text.length; at += 1) for (let other = 0; other < text.length; other += 1) steps += 1;
    },
  };
  expect(await growth(parser, { name: 'a', of: (bytes) => 'a'.repeat(bytes) })).toBeGreaterThan(TOO_FAST);
  expect(steps).toBeGreaterThan(parser.limit ** 2);
});
