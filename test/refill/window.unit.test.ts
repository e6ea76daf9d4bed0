import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../domain/limits.ts';
import type { RefillTerms } from '../../domain/refill/rules.ts';
import { HandDrivenRefills } from '../support/model/hand-driven-refills.ts';
import { busy, DAY, exhausted, HOUR, paused, refused, unknown } from '../support/model/order-terms.ts';

const refusedByAll = { taken: 0, refused: 1, unclear: 0 };
/** An order that lost `missing` items and that its provider does not refill. */
function notRefilled(missing: number | null = 400, fallback: RefillTerms['fallback'] = 'resend'): HandDrivenRefills {
  const order = new HandDrivenRefills({ fallback });
  order.missing = missing;
  order.asked.push(refusedByAll);
  return order;
}

describe('a refill that its provider refuses, where its service says reject', () => {
  it('ends Rejected with the reason, and is neither sent again nor shown to a person', () => {
    const order = notRefilled(400, 'reject');
    expect(order.ask().ok).toBe(true);
    expect(order.refills).toMatchObject([{ stage: 'ended', outcome: 'Rejected' }]);
    expect([order.again.size, order.attention]).toEqual([0, 'none']);
  });

  it('ends the same when it took it and rejects it later', () => {
    const order = new HandDrivenRefills({ fallback: 'reject' });
    order.ask();
    order.ends(1, 1);
    expect(order.refills).toMatchObject([{ stage: 'ended', outcome: 'Rejected' }]);
    expect(order.attention).toBe('none');
  });

  it('waits for a person where nobody knows what the provider does', () => {
    const order = new HandDrivenRefills({ fallback: 'reject' });
    order.asked.push({ taken: 0, refused: 0, unclear: 1 });
    order.ask();
    expect([order.refills[0]?.stage, order.attention]).toEqual(['review', 'review']);
  });
});

describe('a refill whose target shows less than before the order', () => {
  it('waits for a person before any provider is asked, and is not sent again by itself', () => {
    const order = notRefilled(1000, 'resend');
    order.belowStart = true;
    expect(order.ask()).toEqual({ ok: true, message: 'a person decides first: fewer than before', refill: 70 });
    expect([order.refills[0]?.stage, order.attention, order.again.size]).toEqual(['review', 'review', 0]);
    expect(order.timeline.at(-1)).toMatchObject({ type: 'order.review', data: { why: 'fewer than before' } });
    order.takeUp();
    expect([order.attention, order.again.size]).toEqual(['review', 0]);
    expect(order.resolve('redispatch').ok).toBe(true);
    expect(order.again.size).toBe(1);
  });
});

describe('a refill that a provider takes', () => {
  it('ends with its word, and the next may be had after a rest', () => {
    const order = new HandDrivenRefills();
    expect(order.ask()).toEqual({ ok: true, message: expect.any(String), refill: 70 });
    expect(order.ask()).toEqual({ ok: false, message: 'a refill is under way already' });
    order.ends(1);
    expect(order.refills).toMatchObject([{ stage: 'ended', outcome: 'Completed' }]);
    expect(order.ask().message).toContain('next refill');
    order.pass(DAY);
    expect(order.ask().ok).toBe(true);
  });

  it('is followed beyond the window, and then nobody waits any more', () => {
    const order = new HandDrivenRefills();
    order.pass(30 * DAY - 1);
    expect(order.ask().ok).toBe(true);
    order.pass(5 * DAY);
    expect(order.isClosed).toBe(false);
    order.ends(1);
    expect(order.isClosed).toBe(true);
  });

  it('asked for in vain again and again is refused without a count for a while, and recorded once', () => {
    const order = new HandDrivenRefills();
    order.missing = 0;
    for (let asks = 0; asks < LIMITS.vainRefills; asks += 1) expect(order.ask().message).toBe('nothing is missing');
    expect(order.ask().message).toContain('nothing was missing when the target was counted 5 times: ask again at');
    const refusals = order.state.recent.filter(({ type }) => type === 'refill.refused');
    expect(refusals.map(({ data }) => String(data?.why).slice(0, 20))).toEqual([
      'nothing is missing',
      'nothing was missing ',
    ]);
    order.missing = 30;
    expect(order.ask().ok).toBe(false);
    order.pass(LIMITS.vainRefillsMinutes * 60_000);
    expect(order.ask().ok).toBe(true);
  });

  it('and does not end is shown to a person, who lets it go on; the provider may still end it', () => {
    const order = new HandDrivenRefills();
    order.ask();
    order.pass(7 * DAY);
    expect(order.attention).toBe('review');
    expect(order.resolve('extend', { hours: 5 }).ok).toBe(true);
    expect([order.attention, order.refills[0]?.stage]).toEqual(['none', 'tracked']);
    order.pass(5 * HOUR);
    expect(order.attention).toBe('review');
    order.ends(1);
    expect([order.attention, order.refills[0]?.outcome]).toEqual(['none', 'Completed']);
  });

  it('is not ended by words about another, nor by nonsense', () => {
    const order = new HandDrivenRefills();
    order.ask();
    for (const number of [2, 0, -1, Number.NaN, '1', null, undefined]) order.ends(number as number);
    order.ends(1, 'none' as never);
    expect(order.refills).toMatchObject([{ stage: 'tracked' }]);
  });
});

