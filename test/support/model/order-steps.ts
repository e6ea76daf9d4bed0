import { expect } from 'vitest';
import type { OrderRequest } from '../../../domain/placement/order-terms.ts';
import { orderQuery, pauseUpdate, refillUpdate, resolveUpdate, resumeUpdate } from '../../../workflows/contract.ts';
import { placeClaim } from '../reads/place.ts';
import type { ShopOptions } from '../worlds/shop.ts';
import type { World } from '../worlds/world.ts';
import { eventually, SteppedOrder } from './stepped-order.ts';

/** A step of an order's life, and how the order continues from it. */
export interface OrderStep {
  readonly name: string;
  readonly link: string;
  service?(world: World): ShopOptions['service'];
  readonly request?: Partial<OrderRequest>;
  /** Brings a newly placed order to this step. */
  reach(order: SteppedOrder): Promise<void>;
  /** Happens while the order's workflow is gone. */
  meanwhile?(order: SteppedOrder): Promise<unknown>;
  /** What the order needs to end, and its end; by default nothing, and Completed with 1000 delivered. */
  finish?(order: SteppedOrder): Promise<unknown>;
  readonly ends?: { readonly status: string; readonly delivered: number };
  /** How many times the order was sent, at its end. */
  readonly sends: number;
  /** How the order ends when it is canceled at this step. */
  readonly canceled: { readonly status: string; readonly delivered: number; readonly sends: number };
}

const CANCELED = { status: 'Canceled', delivered: 0 };
const STOPPED_AT_400 = { status: 'Partial', delivered: 400, sends: 1 };
const completes = (order: SteppedOrder) => order.providerSays({ status: 'Completed', remains: 0 });
const HOUR = 3_600_000;

/** The steps of an order's life that a test reaches without waiting for long. */
export const ORDER_STEPS: readonly OrderStep[] = [
  {
    name: 'that is scheduled',
    link: 'seconds:1',
    request: { scheduledAt: Date.now() + HOUR },
    reach: (order) => order.becomes({ status: 'Pending' }),
    // Makes the scheduled time pass.
    meanwhile: ({ id, world }) =>
      world.sql`update orders set scheduled_at = now(), next_run_at = now() where id = ${id}`,
    sends: 1,
    canceled: { ...CANCELED, sends: 0 },
  },
  {
    name: 'whose provider takes its time to answer',
    link: 'stall:0,fault:drip:250@add*1',
    reach: (order) => eventually(async () => expect(order.sends).toBe(1)),
    finish: async (order) => {
      const known = async () => (await order.handle.query(orderQuery)).batches.map(({ state }) => state);
      await eventually(async () => expect(await known()).toEqual(['running']));
      await completes(order);
    },
    sends: 1,
    canceled: { ...CANCELED, sends: 1 },
  },
  {
    name: 'that is being delivered',
    link: 'stall:400,speed:10000',
    reach: (order) => order.becomes({ status: 'In progress', delivered: 400 }),
    finish: completes,
    sends: 1,
    canceled: STOPPED_AT_400,
  },
  {
    name: 'that ends at its provider meanwhile',
    link: 'stall:400,speed:10000',
    reach: (order) => order.becomes({ status: 'In progress', delivered: 400 }),
    meanwhile: (order) => order.providerSays({ status: 'Partial', remains: 600 }),
    ends: { status: 'Partial', delivered: 400 },
    sends: 1,
    canceled: STOPPED_AT_400,
  },
  {
    name: 'between two runs of its drip-feed',
    link: 'seconds:1',
    request: { quantity: 500, dripFeed: { runs: 2, intervalMinutes: 60 } },
    reach: (order) => order.becomes({ status: 'In progress', delivered: 500 }),
    meanwhile: ({ id, world }) => world.sql`update orders set next_run_at = now() where id = ${id}`,
    sends: 2,
    canceled: { status: 'Partial', delivered: 500, sends: 1 },
  },
  {
    name: 'that is paused',
    link: 'stall:400,speed:10000',
    reach: async (order) => {
      await order.becomes({ status: 'In progress', delivered: 400 });
      await order.ask(pauseUpdate, { reason: 'private' });
      await order.becomes({ attention: 'paused' });
    },
    finish: async (order) => {
      await order.becomes({ attention: 'paused', reason: 'private' });
      await order.ask(resumeUpdate, {});
      await order.becomes({ attention: 'none' });
      await completes(order);
    },
    sends: 1,
    canceled: STOPPED_AT_400,
  },
  {
    name: 'that waits for a person',
    link: 'stall:400,speed:10000',
    service: () => ({ review_after_seconds: 1 }),
    reach: (order) => order.becomes({ attention: 'review', delivered: 400 }),
    finish: (order) => order.ask(resolveUpdate, { action: 'partial', delivered: 300 }),
    ends: { status: 'Partial', delivered: 300 },
    sends: 1,
    canceled: STOPPED_AT_400,
  },
  {
    name: 'of which nobody knows whether it was placed',
    link: 'stall:0,fault:accept-drop@add*1',
    reach: (order) => order.becomes({ attention: 'uncertain' }),
    finish: async (order) => {
      const [found] = order.world.provider.orders(order.link);
      await order.ask(resolveUpdate, { action: 'attach', providerOrder: String(found?.order) });
      await completes(order);
    },
    sends: 1,
    // A cancel cannot stop it: only a person can decide whether it was placed.
    canceled: { ...CANCELED, sends: 1 },
  },
  {
    name: 'whose target does not show it yet',
    link: 'seconds:1',
    service: ({ provider }) => ({ verify: 'counter', counter_url: `${provider.url}/counter`, recheck_seconds: 2 }),
    reach: async (order) => {
      await order.world.provider.lieAbout(order.link, { count: 0 });
      await order.becomes({ status: 'In progress', delivered: 1000 });
      await eventually(async () => expect(await order.handle.query(orderQuery)).toMatchObject({ batches: [] }));
    },
    meanwhile: ({ link, world }) => world.provider.lieAbout(link, null),
    sends: 1,
    canceled: { status: 'Completed', delivered: 1000, sends: 1 },
  },
  {
    name: 'that can be refilled',
    link: 'seconds:1,onrefill:0',
    service: () => ({ refill_days: 30 }),
    reach: (order) => order.becomes({ status: 'Completed' }),
    finish: async (order) => {
      await order.ask(refillUpdate, { reason: 'dropped' });
      await order.heard('refill.completed by provider');
    },
    sends: 1,
    canceled: { status: 'Completed', delivered: 1000, sends: 1 },
  },
];

let links = 0;

/** Places an order and brings it to a step. */
export async function atStep(world: World, step: OrderStep): Promise<SteppedOrder> {
  links += 1;
  const link = `https://example.com/step/${links}?sim=${step.link}`;
  const { claim } = await world.shop({ service: step.service?.(world) ?? {} });
  const id = await claim({ link, ...step.request });
  await placeClaim(world.sql, world.temporal, id);
  const order = new SteppedOrder(world, id, link);
  await step.reach(order);
  return order;
}
