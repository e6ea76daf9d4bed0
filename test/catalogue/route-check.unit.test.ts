import { describe, expect, it } from 'vitest';
import type { KnownRow } from '../../domain/catalogue/changes.ts';
import { type ImportOffer, offerOf } from '../../domain/catalogue/import.ts';
import { parsePercent } from '../../domain/catalogue/mark-up.ts';
import { type CheckedRoute, judgeRoute, repriced } from '../../domain/catalogue/route-check.ts';
import { formatRate, parseRate, type Rate } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';

const rate = (text: string): Rate => parseRate(text) as Rate;
const row = (more: Partial<KnownRow> = {}): KnownRow => ({
  service: '42',
  name: 'Followers',
  category: 'Instagram',
  type: 'Default',
  rate: '0.5',
  min: 10,
  max: 10_000,
  dripFeed: false,
  refill: false,
  cancel: true,
  gone: false,
  ...more,
});
const sold = { type: 'Default', rate: rate('0.9'), min: 10, max: 10_000 };
const route = (more: Partial<KnownRow> | null = {}, as: Partial<CheckedRoute> = {}): CheckedRoute => ({
  provider: 3,
  providerService: '42',
  rate: rate('0.5'),
  min: null,
  max: null,
  held: null,
  row: more === null ? null : row(more),
  comparable: true,
  ...as,
});

describe('a route', () => {
  it('that costs less than is paid carries orders, at the rate its provider says now', () => {
    expect(judgeRoute(sold, route({ rate: '0.7' }))).toEqual({
      rate: rate('0.7'),
      min: 10,
      step: null,
      max: 10_000,
      held: null,
      alerts: {},
    });
  });

  it.each([
    ['0.9', null],
    ['0.90001', 'unprofitable'],
    ['0.900000000001', 'unprofitable'],
    ['9', 'unprofitable'],
  ])('that costs %s of 0.9 is held: %s', (said, held) => {
    expect(judgeRoute(sold, route({ rate: said })).held).toBe(held);
  });

  it('that is held is told why, without a word of the provider', () => {
    const words = { rate: '1.2', name: 'Evil name' };
    const { alerts } = judgeRoute(sold, route(words));
    expect(alerts).toEqual({ route_unprofitable: 'service 42 of provider 3 costs 1.2, but we sell at 0.9' });
  });

  it('is free again as soon as its provider says so', () => {
    for (const held of ['gone', 'unprofitable'] as const) {
      expect(judgeRoute(sold, route({}, { held }))).toMatchObject({ held: null, alerts: {} });
    }
  });

  it('to what is gone, or is another thing now, carries nothing and keeps what it cost', () => {
    for (const [more, why] of [
      [{ gone: true, rate: '7' }, 'no longer in its catalogue'],
      [{ type: 'Poll', rate: '7' }, 'type Poll'],
    ] as const) {
      const verdict = judgeRoute(sold, route(more));
      expect(verdict).toMatchObject({ rate: rate('0.5'), held: 'gone' });
      expect(verdict.alerts.route_gone).toContain(why);
    }
  });

  it('to a type that nobody knows stays as staff made it', () => {
    expect(judgeRoute(sold, route({ type: 'Live stream' })).held).toBeNull();
  });

  it('that was never in a catalogue, whose rate cannot be read or is in another currency, keeps its rate', () => {
    const dear = { rate: rate('7') };
    expect(judgeRoute(sold, route(null, dear))).toEqual({
      ...dear,
      min: null,
      max: null,
      step: null,
      held: null,
      alerts: {},
    });
    expect(judgeRoute(sold, route({ rate: null }))).toMatchObject({ rate: rate('0.5'), held: null });
    expect(judgeRoute(sold, route({ rate: '7' }, { comparable: false }))).toMatchObject({
      rate: rate('0.5'),
      held: null,
    });
  });

  it.each([
    [{ min: 11 }, true],
    [{ max: 9_999 }, true],
    [{ min: 1, max: 20_000 }, false],
    [{ min: null, max: null }, false],
    [{ min: 500, max: 5 }, false],
    [{ step: 10 }, true],
    [{ step: null }, false],
  ])('with the limits %j is narrower than what is sold: %s', (limits, narrower) => {
    expect(judgeRoute(sold, route(limits)).alerts.route_limits !== undefined).toBe(narrower);
  });

  it('of a package or a subscription has no limit of its quantity', () => {
    for (const type of ['Package', 'Subscriptions']) {
      const verdict = judgeRoute({ ...sold, type }, route({ type, min: 5_000, max: 6_000 }));
      expect(verdict).toMatchObject({ min: null, max: null, alerts: {} });
    }
  });
});

describe('a service that follows its rule', () => {
  const rule = { percent: parsePercent('50') as bigint, plus: rate('0.1') };
  const at = (more: Partial<KnownRow>, as: Partial<CheckedRoute> = {}) =>
    formatRate(repriced(sold, route(more, as), rule));

  it('is sold at what its provider says now and the mark-up', () => {
    expect([at({ rate: '1' }), at({ rate: '0.2' })]).toEqual(['1.6', '0.4']);
    // A rate with more digits than the unit is rounded up.
    expect(at({ rate: '0.999999' })).toBe('1.6');
  });

  it('keeps its price when there is no rate to go by', () => {
    expect([at({ rate: null }), at({ gone: true }), at({ rate: '1' }, { comparable: false })]).toEqual(
      Array(3).fill('0.9'),
    );
    expect(at({ rate: '999999999' })).toBe('0.9');
    expect(formatRate(repriced(sold, route({ rate: '0' }), { percent: 0n, plus: 0n as Rate }))).toBe('0.9');
  });
});

describe("a provider's service", () => {
  const markup = { percent: parsePercent('20') as bigint, plus: 0n as Rate };
  const offer = (more: Partial<KnownRow>) => offerOf(row(more), markup);

  it('is sold with a mark-up, within its limits', () => {
    expect(offer({})).toEqual({
      type: 'Default',
      rate: rate('0.6'),
      cost: rate('0.5'),
      min: 10,
      max: 10_000,
      step: 1,
      limits: { min: 10, max: 10_000, step: null },
    });
    expect((offer({ max: 2 * LIMITS.quantity }) as ImportOffer).max).toBe(LIMITS.quantity);
  });

  it('is sold in the multiples that its provider takes', () => {
    expect(offer({ step: 25 })).toMatchObject({ step: 25, limits: { step: 25 } });
    expect(offer({ type: 'Package', step: 25 })).toMatchObject({ step: 1, limits: { step: null } });
    expect(offer({ min: 11, max: 19, step: 10 })).toBe('unusable_limits');
  });

  it('that is a package is sold one by one, whatever its limits say', () => {
    expect(offer({ type: 'Package', min: 0, max: null })).toMatchObject({ min: 1, max: 1, limits: { min: null } });
  });

  it.each<[string, Partial<KnownRow>]>([
    ['not_in_catalogue', { gone: true }],
    ['unknown_type', { type: 'Live stream' }],
    ['unreadable_rate', { rate: null }],
    ['unreadable_rate', { rate: '1000000000' }],
    ['rate_too_fine', { rate: '0.000001' }],
    ['unusable_limits', { min: 0 }],
    ['unusable_limits', { min: null }],
    ['unusable_limits', { min: 20, max: 10 }],
    ['unusable_limits', { min: LIMITS.quantity + 1, max: LIMITS.quantity + 1 }],
    ['no_price', { rate: '0' }],
    ['price_too_high', { rate: '999999999' }],
  ])('is refused as %s with %j', (reason, more) => {
    expect(offer(more)).toBe(reason);
  });
});
