import { inParallel } from '../activities/runtime/parallel.ts';
import type { Sql } from '../db/client.ts';
import { settle } from '../db/ledger/ledger.ts';
import { linkKey } from '../domain/catalogue/link.ts';
import { testDatabase } from '../test/support/engines/database.ts';
import { running } from '../test/support/engines/running.ts';
import { openShop } from '../test/support/worlds/shop.ts';
import { BareRows, rowsWritten } from './bare-rows.ts';
import type { Benchmark } from './benchmark.ts';
import { proveOrders } from './proof.ts';
import { perSecond } from './rounds.ts';

const QUANTITY = 1_000;
const DELIVERED = 617;
/** Price of one item in units of 1e-8: the shop's service costs 0.90 per 1000. */
const UNIT_PRICE = 90_000n;

interface Claim {
  readonly orderId: number;
  readonly service: number;
}

/** The two money steps of an order, hold and settlement, for customers who each have their own wallet. */
export const ledger: Benchmark = {
  name: 'ledger',
  work: 'orders held and settled',
  floor: 'as many bare rows written',
  unit: 'per second',
  async open({ engines, endings, size }) {
    const postgresUrl = await engines.postgres();
    const { sql } = await endings.opened(
      'the database of the ledger',
      () => testDatabase({ postgresUrl }),
      (one) => one.drop(),
    );
    const { orders, connections } = size.ledger;
    const shops = await Promise.all(
      Array.from({ length: connections }, () =>
        openShop(sql, { balance: '1000000', providers: ['http://127.0.0.1:9'] }),
      ),
    );
    let placed = 0;
    /** Makes claims, one customer after the other. */
    const claims = (count: number): Promise<Claim[]> =>
      Promise.all(
        Array.from({ length: count }, async (_, at) => {
          const shop = shops[at % shops.length] as (typeof shops)[number];
          placed += 1;
          return { orderId: await shop.claim({ link: `https://example.com/ledger/${placed}` }), service: shop.service };
        }),
      );
    const atOnce = <T>(items: readonly T[], act: (item: T) => Promise<unknown>) =>
      inParallel(items, connections, async (item) => void (await act(item)));
    const timed = async <T>(items: readonly T[], act: (item: T) => Promise<unknown>) =>
      1 / (await perSecond(1, () => atOnce(items, act)));

    const [first] = await claims(1);
    if (first === undefined) throw new Error('no claim was made');
    const held = await rowsWritten(sql, (tx) => hold(tx, first));
    await bought(sql, first);
    const settled = await rowsWritten(sql, (tx) => settleIt(tx, first));
    const bare = await BareRows.open(sql);
    return {
      work: async () => {
        const round = await claims(orders);
        const holding = await timed(round, (claim) => hold(sql, claim));
        // The send is not part of the measured ledger work.
        await atOnce(round, (claim) => bought(sql, claim));
        const settling = await timed(round, (claim) => settleIt(sql, claim));
        return orders / (holding + settling);
      },
      floor: () => {
        const round = Array.from({ length: orders }, (_, at) => at);
        return perSecond(orders, async () => {
          await atOnce(round, () => bare.write(held));
          await atOnce(round, () => bare.write(settled));
        });
      },
      prove: async () => {
        await bare.prove();
        const proved = await proveOrders(sql, { orders: placed, status: 'Partial', batches: placed, adds: placed });
        const rows = `${held.inserted + settled.inserted} rows inserted and ${held.updated + settled.updated} updated`;
        return `${proved}; ${rows} for each`;
      },
    };
  },
};

async function hold(sql: Sql, { orderId, service }: Claim): Promise<void> {
  const link = `https://example.com/ledger/${orderId}`;
  const [row] = await sql<{ state: string }[]>`
    select state from accept_order(${orderId}, ${link}, ${linkKey(link)}, ${QUANTITY}, 1, null, '{}', ${service},
      ${UNIT_PRICE}, null, null)`;
  if (row?.state !== 'order') throw new Error(`order ${orderId} was not accepted: ${row?.state}`);
}

const bought = (sql: Sql, { orderId }: Claim): Promise<void> => running(sql, orderId, `bought-${orderId}`);

/** Settles as Partial, which does the most: a charge, a refund and a cost. */
async function settleIt(sql: Sql, { orderId }: Claim): Promise<void> {
  const settled = await settle(sql, {
    orderId,
    status: 'Partial',
    delivered: DELIVERED,
    reason: null,
    actor: 'provider',
    at: new Date(),
    ends: [{ batch: 1, delivered: DELIVERED }],
    costs: [{ batch: 1, cost: '30850000', raw: '0.3085' }],
    decided: false,
  });
  if (!settled) throw new Error(`order ${orderId} was settled before`);
}
