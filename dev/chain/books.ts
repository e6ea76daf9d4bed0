import { connect, type Sql } from '../../db/client.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { parseMoney } from '../../domain/ledger/money.ts';
import { stackSecrets } from '../stack/secrets.ts';
import type { TwoPanels } from './panels.ts';
import type { Trade } from './trade.ts';

/** One panel's books for one order, or summed over the orders bought for it. Money in units of 1e-8. */
export interface PanelBooks {
  readonly statuses: readonly string[];
  readonly price: bigint;
  readonly charge: bigint;
  readonly refunded: bigint;
  /** Booked as owed to the panel's provider. */
  readonly cost: bigint;
  readonly remains: number;
  /** The provider's ids of the orders bought for it. */
  readonly bought: readonly string[];
}

/** A provider's answer to `status`, summed over the orders asked about. */
export interface ProviderWords {
  readonly statuses: readonly string[];
  readonly charge: bigint;
  readonly remains: number;
}

/** One order in three sets of books, and in the answers of both providers. */
export interface OrderBooks {
  readonly id: number;
  readonly child: PanelBooks;
  readonly parentSays: ProviderWords;
  readonly parent: PanelBooks;
  readonly farSays: ProviderWords;
}

/** Totals of the three sets of books. Money in units of 1e-8. */
export interface WholeBooks {
  /** The child's whole debt to the parent, as booked. */
  readonly childOwes: bigint;
  /** Spent by the child's account at the parent: deposits less the balance. */
  readonly spentAtParent: bigint;
  readonly parentOwes: bigint;
  readonly spentAtFar: bigint;
  /** Drift that the proof of either ledger found. */
  readonly drift: readonly string[];
}

/** Reads all books. Call it when no order is moving any more. */
export interface Reader {
  orders(trade: Trade): Promise<OrderBooks[]>;
  whole(trade: Trade): Promise<WholeBooks>;
  close(): Promise<void>;
}

/** The far provider's balance before the first order. */
const PAID_IN = 1_000_000n * 100_000_000n;

const money = (text: unknown): bigint => {
  const amount = parseMoney(String(text));
  if (amount === undefined) throw new Error(`${String(text)} is not an amount of money`);
  return amount;
};

export async function openBooks({ parent, child }: TwoPanels): Promise<Reader> {
  const [ofParent, ofChild] = [parent, child].map(({ stack }) =>
    connect(stack.databaseUrl, { name: 'holdfast-chain', max: 2 }),
  ) as [Sql, Sql];
  const { providerKey } = await stackSecrets(parent.home);
  const far = { url: `${parent.stack.providerUrl}/api/v2`, key: providerKey };
  const parentV2 = (trade: Trade) => ({ url: `${parent.stack.apiUrl}/api/v2`, key: trade.account.key });

  return {
    orders: (trade) =>
      Promise.all(
        trade.orders.map(async ({ id }) => {
          const sold = await panelBooks(ofChild, [id]);
          const passed = await panelBooks(ofParent, sold.bought.map(Number));
          const parentSays = await wordsOf(parentV2(trade), sold.bought);
          return { id, child: sold, parentSays, parent: passed, farSays: await wordsOf(far, passed.bought) };
        }),
      ),
    whole: async (trade) => ({
      childOwes: await owed(ofChild, trade.provider),
      spentAtParent: money(trade.account.deposit) - (await balanceAt(parentV2(trade))),
      parentOwes: await owed(ofParent),
      spentAtFar: PAID_IN - (await balanceAt(far)),
      drift: [...(await driftOf('parent', ofParent)), ...(await driftOf('child', ofChild))],
    }),
    close: async () => {
      await Promise.all([ofParent.end({ timeout: 5 }), ofChild.end({ timeout: 5 })]);
    },
  };
}

async function panelBooks(sql: Sql, orders: readonly number[]): Promise<PanelBooks> {
  const [sums] = await sql<Omit<PanelBooks, 'cost' | 'bought'>[]>`
    select coalesce(array_agg(status order by id), '{}') as statuses, coalesce(sum(price), 0)::int8 as price,
           coalesce(sum(charge), 0)::int8 as charge, coalesce(sum(refunded), 0)::int8 as refunded,
           coalesce(sum(total_quantity - delivered), 0)::float8 as remains
      from orders where id = any(${[...orders]})`;
  const [costs] = await sql<{ cost: bigint }[]>`
    select coalesce(sum(case kind when 'cost' then amount else -amount end), 0)::int8 as cost
      from transfers where order_id = any(${[...orders]}) and kind in ('cost', 'rebate')`;
  const bought = await sql<{ id: string }[]>`
    select provider_order as id from batches
     where order_id = any(${[...orders]}) and provider_order is not null order by order_id, batch`;
  if (sums === undefined || costs === undefined) throw new Error('a sum returned no row');
  return { ...sums, cost: costs.cost, bought: bought.map(({ id }) => id) };
}

interface PanelApi {
  readonly url: string;
  readonly key: string;
}

async function ask({ url, key }: PanelApi, fields: Record<string, string>): Promise<Record<string, unknown>> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams({ key, ...fields }) });
  return (await answer.json()) as Record<string, unknown>;
}

/** Asks a provider about orders by panel API v2, as any customer would. */
async function wordsOf(panel: PanelApi, orders: readonly string[]): Promise<ProviderWords> {
  if (orders.length === 0) return { statuses: [], charge: 0n, remains: 0 };
  const rows = await ask(panel, { action: 'status', orders: orders.join(',') });
  const words = orders.map((order) => rows[order] as Record<string, unknown>);
  return {
    statuses: words.map(({ status }) => String(status)),
    charge: words.reduce((sum, { charge }) => sum + money(charge), 0n),
    remains: words.reduce((sum, { remains }) => sum + Number(remains), 0),
  };
}

const balanceAt = async (panel: PanelApi): Promise<bigint> => money((await ask(panel, { action: 'balance' })).balance);

/** Booked as owed to one provider, or to all providers. */
async function owed(sql: Sql, provider?: number): Promise<bigint> {
  const account = provider === undefined ? 'payable:%' : `payable:${provider}`;
  const [row] = await sql<{ owed: bigint }[]>`
    select coalesce(sum(case when credit like ${account} then amount else -amount end), 0)::int8 as owed
      from transfers where credit like ${account} or debit like ${account}`;
  return row?.owed ?? 0n;
}

const driftOf = async (name: string, sql: Sql): Promise<string[]> =>
  (await verifyLedger(sql)).map(({ check, subject, detail }) => `${name}: ${check}, ${subject}: ${detail}`);
