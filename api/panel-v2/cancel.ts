import type { Caller } from '../../db/accounts.ts';
import { within } from '../../db/client.ts';
import { findOrders } from '../../db/orders.ts';
import { ERRORS, Refusal } from '../../domain/errors.ts';
import { cancelUpdate } from '../../workflows/messages.ts';
import type { Deps } from '../deps.ts';
import { asRefusal } from '../errors.ts';
import { readId } from '../ids.ts';
import { askOrder, byCustomer } from '../order-asks.ts';
import { QUERY_MS } from '../patience.ts';
import type { Fields } from './fields.ts';
import { askedOrders } from './reads.ts';

/** 1: it was asked for, and what follows is to be read from the status. */
type Canceled = 1 | Refusal;

/**
 * Asks for one order (`order`), or for many (`orders`), to be canceled. Of many each has its own answer: an order that is
 * not the caller's, has ended or cannot be canceled is an error row.
 */
export async function cancel(deps: Deps, caller: Caller, fields: Fields, requestId: string) {
  const { many, asked } = askedOrders(fields);
  const ids = [...new Set(asked.map(readId).filter((id) => id !== undefined))];
  const orders = await within(QUERY_MS, findOrders(deps.sql, caller.accountId, ids));
  const message = { by: byCustomer(caller.accountId), reason: '' };
  // At most 100 at once, each for at most DEADLINES.place: so long does the whole call take too.
  const answers = new Map(
    await Promise.all(
      orders.map(async (order): Promise<[number, Canceled]> => {
        try {
          await askOrder(deps, { order, update: cancelUpdate, message });
          return [order.id, 1];
        } catch (error) {
          return [order.id, asRefusal(error, deps.log, requestId)];
        }
      }),
    ),
  );
  const answerTo = (text: string): Canceled => answers.get(readId(text) ?? 0) ?? new Refusal('order_not_found');
  if (many) {
    return asked.map((text) => {
      const answer = answerTo(text);
      return { order: readId(text) ?? text, cancel: answer === 1 ? 1 : { error: ERRORS[answer.code].v2 } };
    });
  }
  const answer = answerTo(asked[0] ?? '');
  if (answer !== 1) throw answer;
  return { order: readId(asked[0] ?? ''), cancel: answer };
}