describe('a refill that no provider makes', () => {
  it('waits for a person where the service says so, or where nobody counted what is missing', () => {
    for (const order of [notRefilled(400, 'review'), notRefilled(null, 'resend')]) {
      order.ask();
      expect([order.attention, order.again.size]).toEqual(['review', 0]);
      expect(order.resolve('cancel').ok).toBe(true);
      expect([order.attention, order.refills[0]?.outcome]).toEqual(['none', 'Rejected']);
    }
  });

  it('is never sent again while the provider may be at it', () => {
    const order = notRefilled(400, 'resend');
    order.asked[0] = { taken: 0, refused: 0, unclear: 1 };
    order.ask();
    expect([order.attention, order.again.size]).toEqual(['review', 0]);
    expect(order.resolve('redispatch').ok).toBe(true);
    expect(order.again.get(2)).toMatchObject({ quantity: 400, state: 'running' });
  });

  it('is sent again to a route that has not had it, and completes', () => {
    const order = notRefilled();
    order.ask();
    expect([...order.again]).toMatchObject([[2, { quantity: 400, resends: 1, state: 'running' }]]);
    order.says(2, 'Completed', 0);
    expect(order.refills).toMatchObject([{ outcome: 'Completed', missing: 400 }]);
    expect([order.state.batches, order.attention]).toEqual([[], 'none']);
  });

  it('that the provider rejects at last is sent again as well', () => {
    const order = new HandDrivenRefills({ fallback: 'resend' });
    order.missing = 30;
    order.ask();
    order.ends(1, 1);
    expect(order.again.get(2)).toMatchObject({ quantity: 30 });
  });

  it('of which the providers completed one part and rejected another waits for a person, and nothing is sent', () => {
    const order = new HandDrivenRefills({ fallback: 'resend' });
    order.missing = 30;
    order.ask();
    order.ends(1, 1, 1);
    expect([order.attention, order.again.size]).toEqual(['review', 0]);
    expect(order.resolve('complete').ok).toBe(true);
    expect(order.refills).toMatchObject([{ outcome: 'Completed' }]);
  });

  it('of which a part was delivered again sends only the rest, and not to the route that fell short', () => {
    const order = notRefilled();
    order.ask();
    order.says(2, 'Partial', 150);
    expect(order.attention).toBe('review');
    order.takeUp();
    expect(order.window.current?.missing).toBe(150);
    expect(order.resolve('redispatch').ok).toBe(true);
    expect(order.again.get(3)).toMatchObject({ quantity: 150, resends: 2 });
    order.says(3, 'Completed', 0);
    expect(order.refills).toMatchObject([{ outcome: 'Completed' }]);
  });

  it('waits for paused and busy providers, and is shown to a person only when none has taken it in time', () => {
    const order = notRefilled();
    order.sends.push(paused(3_600), busy(3_600), refused, paused(8 * 86_400));
    order.ask();
    order.pass(3 * HOUR);
    expect(order.attention).toBe('none');
    order.pass(7 * DAY);
    expect(order.attention).toBe('review');
    order.pass(2 * DAY);
    // A provider has accepted it, so there is nothing left to decide.
    expect([order.attention, order.again.get(2)?.state]).toEqual(['none', 'running']);
  });

  it('and no route takes either waits for a person', () => {
    const order = notRefilled();
    order.sends.push(refused, exhausted);
    order.ask();
    expect([order.attention, order.again.get(2)]).toEqual(['review', expect.objectContaining({ state: 'done' })]);
    expect(order.resolve('extend', { hours: 1 }).ok).toBe(false);
    expect(order.resolve('complete').ok).toBe(true);
  });
});

