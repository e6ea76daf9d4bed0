import { afterAll, beforeAll, expect, test } from 'vitest';
import { above, type Tally } from '../support/reads/tally.ts';
import { quietWorld } from '../support/worlds/quiet.ts';

const open = await quietWorld({ refill_days: 30 });
afterAll(open.close);

const ORDERS = 10;
/** Orders after which PostgreSQL's processes have their plans and their catalogue in memory. */
const FIRST = 8;
/** Of an order, those that the webhook is sent: accepted, in_progress, completed. Of a refill: requested, in_progress, completed. */
const EVENTS = 3;

interface Counted {
  readonly placing: Tally;
  /** The round of the watch, shared by all orders, and the settlements. */
  readonly settling: Tally;
  readonly orderEvents: Tally;
  readonly refilling: Tally;
  readonly refillEnding: Tally;
  readonly refillEvents: Tally;
}

/** Orders from their placement to the end of a refill. Returns what each step of one order did in PostgreSQL. */
async function live(count: number): Promise<Counted> {
  const { tallies, panel, round, quiet, sendEvents } = open;
  const ids: number[] = [];
  for (let n = 0; n < count; n += 1) ids.push(await open.place());
  const placing = await tallies.since(count);
  await round();
  for (const id of ids) await quiet(id);
  const settling = await tallies.since(count);
  await sendEvents(EVENTS * count);
  const orderEvents = await tallies.since(count);
  for (const id of ids) {
    await open.refill(id);
    await quiet(id);
  }
  const refilling = await tallies.since(count);
  panel.onRefillStatus = () => 'Completed';
  await round();
  for (const id of ids) await quiet(id);
  const refillEnding = await tallies.since(count);
  await sendEvents(EVENTS * count);
  return { placing, settling, orderEvents, refilling, refillEnding, refillEvents: await tallies.since(count) };
}

let counted: Counted;
beforeAll(async () => {
  await live(FIRST);
  await open.watched();
  await open.tallies.since(1);
  counted = await live(ORDERS);
  const rows = await open.world.sql<{ status: string; count: number }[]>`
    select status, count(*)::integer as count from orders group by status`;
  expect(rows).toEqual([{ status: 'Completed', count: FIRST + ORDERS }]);
});

/**
 * What a plain order may cost: one with a webhook, on a service with refills. The events of eight are read in four commits; how many
 * of their successes share one depends on when the receiver answers, so the limit is that of a commit each.
 */
const LIMITS: Readonly<Record<keyof Counted, Tally>> = {
  placing: { commits: 6, updated: 7, inserted: 11, read: 116 },
  settling: { commits: 2.4, updated: 5, inserted: 7, read: 90 },
  orderEvents: { commits: 4.7, updated: 6, inserted: 0, read: 75 },
  refilling: { commits: 18, updated: 6, inserted: 7, read: 87 },
  refillEnding: { commits: 3.4, updated: 5, inserted: 2, read: 45 },
  refillEvents: { commits: 4.7, updated: 6, inserted: 0, read: 75 },
};

test.each(Object.keys(LIMITS) as (keyof Counted)[])('%s costs no more commits and rows than its limit', (step) => {
  expect(above(LIMITS[step], counted[step])).toEqual({});
});
