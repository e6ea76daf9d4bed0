import type { Caller } from '../../db/account/accounts.ts';
import { cancelUpdate } from '../../workflows/contract.ts';
import type { Deps } from '../deps.ts';
import { askOrder, byCustomer } from '../order/ask-order.ts';
import { eachOrder } from './each-order.ts';
import type { Fields } from './fields.ts';

/** Asks for orders to be canceled; 1 is only that: what follows is to be read from the status. */
export async function cancel(deps: Deps, caller: Caller, fields: Fields, requestId: string) {
  const message = { by: byCustomer(caller.accountId), reason: '' };
  const { many, rows } = await eachOrder(deps, caller, fields, requestId, async (order) => {
    await askOrder(deps, { order, update: cancelUpdate, message });
    return 1;
  });
  const said = rows.map(({ order, answer }) => ({ order, cancel: answer }));
  return many ? said : said[0];
}