describe('a refill that may have been sent again', () => {
  function uncertain(): HandDrivenRefills {
    const order = notRefilled();
    order.sends.push(unknown);
    order.ask();
    expect(order.attention).toBe('uncertain');
    return order;
  }

  it('waits for a person and for nothing else, however long', () => {
    const order = uncertain();
    order.pass(20 * DAY);
    expect([order.attention, order.until]).toEqual(['uncertain', null]);
    expect(order.resolve('complete').ok).toBe(false);
  });

  it('is followed where a person found it', () => {
    const order = uncertain();
    expect(order.resolve('attach', { providerOrder: 'taken' }).ok).toBe(true);
    expect(order.attention).toBe('uncertain');
    order.resolve('attach', { providerOrder: '77' });
    expect([order.attention, order.again.get(2)?.state]).toEqual(['none', 'running']);
    order.says(2, 'Completed', 0);
    expect(order.refills).toMatchObject([{ outcome: 'Completed' }]);
  });

  it('is sent once more when it was not placed, and closed when a person gives it up', () => {
    const again = uncertain();
    again.resolve('notPlaced');
    expect(again.again.get(2)).toMatchObject({ state: 'running', attempts: 2 });
    const givenUp = uncertain();
    givenUp.resolve('cancel');
    givenUp.takeUp();
    expect([givenUp.attention, givenUp.refills[0]?.outcome]).toEqual(['none', 'Rejected']);
    expect(givenUp.until).not.toBeNull();
  });
});

describe('a person who closes a refill that is being sent again', () => {
  it('has the provider asked to stop, and a later word of it changes nothing', () => {
    const order = notRefilled();
    order.ask();
    order.says(2, 'Completed', 10);
    expect(order.attention).toBe('review');
    expect(order.resolve('partial', { delivered: 1000 }).ok).toBe(false);
    expect(order.resolve('partial', { delivered: 700 }).ok).toBe(true);
    expect([order.stops, order.delivered, order.attention]).toEqual([[2], 700, 'none']);
    expect(order.refills).toMatchObject([{ outcome: 'Rejected' }]);
    order.says(2, 'Completed', 0);
    expect(order.refills).toMatchObject([{ outcome: 'Rejected' }]);
  });

  it('or lets a contradiction be looked at again', () => {
    const order = notRefilled();
    order.ask();
    order.says(2, 'Completed', 10);
    expect(order.resolve('extend', { hours: 1 }).ok).toBe(true);
    expect(order.attention).toBe('none');
    order.says(2, 'Completed', 0);
    expect(order.refills).toMatchObject([{ outcome: 'Completed' }]);
  });
});

describe('an order that is taken up', () => {
  it('ends a refill whose last item was delivered again, instead of sending it once more', () => {
    const order = notRefilled();
    order.ask();
    // The end of the batch was stored, but not the end of the refill.
    Object.assign(order.again.get(2) ?? {}, { state: 'done', delivered: 400 });
    order.takeUp();
    expect([order.again.size, order.refills[0]?.outcome]).toEqual([1, 'Completed']);
  });

  it('goes on from what PostgreSQL knows when it hears of a refill that it does not know', () => {
    const order = new HandDrivenRefills();
    order.refills.push({ missing: null, stage: 'tracked', reviewAt: order.now + DAY, before: null, outcome: null });
    expect(order.window.current).toBeNull();
    order.ends(1);
    expect(order.window.current?.number).toBe(1);
    order.ends(1);
    expect(order.refills).toMatchObject([{ outcome: 'Completed' }]);
  });
});
