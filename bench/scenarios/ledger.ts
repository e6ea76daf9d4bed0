import { inParallel } from '../../activities/runtime/parallel.ts';
import type { Sql } from '../../db/client.ts';
import { endOrder } from '../../db/ledger/settlement.ts';
import { decideClaim } from '../../db/placement/decide-claim.ts';
import { testDatabase } from '../../test/support/engines/database.ts';
import { running } from '../../test/support/engines/running.ts';
import { openShop, type Shop } from '../../test/support/worlds/shop.ts';
import { proveOrders } from '../measure/proof.ts';
import { compare, interleaved, perSecond } from '../measure/rounds.ts';
import type { Bench, Outcome, Scenario } from '../scenario.ts';
import { BareRows, rowsWritten } from '../world/bare-rows.ts';

/** The two money steps of an order, hold and settlement, against as many bare rows; and in one wallet instead of many. */
export const ledger: Scenario = { name: 'ledger', run };

const DELIVERED = 617;
/** What the provider says that it charges for them. */
const CHARGE = '0.3085';
/** The provider of these shops is never called. */
const NO_PROVIDER = 'http://127.0.0.1:9';

async function run({ engines, endings, size }: Bench): Promise<Outcome> {
  const { url: postgresUrl } = await engines.postgres();
  const { sql } = await endings.opened(
    'the database of the ledger',
    () => testDatabase({ postgresUrl }),
    (one) => one.drop(),
  );
  const { orders, connections } = size.ledger;
  const shops = await Promise.all(
    Array.from({ length: connections }, () => openShop(sql, { balance: '1000000', providers: [NO_PROVIDER] })),
  );
  const [first] = shops;
  if (first === undefined) throw new Error('the ledger needs a customer');
  const atOnce = <T>(items: readonly T[], act: (item: T) => Promise<unknown>) =>
    inParallel(items, connections, async (item) => void (await act(item)));
  const seconds = async (ids: readonly number[], act: (id: number) => Promise<unknown>) =>
    1 / (await perSecond(1, () => atOnce(ids, act)));

  let placed = 0;
  const claims = async (count: number, of: readonly Shop[]): Promise<number[]> => {
    const ids: number[] = [];
    for (; ids.length < count; placed += 1) {
      const shop = of[ids.length % of.length] as Shop;
      ids.push(await shop.claim({ link: `https://example.com/ledger/${placed}` }));
    }
    return ids;
  };
  const settledPerSecond = async (of: readonly Shop[]): Promise<number> => {
    const ids = await claims(orders, of);
    const holding = await seconds(ids, (id) => hold(sql, id));
    // The send and the provider's report are not part of the measured ledger work.
    await atOnce(ids, (id) => deliver(sql, id));
    return orders / (holding + (await seconds(ids, (id) => settle(sql, id))));
  };

  const [one = 0] = await claims(1, shops);
  const held = await rowsWritten(sql, (tx) => hold(tx, one));
  await deliver(sql, one);
  const settled = await rowsWritten(sql, (tx) => settle(tx, one));
  const bare = await BareRows.open(sql);
  const items = Array.from({ length: orders });
  const measured = await interleaved(
    {
      many: () => settledPerSecond(shops),
      bare: () =>
        perSecond(orders, async () => {
          await atOnce(items, () => bare.write(held));
          await atOnce(items, () => bare.write(settled));
        }),
      one: () => settledPerSecond([first]),
    },
    size.rounds,
  );
  await bare.prove();
  const proved = await proveOrders(sql, { orders: placed, status: 'Partial', batches: placed, adds: placed });
  const toRaw = compare(measured.many, measured.bare);
  const oneToMany = compare(measured.one, measured.many);
  const wallets = `orders held and settled, in ${connections} wallets`;
  return {
    rows: [
      { measured: wallets, against: 'as many bare rows written', unit: 'per second', ...toRaw },
      { measured: 'the same in one wallet', against: `in ${connections} wallets`, unit: 'per second', ...oneToMany },
    ],
    figures: { ledgerToRawSql: toRaw.ratio, oneWalletToMany: oneToMany.ratio },
    proof: `${proved}; ${held.inserted + settled.inserted} rows inserted and ${held.updated + settled.updated} updated for each`,
  };
}

/** Decides the claim, as the worker does: the price moves from the wallet to the order's escrow. */
async function hold(sql: Sql, orderId: number): Promise<void> {
  const { state } = await decideClaim(sql, orderId);
  if (state !== 'order') throw new Error(`order ${orderId} was not accepted: ${state}`);
}

/** The order is sent, and its provider says what it delivered and charges. */
async function deliver(sql: Sql, orderId: number): Promise<void> {
  await running(sql, orderId, `bought-${orderId}`);
  await sql`update batches set provider_charge = ${CHARGE} where order_id = ${orderId}`;
}

/** Settles as the worker does, as Partial, which does the most: a charge, a refund and a cost. */
async function settle(sql: Sql, orderId: number): Promise<void> {
  const ended = await endOrder(sql, {
    orderId,
    status: 'Partial',
    delivered: DELIVERED,
    reason: null,
    actor: 'provider',
    at: new Date(),
    ends: [{ batch: 1, delivered: DELIVERED }],
    decided: false,
  });
  if (ended?.settled == null) throw new Error(`order ${orderId} was not settled`);
}
