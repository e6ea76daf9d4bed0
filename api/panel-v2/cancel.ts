import type { Caller } from '../../db/account/accounts.ts';
import { cancelUpdate } from '../../workflows/contract.ts';
import type { Deps } from '../deps.ts';
import { askOrder, byCustomer } from '../order/ask-order.ts';
import { eachOrderOf } from './each-order.ts';
import type { Fields } from './fields.ts';

/** Asks for orders to be canceled. The answer 1 only means that the request was accepted; the status shows the result. */
export async function cancel(deps: Deps, caller: Caller, fields: Fields, requestId: string) {
  const message = { by: byCustomer(caller.accountId), reason: '' };
  const { many, rows } = await eachOrderOf(deps, caller, fields, requestId, async (order) => {
    await askOrder(deps, { asker: caller.accountId, order, update: cancelUpdate, message });
    return 1;
  });
  const said = rows.map(({ order, answer }) => ({ order, cancel: answer }));
  return many ? said : said[0];
}
