import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { refillsOf } from '../../db/refill/refills.ts';
import { openSupport, type Support } from '../support/worlds/support.ts';

/** The walk-throughs of docs/support.md. With `UPDATE_SCREENSHOTS=1` they also make its pictures. */
describe('a support person in the Temporal UI', () => {
  let support: Support;
  beforeAll(async () => {
    support = await openSupport('default');
  });
  afterAll(() => support?.close());

  const found = (query: string) => expect.poll(() => support.ui.find(query), { timeout: 30_000 });
  const reads = () => expect.poll(() => support.ui.details(), { timeout: 30_000 });

  it('finds a stuck order, reads it, and settles it with what was delivered', async () => {
    const { world, ui, place, order, timeline } = support;
    const { id } = await place('stall:400,speed:1000', { review_after_seconds: 1 });
    await found('OrderStatus="In progress" AND Attention="review"').toEqual([`order-${id}`]);
    await ui.picture('stuck-found', 300);

    await ui.choose(id);
    const details = await ui.details();
    expect(details).toMatch(/^In progress · needs attention: review/);
    expect(details).toMatch(/The signal resolve decides: extend, partial, complete, cancel, redispatch/);
    expect(details).toContain('Money: 0.9 held');
    expect(details).toMatch(/batch 1: order \d+ at provider \d+/);
    expect(await ui.showsAllDetails()).toBe(true);
    await ui.picture('stuck-details');

    const signals = await ui.list('Signal');
    expect(signals).toContainEqual(
      expect.stringMatching(/^resolve\s+Decides an order that waits for a person\. {"by": /),
    );
    expect(signals).toContainEqual(expect.stringMatching(/^pause\s+Sends nothing further/));
    await ui.picture('signals');

    await ui.open(id);
    const decision = '{"by": "ann", "reason": "the provider stopped at 400", "action": "partial", "delivered": 400}';
    await ui.compose('Signal', 'resolve', decision);
    await ui.picture('stuck-resolve');
    expect(await ui.submit()).toBe('Workflow signaled.');

    await reads().toMatch(/^Partial · reason: unknown · delivered 400 of 1000 \(40 %\)/);
    expect(await ui.details()).toContain('Money: price 0.9 = charge 0.36 + refund 0.54');
    await ui.picture('stuck-resolved');
    expect(await order(id)).toMatchObject({ status: 'Partial', delivered: 400n, charge: 36_000_000n });
    expect(await timeline(id)).toContain('resolved.partial by staff (Temporal UI): ann');
    await found('OrderStatus="In progress" AND Attention="review"').toEqual([]);
    expect(await verifyLedger(world.sql)).toEqual([]);
  });

  it('finds out whether an order was placed, and attaches it to the provider’s', async () => {
    const { world, ui, place, order, timeline } = support;
    const { id, link } = await place('fault:accept-drop,stall:400,speed:1000');
    await found('Attention="uncertain"').toEqual([`order-${id}`]);

    await ui.choose(id);
    expect(await ui.details()).toMatch(/it may or may not have been placed.*attach, notPlaced, cancel/);
    expect(await ui.details()).toMatch(/batch 1: may be at provider \d+/);
    await ui.picture('uncertain-details');

    const there = world.provider.orders(link);
    expect(there).toHaveLength(1);
    const decision = `{"by": "ann", "reason": "found by its link", "action": "attach", "providerOrder": "${there[0]?.order}"}`;
    await ui.open(id);
    await ui.compose('Signal', 'resolve', decision);
    await ui.picture('uncertain-resolve');
    expect(await ui.submit()).toBe('Workflow signaled.');

    await reads().toMatch(/^In progress · delivered by ended batches/);
    expect(await ui.details()).toContain(`batch 1: order ${there[0]?.order} at provider`);
    await ui.picture('uncertain-resolved');
    expect(await timeline(id)).toContain('resolved.attach by staff (Temporal UI): ann');
    expect(world.provider.adds(link)).toHaveLength(1);
    await world.provider.force(there[0]?.order ?? 0, { status: 'Completed', remains: '0' });
    await expect.poll(() => order(id), { timeout: 30_000 }).toMatchObject({ status: 'Completed', charge: 90_000_000n });
    expect(await verifyLedger(world.sql)).toEqual([]);
  });

  it('sends a Completed order that has dropped to its provider for a refill', async () => {
    const { world, ui, place, order, timeline } = support;
    const { id } = await place('seconds:1,drop:300:after:1,onrefill:3600', { refill_days: 30 });
    await found(`OrderStatus="Completed" AND WorkflowId="order-${id}"`).toEqual([`order-${id}`]);

    await ui.choose(id);
    expect(await ui.details()).toMatch(/^Completed · delivered 1000 of 1000/);
    expect(await ui.details()).toMatch(/Next step: the signal refill asks for a refill, until 20\d\d-/);
    await ui.picture('refill-details');

    await ui.compose('Signal', 'refill', '{"by": "ann", "reason": "300 followers are gone"}');
    await ui.picture('refill-dialog');
    expect(await ui.submit()).toBe('Workflow signaled.');
    await reads().toMatch(/none, a refill is under way.*\s*.*\s*.*Refill \d+: /);
    await ui.picture('refill-taken');
    expect(await timeline(id)).toContain('refill.requested by staff (Temporal UI): ann');
    expect(await refillsOf(world.sql, id, undefined, 10)).toMatchObject([{ status: 'In progress' }]);

    expect(await ui.send('Signal', 'refill', '{"by": "bob", "reason": "still gone"}')).toBe('Workflow signaled.');
    await expect.poll(() => timeline(id), { timeout: 30_000 }).toContain('refill.refused by staff (Temporal UI): bob');
    expect(await refillsOf(world.sql, id, undefined, 10)).toHaveLength(1);
    expect(await order(id)).toMatchObject({ status: 'Completed', attention: 'none', refunded: 0n });
    expect(await verifyLedger(world.sql)).toEqual([]);
  });

  it('has views to open that the server understands', async () => {
    const docs = readFileSync(new URL('../../docs/support.md', import.meta.url), 'utf8');
    const views = [...docs.matchAll(/\/workflows\?query=([^)]+)\)\s+\| `([^`]+)`/g)];
    expect(views.length).toBeGreaterThan(5);
    for (const [, linked = '', query = ''] of views) {
      expect(decodeURIComponent(linked)).toBe(query);
      expect(await support.world.temporal.workflow.count(query)).toMatchObject({ count: expect.any(Number) });
    }
  });
});
