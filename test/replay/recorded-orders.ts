import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { OrderRequest } from '../../domain/placement/order-terms.ts';
import {
  cancelUpdate,
  orderQuery,
  pauseUpdate,
  refillUpdate,
  resolveUpdate,
  resumeUpdate,
  type WorkflowView,
} from '../../workflows/contract.ts';
import { placeClaim } from '../support/reads/place.ts';
import type { Shop, ShopOptions } from '../support/worlds/shop.ts';
import type { World } from '../support/worlds/world.ts';

/** A kind of order whose history is kept. */
export interface RecordedOrder {
  readonly name: string;
  /** The script for the simulated provider, in the link. */
  readonly sim: string;
  readonly request?: Partial<OrderRequest>;
  readonly service?: ShopOptions['service'];
  /** Prepares what must exist before the order. */
  readonly before?: (world: World, shop: Shop, link: string) => Promise<unknown>;
  /** The target is counted, and counted again after a second. */
  readonly counted?: true;
  /** When `people` act: once the view matches. */
  readonly when?: Partial<WorkflowView>;
  readonly people?: (order: WorkflowHandle) => Promise<unknown>;
  /** Where recording stops, for an order that would go on for days. */
  readonly until?: Partial<WorkflowView>;
}

const by = 'ann';

/** Waits until the workflow's view of its order matches. */
export async function until(order: WorkflowHandle, expected: Partial<WorkflowView>): Promise<void> {
  for (;;) {
    const view = await order.query(orderQuery);
    const entries = Object.entries(expected) as [keyof WorkflowView, unknown][];
    if (entries.every(([name, value]) => view[name] === value)) return;
    await delay(100);
  }
}

const refilled = { when: { status: 'Completed' }, service: { refill_days: 30 } } as const;
const askForRefill = (order: WorkflowHandle) =>
  order.executeUpdate(refillUpdate, { args: [{ by, reason: 'dropped' }] });

export const RECORDED_ORDERS: readonly RecordedOrder[] = [
  { name: 'plain-completed', sim: 'seconds:1' },
  { name: 'plain-partial', sim: 'seconds:1,partial:600' },
  { name: 'plain-canceled', sim: 'delay:100,cancel' },
  { name: 'plain-refused', sim: 'refuse' },
  { name: 'drip-feed', sim: 'seconds:1', request: { quantity: 100, dripFeed: { runs: 2, intervalMinutes: 1 } } },
  {
    name: 'canceled-by-a-person',
    sim: 'stall:500,speed:1000',
    when: { status: 'In progress' },
    people: (order) => order.executeUpdate(cancelUpdate, { args: [{ by, reason: 'mistake' }] }),
  },
  {
    name: 'paused-resumed-and-settled',
    sim: 'stall:500,speed:1000',
    when: { status: 'In progress' },
    people: async (order) => {
      await order.executeUpdate(pauseUpdate, { args: [{ by, reason: 'private' }] });
      await order.executeUpdate(resumeUpdate, { args: [{ by }] });
      await order.executeUpdate(pauseUpdate, { args: [{ by, reason: 'deleted' }] });
      await order.executeUpdate(resolveUpdate, { args: [{ by, action: 'partial', delivered: 300 }] });
    },
  },
  {
    name: 'uncertain-given-up',
    sim: 'fault:accept-drop@add',
    when: { attention: 'uncertain' },
    people: (order) => order.executeUpdate(resolveUpdate, { args: [{ by, reason: 'not found', action: 'cancel' }] }),
  },
  {
    name: 'counted-in-conflict',
    sim: 'seconds:1,drop:500:after:0',
    counted: true,
    when: { attention: 'conflict' },
    people: (order) => order.executeUpdate(resolveUpdate, { args: [{ by, action: 'partial', delivered: 500 }] }),
  },
  {
    name: 'refilled',
    sim: 'seconds:1,onrefill:1',
    ...refilled,
    people: askForRefill,
    until: { refill: null },
  },
  {
    name: 'refill-in-review',
    sim: 'seconds:1,onrefill:refuse',
    ...refilled,
    people: async (order) => {
      await askForRefill(order);
      await until(order, { attention: 'review' });
      await order.executeUpdate(resolveUpdate, { args: [{ by, action: 'partial', delivered: 600 }] });
    },
    until: { refill: null },
  },
  {
    name: 'queued',
    sim: 'seconds:2',
    service: { duplicate_link: 'queue' },
    before: async ({ sql, temporal }, { claim }, link) => placeClaim(sql, temporal, await claim({ link })),
  },
  {
    name: 'provider-paused',
    sim: 'seconds:1',
    before: async ({ sql }, { providers }) => sql`
      update providers set paused_until = clock_timestamp() + interval '3 seconds', pause_reason = 'staff'
        where id = ${providers[0] ?? 0}`,
  },
];
