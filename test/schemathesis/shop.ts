import { createKey, createStaffKey } from '../../db/account/accounts.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import type { World } from '../support/worlds/world.ts';

/** The tests send requests as fast as they can. */
const NO_LIMITS = {
  RATE_LIMIT_PER_SECOND: 1_000_000,
  RATE_LIMIT_BURST: 1_000_000,
  ADDRESS_LIMIT_PER_SECOND: 1_000_000,
  ADDRESS_LIMIT_BURST: 1_000_000,
};

export interface OpenShop {
  readonly api: ServedApi;
  readonly keys: { readonly customer: string; readonly staff: string };
}

/** The API with a service, a balance to pay with, and an order to ask about. */
export async function openForTrials(world: World): Promise<OpenShop> {
  await world.startWorkers();
  const api = await serveApi({ ...world, rates: NO_LIMITS, mail: true });
  const shop = await world.shop({ balance: '1000000', service: { drip_feed: true, refill_days: 30 } });
  const customer = await createKey(world.sql, { accountId: shop.account, name: 'customer' });
  const staff = await createStaffKey(world.sql);
  await keepKeys(world, [customer.id, staff.id]);
  const order = { service: shop.service, link: 'https://example.com/p/1?sim=seconds:600', quantity: 1000 };
  const placed = await api.v1('/v1/orders', { key: customer.key, body: order, idempotencyKey: 'first' });
  if (placed.status !== 201) throw new Error(`placing the first order answered ${placed.status}`);
  return { api, keys: { customer: customer.key, staff: staff.key } };
}

/** The trials find ids in answers and revoke keys, also their own: without it every later answer would be a 401. */
async function keepKeys({ sql }: World, ids: readonly number[]): Promise<void> {
  await sql.unsafe(`
    create function keep_key() returns trigger language plpgsql as $$
    begin
      new.revoked_at := null;
      return new;
    end $$;
    create trigger keep_key before update of revoked_at on api_keys
      for each row when (old.id in (${ids.join()})) execute function keep_key()`);
}
