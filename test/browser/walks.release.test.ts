import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { refillsOf } from '../../db/refill/refills.ts';
import { openSupport, type Support } from '../support/worlds/support.ts';

/** The other walk-throughs of docs/support.md. */
describe('a support person in the Temporal UI', () => {
  let support: Support;
  beforeAll(async () => {
    support = await openSupport('default', 20_001);
  });
  afterAll(() => support?.close());

  it('finds out whether an order was placed, and attaches it to the provider’s', async () => {
    const { world, ui, place, order, timeline } = support;
    const { id, link } = await place('fault:accept-drop,stall:400,speed:1000');
    await support.found('Attention="uncertain"').toEqual([`order-${id}`]);

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

    await support.reads().toMatch(/^In progress · delivered by ended batches/);
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
    await support.found(`OrderStatus="Completed" AND WorkflowId="order-${id}"`).toEqual([`order-${id}`]);

    await ui.choose(id);
    expect(await ui.details()).toMatch(/^Completed · delivered 1000 of 1000/);
    expect(await ui.details()).toMatch(/Next step: the signal refill asks for a refill, until 20\d\d-/);
    await ui.picture('refill-details');

    await ui.compose('Signal', 'refill', '{"by": "ann", "reason": "300 followers are gone"}');
    await ui.picture('refill-dialog');
    expect(await ui.submit()).toBe('Workflow signaled.');
    await support.reads().toMatch(/none, a refill is under way.*\s*.*\s*.*Refill \d+: /);
    await ui.picture('refill-taken');
    expect(await timeline(id)).toContain('refill.requested by staff (Temporal UI): ann');
    expect(await refillsOf(world.sql, id, undefined, 10)).toMatchObject([{ status: 'In progress' }]);

    expect(await ui.send('Signal', 'refill', '{"by": "bob", "reason": "still gone"}')).toBe('Workflow signaled.');
    await expect.poll(() => timeline(id), { timeout: 30_000 }).toContain('refill.refused by staff (Temporal UI): bob');
    expect(await refillsOf(world.sql, id, undefined, 10)).toHaveLength(1);
    expect(await order(id)).toMatchObject({ status: 'Completed', attention: 'none', refunded: 0n });
    expect(await verifyLedger(world.sql)).toEqual([]);
  });
});
