import { expect } from 'vitest';
import { createKey } from '../../../db/account/accounts.ts';
import { serveApi } from './api.ts';
import { mustPlace } from './placing.ts';
import type { ShopOptions } from './shop.ts';
import { openTemporalUi, type TemporalUi } from './temporal-ui.ts';
import { realWorld, type World } from './world.ts';

/** The tools of a support person: orders as customers place them, the Temporal UI, and reads from PostgreSQL. */
export interface Support {
  readonly world: World;
  readonly ui: TemporalUi;
  /** Places an order of 1000 for a new service. `sim` is the script for the simulated provider. */
  place(sim: string, service?: ShopOptions['service']): Promise<{ id: number; link: string }>;
  order(id: number): Promise<ShownOrder | undefined>;
  /** `order.paused by ann`, oldest first. */
  timeline(id: number): Promise<string[]>;
  /** Expects of the workflows that the UI finds; waits until it holds. */
  found(query: string): Polled<string[]>;
  /** Expects of the details that the UI shows; waits until it holds. */
  reads(): Polled<string>;
  close(): Promise<void>;
}

/** An expectation that is tried again until it holds. */
type Polled<T> = ReturnType<typeof expect.poll<T>>;

/** An uncertain order is first looked for at its provider, and a busy machine is slow. */
const PATIENT = { timeout: 90_000 };

interface ShownOrder {
  readonly status: string;
  readonly attention: string;
  readonly delivered: bigint;
  readonly charge: bigint;
  readonly refunded: bigint;
}

/**
 * `namespace` must exist on the server; by default a new one. `firstOrder`: the id of its first order. Worlds that share a namespace
 * need ids of their own, since an order's id is its workflow's.
 */
export async function openSupport(namespace?: string, firstOrder?: number): Promise<Support> {
  const world = await realWorld({ identity: 'holdfast-worker', ...(namespace === undefined ? {} : { namespace }) });
  const { sql } = world;
  if (firstOrder !== undefined) await sql`select setval('order_ids', ${firstOrder}, false)`;
  await world.startWorkers();
  const api = await serveApi(world);
  const closeAll = async () => {
    await api.close();
    await world.close();
  };
  const ui = await openTemporalUi(world.namespace).catch(async (error: unknown) => {
    await closeAll();
    throw error;
  });

  return {
    world,
    ui,
    place: async (sim, service = {}) => {
      const shop = await world.shop({ service: { name: 'Instagram followers', ...service } });
      const { key } = await createKey(sql, { accountId: shop.account, name: 'test' });
      const link = `https://example.com/p/${shop.service}?sim=${sim}`;
      const body = { service: shop.service, link, quantity: 1000 };
      return { id: await mustPlace(api, { key, body, idempotencyKey: link }), link };
    },
    order: async (id) => {
      const [row] = await sql<ShownOrder[]>`
        select status, attention, delivered, charge, refunded from orders where id = ${id}`;
      return row;
    },
    timeline: async (id) => {
      const rows = await sql<{ line: string }[]>`
        select type || ' by ' || actor as line from events where order_id = ${id} order by id`;
      return rows.map(({ line }) => line);
    },
    found: (query) => expect.poll(() => ui.find(query), PATIENT),
    reads: () => expect.poll(() => ui.details(), PATIENT),
    close: async () => {
      await ui.close();
      await closeAll();
    },
  };
}
