import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  costFromProvider,
  formatMoney,
  formatRate,
  MAX_PRICE,
  type Money,
  parseMoney,
  parseRate,
  priceOf,
  type Rate,
  unitPrice,
} from '../../domain/ledger/money.ts';
import { runs, scaled } from '../support/run/scale.ts';

const money = (text: string): Money => {
  const amount = parseMoney(text);
  if (amount === undefined) throw new Error(`${text} is no amount`);
  return amount;
};

const rate = (text: string): Rate => {
  const read = parseRate(text);
  if (read === undefined) throw new Error(`${text} is no rate`);
  return read;
};

/** A decimal for arithmetic by hand: its digits, the last one first, `scale` of them after the point. */
interface Paper {
  readonly digits: readonly number[];
  readonly scale: number;
}

const onPaper = (text: string): Paper => {
  const [whole = '', fraction = ''] = text.split('.');
  return { digits: [...(whole + fraction)].reverse().map(Number), scale: fraction.length };
};

function carried(columns: number[], scale: number): Paper {
  let carry = 0;
  for (let at = 0; at < columns.length || carry > 0; at += 1) {
    const column = (columns[at] ?? 0) + carry;
    carry = Math.floor(column / 10);
    columns[at] = column - carry * 10;
  }
  return { digits: columns, scale };
}

function times(a: Paper, b: Paper): Paper {
  const columns = new Array<number>(a.digits.length + b.digits.length).fill(0);
  for (let i = 0; i < a.digits.length; i += 1) {
    for (let j = 0; j < b.digits.length; j += 1) {
      columns[i + j] = (columns[i + j] ?? 0) + (a.digits[i] ?? 0) * (b.digits[j] ?? 0);
    }
  }
  return carried(columns, a.scale + b.scale);
}

function plus(a: Paper, b: Paper): Paper {
  const scale = Math.max(a.scale, b.scale);
  const columns: number[] = [];
  for (const { digits, scale: own } of [a, b]) {
    for (let at = 0; at < digits.length; at += 1) {
      const column = at + scale - own;
      while (columns.length <= column) columns.push(0);
      columns[column] = (columns[column] ?? 0) + (digits[at] ?? 0);
    }
  }
  return carried(columns, scale);
}

function written({ digits, scale }: Paper): string {
  let first = digits.length - 1;
  while (first > scale && digits[first] === 0) first -= 1;
  let last = 0;
  while (last < scale && (digits[last] ?? 0) === 0) last += 1;
  let text = '';
  for (let at = Math.max(first, scale); at >= last; at -= 1) {
    text += at === scale - 1 ? `.${digits[at] ?? 0}` : (digits[at] ?? 0);
  }
  return text;
}

/** Number of random prices that are also computed by hand. */
const PRICES = scaled({ gate: 20_000, release: 1_000_000 });

const perThousand: Paper = { digits: [1, 0, 0, 0], scale: 3 };

describe('a price', () => {
  it('is always what paper says, and splits into charge and refund without a rest', {
    timeout: 300_000,
  }, () => {
    let checked = 0;
    fc.assert(
      fc.property(
        fc.nat({ max: 99_999_999 }),
        fc.integer({ min: 1, max: 1_000_000_000 }),
        fc.nat({ max: 1_000_000 }),
        (rateUnits, quantity, share) => {
          checked += 1;
          const rateText = formatRate(BigInt(rateUnits));
          const unit = unitPrice(rate(rateText), 1000);
          const delivered = Math.floor((quantity * share) / 1_000_000);
          const price = priceOf(unit, quantity);
          const charge = priceOf(unit, delivered);
          const refund = priceOf(unit, quantity - delivered);
          if (charge + refund !== price) throw new Error(`${charge} + ${refund} is not ${price}`);
          const each = times(onPaper(rateText), perThousand);
          const paperPrice = written(times(each, onPaper(String(quantity))));
          const paperCharge = times(each, onPaper(String(delivered)));
          const sum = written(plus(paperCharge, onPaper(formatMoney(refund))));
          if (formatMoney(price) !== paperPrice) throw new Error(`${formatMoney(price)}, paper says ${paperPrice}`);
          if (formatMoney(charge) !== written(paperCharge)) throw new Error(`${charge}, paper says otherwise`);
          if (sum !== paperPrice) throw new Error(`on paper charge and refund make ${sum} of ${paperPrice}`);
        },
      ),
      { numRuns: PRICES },
    );
    expect(checked).toBe(PRICES);
  });

  it('of parts sums up to the price of the whole, however it is cut', () => {
    const property = fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 14n }),
      fc.array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 20 }),
      (rateUnits, parts) => {
        const unit = unitPrice(rateUnits as Rate, 1000);
        const whole = priceOf(
          unit,
          parts.reduce((sum, part) => sum + part, 0),
        );
        expect(parts.reduce((sum, part) => sum + priceOf(unit, part), 0n)).toBe(whole);
      },
    );
    fc.assert(property, { numRuns: runs(2_000) });
  });

  it.each([
    ['0.27819', 1000, '0.27819'],
    ['0.90', 1, '0.0009'],
    ['0.00001', 1, '0.00000001'],
    ['14.74', 1000, '14.74'],
    ['14.74', 333, '4.90842'],
    ['0', 1_000_000, '0'],
  ])('at %s per 1000, %i items cost %s', (perThousandItems, items, price) => {
    expect(formatMoney(priceOf(unitPrice(rate(perThousandItems), 1000), items))).toBe(price);
  });

  it('of a package is its rate', () => {
    expect(formatMoney(priceOf(unitPrice(rate('12.50001'), 1), 1))).toBe('12.50001');
  });

  it('at its greatest still fits a signed 64-bit integer', () => {
    expect(formatMoney(MAX_PRICE)).toBe('90000000000');
    expect(MAX_PRICE < 2n ** 63n).toBe(true);
  });
});

