import { ATTENTIONS, type Attention, type OrderStatus } from '../../domain/order/status.ts';
import { decisionOf, type OrderAction } from '../../domain/review/order-actions.ts';
import { allowedResolutions } from '../../domain/review/resolution.ts';
import type { Sql, Tx } from '../client.ts';
import type { Fragment } from '../list-page.ts';
import { type BulkEffect, type EffectRow, effectColumns, storeBulkDecision } from './bulk-resolutions.ts';

export interface ActionFilter {
  readonly account?: number | undefined;
  readonly service?: number | undefined;
  /** A provider that has a batch of the order which has not ended; for `refill`, one that had a batch. */
  readonly provider?: number | undefined;
  readonly link?: string | undefined;
  readonly status?: OrderStatus | undefined;
  readonly attention?: Attention | undefined;
  /** Placed at this time or later, and before this time. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** The orders of an action: the given ones, or all that it is possible for and that match the filter. */
export type ActionSet =
  | { readonly ids: readonly number[]; readonly filter?: undefined }
  | { readonly ids?: undefined; readonly filter: ActionFilter };

const REDISPATCHABLE = ATTENTIONS.filter((attention) => allowedResolutions(attention).includes('redispatch'));

/** Which orders an action is possible for, as far as PostgreSQL knows; the workflow of an order has the last word. */
const isPossible = (sql: Sql | Tx, action: OrderAction): Fragment =>
  ({
    cancel: sql`o.settled_at is null and o.canceled_by is null and (o.cancelable or o.started_at is null)`,
    pause: sql`o.settled_at is null and o.paused_at is null`,
    resume: sql`o.settled_at is null and o.paused_at is not null`,
    redispatch: sql`o.settled_at is null and o.canceled_by is null and o.attention = any(${REDISPATCHABLE})`,
    refill: sql`o.refill_until > now() and o.status = 'Completed' and o.refill_days > 0
      and not exists (select from refills where order_id = o.id and stage <> 'ended')`,
  })[action];

/** The orders of a set that the action is possible for, as a query on `o`: open ones, or those in their refill window. */
function possibleOrders(sql: Sql | Tx, { ids, filter }: ActionSet, action: OrderAction): Fragment {
  const possible = sql`from orders o where ${isPossible(sql, action)}`;
  if (filter === undefined) return sql`${possible} and o.id = any(${ids.map(String)}::bigint[])`;
  const { account, service, provider, link, status, attention, from, to } = filter;
  const isThere = action === 'refill' ? sql`` : sql`and b.state <> 'done'`;
  return sql`
    ${possible}
      ${account === undefined ? sql`` : sql`and o.account_id = ${account}`}
      ${service === undefined ? sql`` : sql`and o.service_id = ${service}`}
      ${link === undefined ? sql`` : sql`and o.link = ${link}`}
      ${status === undefined ? sql`` : sql`and o.status = ${status}`}
      ${attention === undefined ? sql`` : sql`and o.attention = ${attention}`}
      ${from === undefined ? sql`` : sql`and o.created_at >= ${from}`}
      ${to === undefined ? sql`` : sql`and o.created_at < ${to}`}
      ${provider === undefined ? sql`` : sql`and exists (select from batches b where b.order_id = o.id and b.provider_id = ${provider} ${isThere})`}`;
}

/** What an action would touch: the orders that it is possible for, and the money that is held for them. */
export async function actionEffect(sql: Sql, set: ActionSet, action: OrderAction): Promise<BulkEffect> {
  const [row] = await sql<EffectRow[]>`
    with touched as (select o.id, o.attention, o.price, o.settled_at ${possibleOrders(sql, set, action)})
    select ${effectColumns(sql, null)} from touched`;
  const { held, ...effect } = row as EffectRow;
  const all = set.ids === undefined ? effect.orders : new Set(set.ids).size;
  return { ...effect, held: BigInt(held), refused: all - effect.orders };
}

export interface NewBulkAction {
  readonly set: ActionSet;
  readonly action: OrderAction;
  readonly actor: string;
  readonly reason: string;
  /** The most orders that the action may be about. */
  readonly most: number;
}

/** Stores an action and its orders; returns its id, or undefined when there are too many orders. */
export async function createBulkAction(tx: Tx, { set, action, ...rest }: NewBulkAction): Promise<number | undefined> {
  return storeBulkDecision(tx, {
    ...rest,
    decision: decisionOf(action),
    filter: set.filter,
    ids: set.ids,
    orders: tx`select o.id, o.attention, '[]'::jsonb ${possibleOrders(tx, set, action)}`,
    whyNot: `${action} is not possible for it now`,
  });
}
