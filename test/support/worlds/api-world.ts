import { expect, inject } from 'vitest';
import { createKey, createStaffKey } from '../../../db/account/accounts.ts';
import { verifyLedger } from '../../../db/ledger/ledger.ts';
import { postgresOfOurOwn } from '../engines/engines.ts';
import { type ServedApi, serveApi } from './api.ts';
import type { Shop, ShopOptions } from './shop.ts';
import { openWorld, realWorld, sharedWorkflows, type World } from './world.ts';

/** A real world with the API in front of it, a customer with a shop, and a staff member. */
export interface ApiWorld {
  readonly world: World;
  readonly api: ServedApi;
  readonly shop: Shop;
  /** The customer's key. */
  readonly key: string;
  readonly staff: string;
  /** Closes everything and expects the ledger to have no drift. */
  readonly close: () => Promise<void>;
}

export interface ApiWorldOptions {
  /** Columns of the shop's service, see openShop. */
  readonly service?: ShopOptions['service'];
  /** Whether workers run; default true. Without workers no order begins. */
  readonly workers?: boolean;
  /** Name of the staff key, as it appears in timelines and the audit log. */
  readonly staffName?: string;
  /**
   * Whether the database has a PostgreSQL server of its own; default false. On the shared one, the lists and streams of an
   * account's events wait for the transactions of all other tests.
   */
  readonly ownServer?: boolean;
}

export async function apiWorld({
  service = {},
  workers = true,
  staffName,
  ownServer = false,
}: ApiWorldOptions = {}): Promise<ApiWorld> {
  const server = ownServer ? await postgresOfOurOwn() : undefined;
  const world =
    server === undefined
      ? await realWorld()
      : await openWorld({
          postgresUrl: server.value,
          temporalAddress: inject('temporalAddress'),
          workflows: sharedWorkflows(),
        });
  if (workers) await world.startWorkers();
  const api = await serveApi(world);
  const shop = await world.shop({ service });
  const { key } = await createKey(world.sql, { accountId: shop.account, name: 'test' });
  const { key: staff } = await createStaffKey(world.sql, staffName === undefined ? {} : { name: staffName });
  return {
    world,
    api,
    shop,
    key,
    staff,
    close: async () => {
      const drift = await verifyLedger(world.sql);
      await api.close();
      await world.close();
      await server?.stop();
      expect(drift).toEqual([]);
    },
  };
}
