import type { FC } from 'hono/jsx';
import { dayAfter } from '../days.ts';
import { may, type Page, type Visit } from '../page.ts';
import { given } from '../queries.ts';
import { count, money } from '../view/formats.ts';
import { Heading } from '../view/parts.tsx';
import { statementAddress } from '../view/statement.tsx';
import { newestEvent } from './orders/new-orders.tsx';
import { type Filters, queryFor } from './orders/order-filters.tsx';
import { NoOrderYet, OrderTable } from './orders/order-rows.tsx';
import { measuredOf } from './orders/orders-read.ts';
import { offeredServices } from './services/services-read.ts';

/** Rows that one read of a list can give. */
const MOST = 100;

/** How many orders the list shows for these filters, as text: `100+` when there are more than one read shows. */
async function countOf({ v1 }: Visit, filters: Filters): Promise<string> {
  const { data, nextCursor } = await v1.GET('/v1/orders', { params: { query: { ...queryFor(filters), limit: MOST } } });
  return nextCursor === null ? count(data.length) : `${MOST}+`;
}

/** The last seven days in UTC, today included. */
function thisWeek() {
  const today = new Date().toISOString().slice(0, 10);
  return { from: dayAfter(today, -6) ?? today, to: today };
}

/** The balance, and what orders cost in the week, refunds taken off: exact, whatever moved before it. */
async function walletOf({ v1 }: Visit, { from, to }: ReturnType<typeof thisWeek>) {
  const [{ balance, currency }, { spent }] = await Promise.all([
    v1.GET('/v1/balance'),
    v1.GET('/v1/statement/totals', { params: { query: given({ from, to: dayAfter(to, 1) }) } }),
  ]);
  return { balance, currency, spent };
}

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

interface Counted {
  readonly name: string;
  readonly filters: Filters;
  readonly isAttention?: boolean;
}

/** The open orders by how far they are, and those that wait. Each number leads to its orders. */
const COUNTED: readonly Counted[] = [
  { name: 'In progress', filters: { status: 'In progress' } },
  { name: 'Processing', filters: { status: 'Processing' } },
  { name: 'Pending', filters: { status: 'Pending' } },
  { name: 'Stalled', filters: { attention: 'stalled' }, isAttention: true },
  { name: 'Paused', filters: { attention: 'paused' }, isAttention: true },
  { name: 'With support', filters: { attention: 'support' }, isAttention: true },
];

export const overviewPage: Page = {
  path: '/',
  get: async (visit) => {
    const { v1 } = visit;
    const canOrder = may(visit, 'orders:write');
    const week = thisWeek();
    const liveSince = await newestEvent(visit);
    const [wallet, newest, services, ...counts] = await Promise.all([
      may(visit, 'wallet:read') ? walletOf(visit, week) : undefined,
      v1.GET('/v1/orders', { params: { query: { limit: 8 } } }),
      offeredServices(visit),
      ...COUNTED.map(({ filters }) => countOf(visit, filters)),
    ]);
    const measured = await measuredOf(visit, newest.data);
    const body = (
      <>
        <Heading text="Overview">
          {canOrder ? (
            <a class="button" href="/app/new">
              New order
            </a>
          ) : (
            ''
          )}
        </Heading>
        <ul class="tiles">
          {wallet === undefined ? (
            ''
          ) : (
            <>
              <Tile href="/app/statement" name="Balance" value={money(wallet.balance)} unit={wallet.currency} />
              <Tile
                href={statementAddress('/app/statement', week)}
                name="Spent in 7 days"
                value={money(wallet.spent)}
                unit={wallet.currency}
              />
            </>
          )}
          {COUNTED.map(({ filters, ...named }, index) => (
            <Tile href={`/app/orders?${new URLSearchParams(filters)}`} value={counts[index] ?? '0'} {...named} />
          ))}
        </ul>
        <h2>Latest orders</h2>
        {newest.data.length === 0 ? (
          <NoOrderYet canOrder={canOrder} />
        ) : (
          <OrderTable orders={newest.data} services={services} measured={measured} liveSince={liveSince} />
        )}
      </>
    );
    return { title: 'Overview', body };
  },
};
