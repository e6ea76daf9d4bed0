import type { Caller } from '../../db/account/accounts.ts';
import { listOffered } from '../../db/catalogue/catalogue.ts';
import { readBalance } from '../../db/ledger/statement.ts';
import { findOrders, type OrderRow } from '../../db/order/orders.ts';
import { ERRORS, Refusal } from '../../domain/errors.ts';
import { formatMoney, formatRate } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import { subscriptionWord } from '../../domain/order/subscription.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { reading } from '../limits/reads.ts';
import { readId } from '../v1/ids.ts';
import type { Fields } from './fields.ts';

export async function services(deps: Deps, c: ApiContext) {
  const offered = await reading(deps, c, listOffered);
  return offered.map(({ id, name, type, category, rate, min, max, dripFeed, cancel, refillDays }) => ({
    service: id,
    name,
    type,
    category,
    rate: formatRate(rate),
    min: String(min),
    max: String(max),
    refill: refillDays > 0,
    cancel,
    dripfeed: dripFeed,
  }));
}

export async function balance(deps: Deps, c: ApiContext, caller: Caller) {
  const held = await reading(deps, c, (sql) => readBalance(sql, caller.accountId));
  return { balance: formatMoney(held), currency: deps.config.CURRENCY };
}

/**
 * Every value is text; an unknown start count is "0". A subscription has statuses of its own, and `posts` counts the posts that
 * are done. Posts are not orders here, so `orders` is empty.
 */
const statusOf = (order: OrderRow, currency: string) => ({
  charge: formatMoney(order.charge),
  start_count: String(order.startCount ?? 0),
  status: order.subscription === null ? order.status : subscriptionWord(order, order.subscription.expiry),
  remains: String(order.totalQuantity - order.delivered),
  currency,
  ...(order.subscription === null
    ? {}
    : { expiry: order.subscription.expiry, posts: String(order.delivered), orders: [] }),
});

/**
 * The ids of a call: one (`order`) or many (`orders`), as written; the same for refills. Some clients write many ids into the
 * field for one.
 * @throws Refusal `too_many_ids`.
 */
export function askedIds(
  fields: Fields,
  what: 'order' | 'refill',
): { readonly many: boolean; readonly asked: readonly string[] } {
  const list = fields.get(`${what}s`);
  // A list with this many parts, most of them empty, is not a list of ids.
  const parts = (list ?? fields.get(what) ?? '').split(',', LIMITS.fields);
  const asked = parts.flatMap((id) => id.trim() || []);
  if (asked.length > LIMITS.idsPerRequest || parts.length === LIMITS.fields) throw new Refusal('too_many_ids');
  const many = list !== undefined || asked.length > 1;
  return { many, asked: many ? asked : [asked[0] ?? ''] };
}

/** The status of one order (`order`), or of many (`orders`) by id. An id of another account gets an error row. */
export async function status(deps: Deps, c: ApiContext, caller: Caller, fields: Fields) {
  const { many, asked } = askedIds(fields, 'order');
  const ids = asked.map(readId).filter((id) => id !== undefined);
  const found = await reading(deps, c, (sql) => findOrders(sql, caller.accountId, ids));
  const byId = new Map(found.map((order) => [order.id, statusOf(order, deps.config.CURRENCY)]));
  const rowOf = (text: string) => byId.get(readId(text) ?? 0);
  if (many) return Object.fromEntries(asked.map((id) => [id, rowOf(id) ?? { error: ERRORS.order_not_found.v2 }]));
  const row = rowOf(asked[0] ?? '');
  if (row === undefined) throw new Refusal('order_not_found');
  return row;
}
