import type { FC } from 'hono/jsx';
import type { Order } from '../../../client/openapi.ts';
import { dayAfter } from '../days.ts';
import { may, type Page, type Visit } from '../page.ts';
import { given } from '../queries.ts';
import { count, money } from '../view/formats.ts';
import { Heading } from '../view/parts.tsx';
import { newestEvent } from './orders/new-orders.tsx';
import { NoOrderYet, OrderTable } from './orders/order-rows.tsx';
import { measuredOf } from './orders/orders-read.ts';
import { offeredServices } from './services/services-read.ts';
import { statementAddress } from './statement.tsx';

/** Rows that one read of a list can give. */
const MOST = 100;

type Filter = Pick<Order, 'status'> | { readonly attention: Order['attention'] };

/** How many orders match, as text: `100+` when there are more than one read shows. */
async function countOf({ v1 }: Visit, filter: Filter): Promise<string> {
  const { data, nextCursor } = await v1.GET('/v1/orders', { params: { query: { ...filter, limit: MOST } } });
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

const WAITING = [
  ['stalled', 'Stalled'],
  ['paused', 'Paused'],
  ['review', 'In review'],
] as const;

export const overviewPage: Page = {
  path: '/',
  get: async (visit) => {
    const { v1 } = visit;
    const canOrder = may(visit, 'orders:write');
    const week = thisWeek();
    const liveSince = await newestEvent(visit);
    const [wallet, running, pending, newest, services, ...waiting] = await Promise.all([
      may(visit, 'wallet:read') ? walletOf(visit, week) : undefined,
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
                href={statementAddress(week)}
                name="Spent in 7 days"
                value={money(wallet.spent)}
                unit={wallet.currency}
              />
            </>
          )}
          <Tile href="/app/orders?status=In+progress" name="In progress" value={running} />
          <Tile href="/app/orders?status=Pending" name="Pending" value={pending} />
          {WAITING.map(([attention, name], index) => (
            <Tile href={`/app/orders?attention=${attention}`} name={name} value={waiting[index] ?? '0'} isAttention />
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
