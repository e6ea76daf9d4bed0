import type { FC } from 'hono/jsx';
import type { Order } from '../../../client/openapi.ts';
import { formatMoney, parseMoney } from '../../../domain/ledger/money.ts';
import type { Page, Visit } from '../page.ts';
import { count, money } from '../view/formats.ts';
import { Empty, Heading } from '../view/parts.tsx';
import { OrderTable } from './orders/order-rows.tsx';
import { measuredOf } from './orders/orders-read.ts';
import { offeredServices } from './services/services-read.ts';

/** Rows that one read of a list can give. */
const MOST = 100;

/** Pages of the statement that the sum of a week reads at most. */
const STATEMENT_PAGES = 5;

const WEEK_MS = 7 * 86_400_000;

type Filter = Pick<Order, 'status'> | { readonly attention: Order['attention'] };

/** How many orders match, as text: `100+` when there are more than one read shows. */
async function countOf({ v1 }: Visit, filter: Filter): Promise<string> {
  const { data, nextCursor } = await v1.GET('/v1/orders', { params: { query: { ...filter, limit: MOST } } });
  return nextCursor === null ? count(data.length) : `${MOST}+`;
}

/** The exact sum that orders cost in the last week, refunds taken off; `isWhole` is false when the statement is too long to read. */
async function spentInWeek({ v1 }: Visit): Promise<{ sum: string; isWhole: boolean }> {
  const since = Date.now() - WEEK_MS;
  let [sum, cursor] = [0n, undefined as string | undefined];
  for (let page = 0; page < STATEMENT_PAGES; page += 1) {
    const query = { limit: MOST, ...(cursor === undefined ? {} : { cursor }) };
    const { data, nextCursor } = await v1.GET('/v1/statement', { params: { query } });
    for (const { at, kind, amount } of data) {
      if (Date.parse(at) < since) return { sum: formatMoney(sum), isWhole: true };
      if (kind !== 'deposit') sum += spentBy(amount);
    }
    if (nextCursor === null) return { sum: formatMoney(sum), isWhole: true };
    cursor = nextCursor;
  }
  return { sum: formatMoney(sum), isWhole: false };
}

/** Units that a movement took from the wallet; negative for what it gave back. */
const spentBy = (amount: string): bigint =>
  amount.startsWith('-') ? (parseMoney(amount.slice(1)) ?? 0n) : -(parseMoney(amount) ?? 0n);

const Tile: FC<{ href: string; name: string; value: string; unit?: string; isAttention?: boolean }> = ({
  href,
  name,
  value,
  unit,
  isAttention,
}) => (
  <li class={isAttention === true && value !== '0' ? 'is-attention' : ''}>
    <a href={href}>
      <span class="quiet">{name}</span>
      <b>
        {value}
        {unit === undefined ? '' : <span class="quiet"> {unit}</span>}
      </b>
    </a>
  </li>
);

const WAITING = [
  ['stalled', 'Stalled'],
  ['paused', 'Paused'],
  ['review', 'In review'],
] as const;

export const overviewPage: Page = {
  path: '/',
  get: async (visit) => {
    const { v1 } = visit;
    const [wallet, spent, running, pending, newest, services, ...waiting] = await Promise.all([
      v1.GET('/v1/balance'),
      spentInWeek(visit),
      countOf(visit, { status: 'In progress' }),
      countOf(visit, { status: 'Pending' }),
      v1.GET('/v1/orders', { params: { query: { limit: 8 } } }),
      offeredServices(visit),
      ...WAITING.map(([attention]) => countOf(visit, { attention })),
    ]);
    const measured = await measuredOf(visit, newest.data);
    const body = (
      <>
        <Heading text="Overview">
          <a class="button" href="/app/new">
            New order
          </a>
        </Heading>
        <ul class="tiles">
          <Tile href="/app/statement" name="Balance" value={money(wallet.balance)} unit={wallet.currency} />
          <Tile
            href="/app/statement"
            name={spent.isWhole ? 'Spent in 7 days' : 'Spent in the last 500 movements'}
            value={money(spent.sum)}
            unit={wallet.currency}
          />
          <Tile href="/app/orders?status=In+progress" name="In progress" value={running} />
          <Tile href="/app/orders?status=Pending" name="Pending" value={pending} />
          {WAITING.map(([attention, name], index) => (
            <Tile href={`/app/orders?attention=${attention}`} name={name} value={waiting[index] ?? '0'} isAttention />
          ))}
        </ul>
        <h2>Latest orders</h2>
        {newest.data.length === 0 ? (
          <Empty>
            <p>No order yet.</p>
            <a class="button" href="/app/new">
              Place the first order
            </a>
          </Empty>
        ) : (
          <OrderTable orders={newest.data} services={services} measured={measured} isLive />
        )}
      </>
    );
    return { title: 'Overview', body };
  },
};
