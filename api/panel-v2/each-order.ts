import type { Caller } from '../../db/account/accounts.ts';
import type { OrderRow } from '../../db/order/orders.ts';
import { ERRORS } from '../../domain/errors.ts';
import type { Deps } from '../deps.ts';
import { eachOrder } from '../order/each-order.ts';
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
export async function eachOrderOf<T>(
  deps: Deps,
  { accountId }: Caller,
  fields: Fields,
  requestId: string,
  act: (order: OrderRow) => Promise<T>,
): Promise<{ readonly many: boolean; readonly rows: readonly OrderAnswer<T>[] }> {
  const { many, asked } = askedIds(fields, 'order');
  const results = await eachOrder(deps, { accountId, ids: asked, requestId }, act);
  const rows = results.map((result, index): OrderAnswer<T> => {
    const text = asked[index] ?? '';
    const order = readId(text) ?? text;
    if (result.kind === 'done') return { order, answer: result.answer };
    if (!many) throw result.refusal;
    return { order, answer: { error: ERRORS[result.refusal.code].v2 } };
  });
  return { many, rows };
}
