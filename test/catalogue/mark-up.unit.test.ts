import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  costRate,
  formatPercent,
  MAX_RATE,
  type Markup,
  parsePercent,
  sellingRate,
} from '../../domain/catalogue/mark-up.ts';
import { formatRate, parseRate, type Rate } from '../../domain/ledger/money.ts';
import { runs } from '../support/run/scale.ts';

const rate = (text: string): Rate => {
  const read = parseRate(text);
  if (read === undefined) throw new Error(`${text} is no rate`);
  return read;
};
const markup = (percent: string, plus = '0'): Markup => {
  const read = parsePercent(percent);
  if (read === undefined) throw new Error(`${percent} is no percentage`);
  return { percent: read, plus: rate(plus) };
};

describe('a mark-up', () => {
  it.each([
    ['0.90', '0', '0', '0.9'],
    ['0.90', '25', '0', '1.125'],
    ['0.90', '33.33', '0', '1.19997'],
    ['0.27819', '12.5', '0', '0.31297'], // 0.31296375
    ['0.00001', '0.01', '0', '0.00002'], // any mark-up rounds up to a whole unit
    ['0.00123', '100', '0.00001', '0.00247'],
    ['4.99', '0', '1.01', '6'],
    ['0', '50', '0', '0'],
  ])('on %s of %s %% and %s makes %s', (cost, percent, plus, sold) => {
    expect(formatRate(sellingRate(rate(cost), markup(percent, plus)))).toBe(sold);
  });

  it('is never below the cost, exact where it can be, and otherwise the next unit above', () => {
    const any = (max: bigint) => fc.bigInt({ min: 0n, max });
    const property = fc.property(any(MAX_RATE), any(9_999_999n), any(MAX_RATE), (cost, percent, plus) => {
      const sold = sellingRate(cost as Rate, { percent, plus: plus as Rate });
      expect(sold >= cost + plus).toBe(true);
      // In ten-thousandths of a unit no division is needed.
      const exact = cost * (10_000n + percent) + plus * 10_000n;
      expect(sold * 10_000n >= exact && (sold - 1n) * 10_000n < exact).toBe(true);
    });
    fc.assert(property, { numRuns: runs(20_000) });
  });

  it('grows with the cost, so that a dearer service is never sold cheaper', () => {
    const property = fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 10n }),
      fc.bigInt({ min: 0n, max: 10n ** 6n }),
      fc.bigInt({ min: 0n, max: 99_999n }),
      (cost, more, percent) => {
        const rule = { percent, plus: 0n as Rate };
        expect(sellingRate((cost + more) as Rate, rule) >= sellingRate(cost as Rate, rule)).toBe(true);
      },
    );
    fc.assert(property, { numRuns: runs(5_000) });
  });
});

describe('a percentage', () => {
  it.each(['0', '25', '12.5', '0.01', '99999.99'])('%s is one', (text) => {
    expect(formatPercent(parsePercent(text) ?? -1n)).toBe(text);
  });

  it.each(['', '-1', '1e2', '12.345', '100000', ' 5', '5%', 'NaN'])('"%s" is none', (text) => {
    expect(parsePercent(text)).toBeUndefined();
  });
});

describe("a provider's rate", () => {
  it.each([
    ['0.9', '0.9', true],
    ['0.90000000', '0.9', true],
    ['12', '12', true],
    ['0.000001', '0.00001', false],
    ['0.123451', '0.12346', false],
    ['999999999.99999', '999999999.99999', true],
  ])('of %s costs %s', (said, cost, exact) => {
    const read = costRate(said);
    expect([formatRate(read?.rate ?? -1n), read?.exact]).toEqual([cost, exact]);
  });

  it('is never taken for less than it is', () => {
    const decimal = fc.tuple(fc.nat({ max: 999_999_999 }), fc.stringMatching(/^\d{1,30}$/));
    const property = fc.property(decimal, ([whole, fraction]) => {
      const read = costRate(`${whole}.${fraction}`);
      const scale = 10n ** BigInt(Math.max(fraction.length, 5));
      const exact = BigInt(whole) * scale + BigInt(fraction.padEnd(Math.max(fraction.length, 5), '0'));
      const taken = (read?.rate ?? -1n) * (scale / 100_000n);
      expect(taken >= exact && taken - exact < scale / 100_000n).toBe(true);
      expect(read?.exact).toBe(taken === exact);
    });
    fc.assert(property, { numRuns: runs(5_000) });
  });

  it.each(['', '-1', '1e-7', '1000000000', 'N/A', '1,5', '1.2.3'])('"%s" is none', (text) => {
    expect(costRate(text)).toBeUndefined();
  });
});
