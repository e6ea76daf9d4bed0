import { addRequests } from '../../../db/account/requests.ts';
import { saveCatalogue } from '../../../db/catalogue/provider-catalogue.ts';
import { refreshStats } from '../../../db/catalogue/service-stats.ts';
import type { Sql } from '../../../db/client.ts';
import { countDay, countMoney, daysToCount } from '../../../db/report/days.ts';
import { writePast } from '../../../dev/stack/past.ts';
import { untilProved } from '../reads/proved.ts';
import type { ApiWorld } from '../worlds/api-world.ts';
import type { Shop } from '../worlds/shop.ts';

/** Days that the reports cover. */
const DAYS = 10;
/** Correction hours, as the product counts days. */
const HOURS = 72;

/** The accounts and providers of a showroom by the names that the pictures show. Returns the second shop. */
export async function openNeighbours({ world, shop }: ApiWorld): Promise<Shop> {
  const { sql } = world;
  const second = await world.shop({ service: { name: 'YouTube views', category: 'YouTube', rate: 150_000 } });
  const [quick = 0] = shop.providers;
  const [slow = 0] = second.providers;
  await sql`update accounts set name = case id when ${shop.account} then 'Northern Panel' else 'Southern Resale' end
    where id in (${shop.account}, ${second.account})`;
  await sql`update providers set name = case id when ${quick} then 'Quick Panel' else 'Slow Panel' end where id in (${quick}, ${slow})`;
  await sql`
    insert into routes (service_id, position, provider_id, provider_service, rate) values (${shop.service}, 2, ${slow}, '1', 42000)`;
  return second;
}

/** Eight days of orders of both shops, through the functions of the product. */
export async function furnishPast({ world, shop }: ApiWorld, second: Shop, services: readonly number[]): Promise<void> {
  const [quick = 0] = shop.providers;
  const [slow = 0] = second.providers;
  const accounts = [shop.account, second.account];
  await writePast(world.url, { accounts, services: [...services, second.service], providers: [quick, slow] });
}

/** What schedules work out: the proof of the books, the totals of days, and the statistics of services. */
export async function countEverything(sql: Sql): Promise<void> {
  const now = new Date();
  // The first proof reads up to the last transfer, the second confirms it.
  await untilProved(sql);
  while ((await countMoney(sql, 1_000)) > 0);
  for (const day of await daysToCount(sql, now, DAYS, HOURS)) await countDay(sql, day, now);
  const services = await sql<{ id: number }[]>`select id from services`;
  for (const { id } of services) await refreshStats(sql, id);
}

/** Two readings of a provider's catalogue, between which a price and a limit changed. */
export async function furnishCatalogue(sql: Sql, provider: number): Promise<void> {
  const row = {
    service: '1',
    name: 'Followers',
    category: 'Instagram',
    type: 'Default',
    rate: '0.47',
    min: 10,
  } as const;
  const flags = { step: 1, dripFeed: true, refill: true, cancel: true };
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  await saveCatalogue(sql, provider, [{ ...row, ...flags, max: 100_000 }], ago(1_500));
  await saveCatalogue(sql, provider, [{ ...row, ...flags, rate: '0.5', max: 50_000 }], ago(12));
}

/** What a program of the account asked in the last minutes: method, path, status and code. */
const ASKED = [
  ['POST /v1/orders', 201, null],
  ['POST /v1/orders', 402, 'insufficient_funds'],
  ['GET /v1/orders', 200, null],
  ['POST /api/v2 add', 200, 'invalid_link'],
  ['POST /api/v2 status', 200, null],
  ['GET /v1/services', 200, null],
  ['POST /v1/orders/999/cancel', 404, 'order_not_found'],
  ['POST /v1/quotes', 200, null],
] as const;

/** The recent requests of an account's programs. */
export async function furnishRequests(sql: Sql, account: number): Promise<void> {
  const [key] = await sql<{ id: number }[]>`select id from api_keys where account_id = ${account} order by id limit 1`;
  const requests = Array.from({ length: 3 }, () => ASKED)
    .flat()
    .map(([request, status, code], n) => ({
      ...{ request, status, code, key: key?.id ?? 0, ms: 9 + ((n * 37) % 90) },
      at: new Date(Date.now() - (n + 1) * 47_000).toISOString(),
      requestId: `00000000-0000-4000-8000-${String(100_000_000_000 + n)}`,
    }));
  await addRequests(sql, [{ account, requests }]);
}
