import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ProviderReport, UNREADABLE_CHARGE, verdict } from '../../domain/delivery/verdict.ts';
import { PROVIDER_STATUSES, type ProviderStatus } from '../../domain/delivery/words.ts';
import { runs } from '../support/run/scale.ts';

const QUANTITY = 1000;

const report = (status: ProviderStatus, remains: number | null, charge: string | null = '0.45'): ProviderReport => ({
  status,
  remains,
  charge,
  startCount: 100,
});

const delivered = (said: ProviderReport): number | 'running' | 'conflict' => {
  const result = verdict(said, QUANTITY);
  return result.kind === 'ended' ? result.delivered : result.kind;
};

describe('only a last word ends a batch', () => {
  it.each<[ProviderStatus, number | null]>([
    ['Pending', 1000],
    ['Processing', null],
    ['In progress', 400],
    ['In progress', 0],
    ['In progress', -5],
    ['In progress', 5000],
    ['Paused', 400],
    ['Unknown', 0],
  ])('%s with %s remaining goes on', (status, remains) => {
    expect(delivered(report(status, remains))).toBe('running');
  });
});

describe('the last word', () => {
  it.each<[string, ProviderReport, number | 'conflict']>([
    ['Completed with nothing remaining delivered all', report('Completed', 0), 1000],
    ['Completed without remains delivered all', report('Completed', null), 1000],
    ['Completed with too much delivered delivered all', report('Completed', -50), 1000],
    ['Completed with something remaining contradicts itself', report('Completed', 1), 'conflict'],
    ['Partial delivered what does not remain', report('Partial', 400), 600],
    ['Partial with nothing remaining delivered all', report('Partial', 0), 1000],
    ['Partial with all remaining delivered nothing', report('Partial', 1000), 0],
    ['Partial with too much delivered delivered all', report('Partial', -1), 1000],
    ['Partial without remains cannot be settled', report('Partial', null), 'conflict'],
    ['Partial with more remaining than ordered contradicts itself', report('Partial', 1001), 'conflict'],
    ['Completed with more remaining than ordered contradicts itself', report('Completed', 1001), 'conflict'],
    ['Canceled with more remaining than ordered contradicts itself', report('Canceled', 1001), 'conflict'],
    ['Canceled with all remaining delivered nothing', report('Canceled', 1000), 0],
    ['Canceled without remains and without a charge delivered nothing', report('Canceled', null, null), 0],
    [
      'Canceled without remains, of whose charge nobody asked what it pays for, delivered nothing',
      report('Canceled', null),
      0,
    ],
    ['Canceled that cost nothing delivered nothing', report('Canceled', 400, '0.00000'), 0],
    ['Canceled that cost nothing, said as 0, delivered nothing', report('Canceled', 400, '0'), 0],
    ['Canceled that cost something is a partial', report('Canceled', 400, '0.27'), 600],
    ['Canceled with nothing remaining, and charged, contradicts itself', report('Canceled', 0, '0.27'), 'conflict'],
    ['Canceled with too much delivered, and charged, contradicts itself', report('Canceled', -3, '0.27'), 'conflict'],
    ['Canceled with nothing remaining that cost nothing delivered nothing', report('Canceled', 0, '0'), 0],
    ['Canceled of which no charge is said is a partial', report('Canceled', 400, null), 600],
    ['Error does not say that anything was paid back', report('Error', 1000, '0.27'), 'conflict'],
    ['Error of which no charge is said does not either', report('Error', null, null), 'conflict'],
  ])('%s', (_, said, expected) => {
    expect(delivered(said)).toBe(expected);
  });

  it.each<[string, number | null, string | null, number | null, number | 'conflict']>([
    ['nothing remaining and the whole price kept delivered all', 0, '0.45', 1000, 1000],
    ['too much delivered and the whole price kept delivered all', -5, '0.45', 1000, 1000],
    ['nothing remaining and the price of 600 kept delivered these', 0, '0.27', 600, 600],
    ['nothing remaining and a charge that fits nothing is for a person', 0, '0.3', null, 'conflict'],
    ['nothing remaining and no charge said is for a person', 0, null, null, 'conflict'],
    ['nothing remaining and nothing charged delivered nothing', 0, '0', 0, 0],
    ['nothing said to remain and the whole price kept is for a person', null, '0.45', 1000, 'conflict'],
    ['nothing said to remain and the price of 600 kept delivered these', null, '0.27', 600, 600],
    ['nothing said to remain and a charge that fits nothing is for a person', null, '0.3', null, 'conflict'],
    ['nothing said to remain and nothing charged delivered nothing', null, '0.00', 0, 0],
    ['nothing said at all delivered nothing', null, null, null, 0],
    ['a charge that cannot be read, and nothing else said, is for a person', null, UNREADABLE_CHARGE, null, 'conflict'],
    ['nothing remaining and a charge that cannot be read is for a person', 0, UNREADABLE_CHARGE, null, 'conflict'],
    ['some remaining delivered the others, though its charge cannot be read', 400, UNREADABLE_CHARGE, null, 600],
    ['all remaining and the whole price kept delivered nothing', 1000, '0.45', 1000, 0],
    ['some remaining delivered the others, whatever the charge pays for', 400, '0.45', 1000, 600],
  ])('Canceled or Refunded with %s', (_, remains, charge, paidFor, expected) => {
    expect(delivered({ ...report('Canceled', remains, charge), paidFor })).toBe(expected);
  });

  it('never reads the start count', () => {
    for (const startCount of [null, -5, 0, 10 ** 12]) {
      expect(verdict({ ...report('Partial', 400), startCount }, QUANTITY)).toEqual({ kind: 'ended', delivered: 600 });
    }
  });

  it('says why it contradicts itself', () => {
    expect(verdict(report('Completed', 3), QUANTITY)).toEqual({ kind: 'conflict', why: 'Completed, yet 3 remain' });
    expect(verdict(report('Partial', 2000), QUANTITY)).toEqual({ kind: 'conflict', why: '2000 remain of 1000' });
  });

  const anyReport = fc.record({
    status: fc.constantFrom(...PROVIDER_STATUSES),
    remains: fc.option(fc.integer({ min: -3000, max: 3000 })),
    startCount: fc.option(fc.integer()),
    charge: fc.option(fc.constantFrom('0', '0.00', '0.45', '12')),
    paidFor: fc.option(fc.nat({ max: 2000 })),
  });

  it('never delivers less than nothing or more than was ordered', () => {
    fc.assert(
      fc.property(anyReport, fc.integer({ min: 1, max: 2000 }), (said, quantity) => {
        const result = verdict(said, quantity);
        if (result.kind === 'ended') {
          expect(Number.isInteger(result.delivered)).toBe(true);
          expect(result.delivered).toBeGreaterThanOrEqual(0);
          expect(result.delivered).toBeLessThanOrEqual(quantity);
        }
      }),
      { numRuns: runs(3_000) },
    );
  });

  it('never charges more when more remains', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10, max: 1000 }), fc.nat({ max: 500 }), (remains, more) => {
        const some = delivered(report('Partial', remains));
        const fewer = delivered(report('Partial', Math.min(remains + more, 1000)));
        expect(Number(fewer)).toBeLessThanOrEqual(Number(some));
      }),
      { numRuns: runs(2_000) },
    );
  });
});
