import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { overdueOrders } from '../../db/reconcile/overdue-orders.ts';
import { listReviews } from '../../db/review/reviews.ts';
import { pauseSignal, refillSignal } from '../../workflows/contract.ts';
import { changedWorkflows } from '../support/engines/changed-workflows.ts';
import { attemptOf, running, sending } from '../support/engines/running.ts';
import { SteppedOrder } from '../support/model/stepped-order.ts';
import { booksOf } from '../support/reads/books.ts';
import { placeClaim } from '../support/reads/place.ts';
import { alertAbout, reconcile } from '../support/worlds/reconciling.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

let world: World;

beforeAll(async () => {
  world = await realWorld();
});
afterAll(() => world.close());

/** Failing tasks are retried at growing intervals, and a run of the reconciler takes a moment. */
const soon = { timeout: 60_000, interval: 250 };
const HOUR = 3_600_000;

async function placed(script: string, more: object = {}): Promise<SteppedOrder> {
  const { claim } = await world.shop();
  const link = `https://example.com/stuck/${Math.random()}?sim=${script}`;
  const id = await claim({ link, ...more });
  await placeClaim(world.sql, world.temporal, id);
  return new SteppedOrder(world, id, link);
}

const alert = ({ id }: SteppedOrder) => alertAbout(world, 'workflow_stuck', `order:${id}`);
const stateOf = (order: SteppedOrder) => async () => {
  await reconcile(world);
  return (await alert(order)).state;
};

describe('orders whose workflow cannot go on after a deploy', () => {
  it('are alerted and shown to a person, left alone, and go on after the next deploy', async () => {
    const { sql } = world;
    const good = await world.startWorkers();
    const [delivered, scheduled, asked, untouched] = await Promise.all([
      placed('stall:400,speed:10000'),
      placed('seconds:1', { scheduledAt: Date.now() + HOUR }),
      placed('stall:0'),
      placed('stall:0'),
    ]);
    await delivered.becomes({ status: 'In progress', delivered: 400 });
    await asked.becomes({ status: 'In progress' });
    await untouched.becomes({ status: 'In progress' });
    for (const { id } of [delivered, asked, untouched]) await world.quietHistory(id);
    await good.stop();

    const bad = await world.startWorkers(changedWorkflows());
    // It ended while no worker ran. The new workers signal the end to its workflow in vain.
    await delivered.providerSays({ status: 'Partial', remains: 600 });
    // A refill signal, which would only be refused; and the database says that its start is due.
    await scheduled.handle.signal(refillSignal, { by: 'ann' });
    await sql`update orders set next_run_at = now() - interval '5 minutes' where id = ${scheduled.id}`;
    // A pause request, of which the database has no trace.
    await asked.handle.signal(pauseSignal, { by: 'ann' });
    const { runId } = await delivered.handle.describe();
    for (const order of [delivered, scheduled, asked]) {
      await expect.poll(stateOf(order), soon).toBe('open');
      await order.isNow({ attention: 'review' });
    }
    expect(await alert(delivered)).toMatchObject({ detail: expect.stringContaining('fails again and again') });
    expect((await reconcile(world))('workflow_stuck')).toBe('3 found, 0 repaired');
    expect(await alert(untouched)).toMatchObject({ state: 'none' });
    const { rows: shown } = await listReviews(sql, { attention: 'review' }, 10);
    expect(shown.map(({ order }) => order).sort()).toEqual([delivered.id, scheduled.id, asked.id].sort());
    // The workflow was neither ended nor restarted.
    expect(await delivered.handle.describe()).toMatchObject({ runId, status: { name: 'RUNNING' } });
    expect(await booksOf(sql, delivered.id)).toMatchObject({ charge: 90_000_000n, refunded: 0n, escrow: 90_000_000n });
    await bad.stop();

    await world.startWorkers();
    await delivered.becomes({ status: 'Partial', delivered: 400, attention: 'none' });
    for (const order of [delivered, scheduled, asked]) await expect.poll(stateOf(order), soon).toBe('resolved');
    await asked.isNow({ status: 'In progress', attention: 'paused' });
    await scheduled.isNow({ status: 'Pending', attention: 'none' });
    await untouched.isNow({ status: 'In progress', attention: 'none' });
    expect((await reconcile(world))('workflow_stuck')).toBe('0 found, 0 repaired');
    expect(await booksOf(sql, delivered.id)).toMatchObject({ charge: 36_000_000n, refunded: 54_000_000n, escrow: 0n });
    expect([delivered.sends, scheduled.sends, asked.sends, untouched.sends]).toEqual([1, 0, 1, 1]);
  });
});

describe('something is due of an order', () => {
  const isOverdue = async (id: number) => (await overdueOrders(world.sql, id - 1, 120, 1)).includes(id);
  const order = async (request: object = {}) => (await world.shop()).order(request);
  const later = new Date(Date.now() + HOUR);

  it('that was placed and never begun, but not for as long as it is paused', async () => {
    const id = await order();
    expect(await isOverdue(id)).toBe(false);
    await world.sql`update orders set created_at = created_at - interval '5 minutes' where id = ${id}`;
    expect(await isOverdue(id)).toBe(true);
    await world.sql`update orders set paused_at = now(), paused_by = 'ann' where id = ${id}`;
    expect(await isOverdue(id)).toBe(false);
  });

  it('whose start, or next run, has passed', async () => {
    const id = await order({ scheduledAt: later.getTime() });
    await world.sql`update orders set created_at = created_at - interval '1 day' where id = ${id}`;
    expect(await isOverdue(id)).toBe(false);
    await world.sql`update orders set next_run_at = now() - interval '5 minutes' where id = ${id}`;
    expect(await isOverdue(id)).toBe(true);
  });

  it('that has been sending for minutes', async () => {
    const id = await order();
    await sending(world.sql, attemptOf(id));
    expect(await isOverdue(id)).toBe(false);
    await world.sql`update attempts set sending_at = sending_at - interval '5 minutes' where order_id = ${id}`;
    expect(await isOverdue(id)).toBe(true);
  });

  it('whose workflow was told of a report and has not acted on it', async () => {
    const id = await order();
    await running(world.sql, id, `told ${id}`);
    expect(await isOverdue(id)).toBe(false);
    await world.sql`update batches set report_version = 1, reported_at = now() where order_id = ${id}`;
    expect(await isOverdue(id)).toBe(true);
    await world.sql`update batches set acked_version = 1 where order_id = ${id}`;
    expect(await isOverdue(id)).toBe(false);
  });

  it('whose refill was never asked for', async () => {
    const id = await order();
    await running(world.sql, id, `refilled ${id}`);
    await world.sql`
      insert into refills (order_id, number, requested_by, requested_at, review_at)
        values (${id}, 1, 'ann', now(), now() + interval '1 day')`;
    expect(await isOverdue(id)).toBe(false);
    await world.sql`update refills set requested_at = now() - interval '5 minutes' where order_id = ${id}`;
    expect(await isOverdue(id)).toBe(true);
  });
});
