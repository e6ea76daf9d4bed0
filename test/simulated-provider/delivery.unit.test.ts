import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliveryOf } from '../../dev/provider/delivery.ts';
import { costOf, decimal, type OrderState } from '../../dev/provider/order.ts';
import { parseScript, ScriptError, scriptInLink } from '../../dev/provider/script.ts';

const order = (change: Partial<OrderState> = {}): OrderState => ({
  order: 1,
  at: 1_000_000,
  service: 1,
  type: 'Default',
  link: 'https://example.com/p/1',
  quantity: 1000,
  runs: 1,
  intervalMs: 0,
  rate: '0.90',
  per: 1000,
  startCount: 100,
  script: '',
  delayMs: 400,
  durationMs: 4000,
  cancelMs: 300,
  jitter: 'seed:1',
  ...change,
});
const at = (one: OrderState, afterMs: number) => deliveryOf(one, one.at + afterMs);

describe('the delivery of a simulated order', () => {
  it('is Pending, then Processing, then In progress, then Completed', () => {
    expect([0, 250, 2000, 4400].map((ms) => at(order(), ms).status)).toEqual([
      'Pending',
      'Processing',
      'In progress',
      'Completed',
    ]);
    expect(at(order(), 4400)).toMatchObject({ delivered: 1000, charged: 1000, endedAt: 1_004_400 });
  });

  it('never goes backwards and never passes the quantity, whatever the seed and the moments', () => {
    const moments = fc.array(fc.integer({ min: 0, max: 90_000 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 1, max: 9 }),
        moments,
        (jitter, quantity, runs, ms) => {
          const one = order({ jitter, quantity, runs, intervalMs: 9000 });
          const counts = ms.sort((a, b) => a - b).map((moment) => at(one, moment).delivered);
          expect(counts).toEqual([...counts].sort((a, b) => a - b));
          expect(counts.at(-1)).toBeLessThanOrEqual(quantity * runs);
        },
      ),
    );
  });

  it('of a drip-feed comes in runs, with nothing between them', () => {
    const drip = order({ runs: 3, intervalMs: 60_000 });
    expect([10_000, 59_000, 70_000, 130_000].map((ms) => at(drip, ms).delivered)).toEqual([1000, 1000, 2000, 3000]);
    expect(at(drip, 70_000).status).toBe('In progress');
    expect(at(drip, 130_000).status).toBe('Completed');
  });

  it('ends Partial or Canceled where its script says', () => {
    expect(at(order({ script: 'partial:600' }), 9000)).toMatchObject({
      status: 'Partial',
      delivered: 600,
      charged: 600,
    });
    expect(at(order({ script: 'cancel' }), 500)).toMatchObject({ status: 'Canceled', delivered: 0, charged: 0 });
    expect(at(order({ script: 'cancel:300' }), 9000)).toMatchObject({ status: 'Canceled', delivered: 300 });
  });

  it('stalls for ever, until a cancellation ends it with what it has', () => {
    const stalled = order({ script: 'stall:500' });
    expect(at(stalled, 1e9)).toMatchObject({ status: 'In progress', delivered: 500, endedAt: undefined });
    const canceled = { ...stalled, cancelRequestedAt: stalled.at + 60_000 };
    expect(at(canceled, 60_299).status).toBe('In progress');
    expect(at(canceled, 60_300)).toMatchObject({ status: 'Partial', delivered: 500, charged: 500 });
  });

  it('pauses on a private target and goes on from there when it is public', () => {
    const paused = order({ script: 'private:500:paused' });
    expect(at(paused, 1e6)).toMatchObject({ status: 'Paused', delivered: 500 });
    const again = { ...paused, publicAt: paused.at + 1e6 };
    expect(at(again, 1e6).delivered).toBe(500);
    expect(at(again, 1e6 + 4400)).toMatchObject({ status: 'Completed', delivered: 1000 });
  });

  it('changes its mind after the end, as often as scripted', () => {
    const flips = order({ script: 'flip:partial:400:after:10,flip:canceled:after:20' });
    expect([5000, 14_500, 24_500].map((ms) => at(flips, ms))).toMatchObject([
      { status: 'Completed', charged: 1000 },
      { status: 'Partial', delivered: 400, charged: 400 },
      { status: 'Canceled', delivered: 0, charged: 0 },
    ]);
  });

  it('a cancellation that comes after the end changes nothing', () => {
    const done = order({ cancelRequestedAt: 1_004_200 });
    expect(at(done, 9000).status).toBe('Completed');
  });

  it('costs exactly rate times items', () => {
    expect(decimal(costOf({ rate: '0.27819', per: 1000 }, 601))).toBe('0.16719219');
    expect(decimal(costOf({ rate: '4.99', per: 1 }, 1))).toBe('4.99');
  });
});

describe('a script', () => {
  it('is read from the query parameter sim of any link', () => {
    expect(scriptInLink('https://example.com/p?a=1&sim=partial%3A600,delay:10#x')).toBe('partial:600,delay:10');
    expect(scriptInLink('https://example.com/p')).toBe('');
  });

  it.each([
    'partial',
    'partial:x',
    'partial:1.5',
    'jump',
    'flip:partial',
    'flip:dancing',
    'speed:0',
    'fault:nothing',
    'toString',
  ])('with the step %s is refused instead of ignored', (step) => {
    expect(() => parseScript(step)).toThrow(ScriptError);
  });
});
