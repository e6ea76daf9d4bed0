import type { Caller } from '../../db/account/accounts.ts';
import { withTimeout } from '../../db/client.ts';
import { findOrders, type OrderRow } from '../../db/order/orders.ts';
import { ERRORS, Refusal } from '../../domain/errors.ts';
import type { Deps } from '../deps.ts';
import { asRefusal } from '../http/errors.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { readId } from '../v1/ids.ts';
import type { Fields } from './fields.ts';
import { askedIds } from './reads.ts';

/** The answer for one order of a call: its id as the client wrote it, and the answer or the error. */
export interface OrderAnswer<T> {
  readonly order: number | string;
  readonly answer: T | { readonly error: string };
}

/**
 * Runs `act` for one order (`order`) or for many (`orders`). With many, each order has its own row; an order of another account,
 * or one whose act was refused, gets an error row.
 * @throws Refusal when a call for one order was refused.
 */
export async function eachOrder<T>(
  deps: Deps,
  caller: Caller,
  fields: Fields,
  requestId: string,
  act: (order: OrderRow) => Promise<T>,
): Promise<{ readonly many: boolean; readonly rows: readonly OrderAnswer<T>[] }> {
  const { many, asked } = askedIds(fields, 'order');
  const ids = [...new Set(asked.map(readId).filter((id) => id !== undefined))];
  const orders = await withTimeout(QUERY_MS, findOrders(deps.sql, caller.accountId, ids));
  // At most 100 orders run in parallel, so the whole call takes at most DEADLINES.place too.
  const answers = new Map(
    await Promise.all(
      orders.map(
        async (order): Promise<[number, { answer: T } | Refusal]> => [
          order.id,
          await act(order).then(
            (answer) => ({ answer }),
            (error: unknown) => asRefusal(error, deps.log, requestId),
          ),
        ],
      ),
    ),
  );
  const rows = asked.map((text): OrderAnswer<T> => {
    const id = readId(text);
    const said = answers.get(id ?? 0) ?? new Refusal('order_not_found');
    if (!(said instanceof Refusal)) return { order: id ?? text, answer: said.answer };
    if (!many) throw said;
    return { order: id ?? text, answer: { error: ERRORS[said.code].v2 } };
  });
  return { many, rows };
}