describe('an amount', () => {
  it('survives being written and read again', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: MAX_PRICE }), (units) => {
        expect(parseMoney(formatMoney(units))).toBe(units);
      }),
      { numRuns: runs(5_000) },
    );
  });

  it('is written with as many decimals as it needs', () => {
    expect([0n, 1n, 10n, 100_000_000n, 27_819_000n, -1n, -150_000_000n].map((units) => formatMoney(units))).toEqual([
      '0',
      '0.00000001',
      '0.0000001',
      '1',
      '0.27819',
      '-0.00000001',
      '-1.5',
    ]);
  });

  it.each([
    ['1', 100_000_000n],
    ['007', 700_000_000n],
    ['0.1', 10_000_000n],
    ['0.10000000', 10_000_000n],
    ['90000000000', MAX_PRICE],
  ])('%s is read exactly', (text, units) => {
    expect(parseMoney(text)).toBe(units);
  });

  it.each(['90000000000.00000001', '99999999999.99999999'])(
    '%s is more than any order may cost, and more than the ledger holds',
    (text) => {
      expect(parseMoney(text)).toBeUndefined();
    },
  );

  const notPlain = [
    '',
    ' ',
    '+1',
    '-1',
    '1e3',
    '1E-2',
    '.5',
    '1.',
    '1,5',
    '1_000',
    '0x10',
    'NaN',
    'Infinity',
    ' 1',
    '1 ',
    '1\n',
    '1.2.3',
    '١٢',
    '1n',
  ];

  it.each([...notPlain, '0.000000001', '100000000000'])('%j is not an amount', (text) => {
    expect(parseMoney(text)).toBeUndefined();
  });

  it.each([...notPlain, '0.000001', '1000000000'])('%j is not a rate', (text) => {
    expect(parseRate(text)).toBeUndefined();
  });

  it('what a float prints is read as what it says or refused, never rounded', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (float) => {
        const text = String(float);
        const read = parseMoney(text);
        if (read !== undefined) expect(formatMoney(read)).toBe(text.replace(/^-0$/, '0'));
      }),
      { numRuns: runs(5_000) },
    );
    expect(parseMoney(String(0.1 + 0.2))).toBeUndefined();
  });

  it('survives as a rate too', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 14n - 1n }), (units) => {
        expect(parseRate(formatRate(units))).toBe(units);
      }),
      { numRuns: runs(5_000) },
    );
  });
});

describe("a provider's charge", () => {
  it.each([
    ['0.27819', '0.27819'],
    [' 1.5 ', '1.5'],
    ['0.000000005', '0'],
    ['0.000000015', '0.00000002'],
    ['0.000000025', '0.00000002'],
    ['0.0000000250', '0.00000002'],
    ['0.00000002500000000000000000001', '0.00000003'],
    ['0.00000002499999999999999999999', '0.00000002'],
    ['0.999999995', '1'],
    ['0.12345678901', '0.12345679'],
  ])('%s costs %s, rounded half to even', (raw, cost) => {
    expect(costFromProvider(raw)).toBe(money(cost));
  });

  it.each(['', 'free', '-1', '1e-5', '1.', '.5', '1,000', 'NaN', '0x1', '1000000000000000'])('%j is not one', (raw) => {
    expect(costFromProvider(raw)).toBeUndefined();
  });

  it('so large that the ledger could not hold it is not one, whatever its length', () => {
    expect(costFromProvider('90000000000')).toBe(MAX_PRICE);
    expect(costFromProvider('90000000000.00000001')).toBeUndefined();
    expect(costFromProvider('999999999999')).toBeUndefined();
  });

  it('is never further than half a unit from what was written', () => {
    const digits = fc.stringMatching(/^\d{1,20}$/);
    fc.assert(
      fc.property(fc.nat({ max: 1_000_000 }), digits, (whole, fraction) => {
        const cost = costFromProvider(`${whole}.${fraction}`);
        const fine = 10n ** 20n;
        const exact = BigInt(whole) * fine + BigInt(fraction.padEnd(20, '0'));
        const off = (cost ?? 0n) * 10n ** 12n - exact;
        expect(off < 0n ? -off : off).toBeLessThanOrEqual(5n * 10n ** 11n);
      }),
      { numRuns: runs(5_000) },
    );
  });
});
