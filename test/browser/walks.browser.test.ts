import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { openSupport, type Support } from '../support/worlds/support.ts';

/** The first walk-through of docs/support.md; the others are in walks.release.test.ts. With `UPDATE_SCREENSHOTS=1` they also make its pictures. */
describe('a support person in the Temporal UI', () => {
  let support: Support;
  beforeAll(async () => {
    support = await openSupport('default', 10_001);
  });
  afterAll(() => support?.close());

  it('finds a stuck order, reads it, and settles it with what was delivered', async () => {
    const { world, ui, place, order, timeline } = support;
    const { id } = await place('stall:400,speed:1000', { review_after_seconds: 1 });
    await support.found('OrderStatus="In progress" AND Attention="review"').toEqual([`order-${id}`]);
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

    await support.reads().toMatch(/^Partial · reason: unknown · delivered 400 of 1000 \(40 %\)/);
    expect(await ui.details()).toContain('Money: price 0.9 = charge 0.36 + refund 0.54');
    await ui.picture('stuck-resolved');
    expect(await order(id)).toMatchObject({ status: 'Partial', delivered: 400n, charge: 36_000_000n });
    expect(await timeline(id)).toContain('resolved.partial by staff (Temporal UI): ann');
    await support.found('OrderStatus="In progress" AND Attention="review"').toEqual([]);
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
