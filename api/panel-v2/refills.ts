import type { Caller } from '../../db/account/accounts.ts';
import { findRefills } from '../../db/refill/refills.ts';
import { ERRORS, Refusal } from '../../domain/errors.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { reading } from '../limits/reads.ts';
import { byCustomer } from '../order/ask-order.ts';
import { requestRefill } from '../refill/request-refill.ts';
import { readId } from '../v1/ids.ts';
import { eachOrder } from './each-order.ts';
import type { Fields } from './fields.ts';
import { askedIds } from './reads.ts';

/** Asks for orders to be refilled: the ids of the refills, as text for one order and as numbers for many. */
export async function refill(deps: Deps, caller: Caller, fields: Fields, requestId: string) {
  const message = { by: byCustomer(caller.accountId) };
  const { many, rows } = await eachOrder(deps, caller, fields, requestId, (order) =>
    requestRefill(deps, { order, message }),
  );
  return many ? rows.map(({ order, answer }) => ({ order, refill: answer })) : { refill: String(rows[0]?.answer) };
}

/** The status of one refill (`refill`), or of many (`refills`), in which one that is not the caller's is an error row. */
export async function refillStatus(deps: Deps, c: ApiContext, caller: Caller, fields: Fields) {
  const { many, asked } = askedIds(fields, 'refill');
  const ids = asked.map(readId).filter((id) => id !== undefined);
  const found = await reading(deps, c, (sql) => findRefills(sql, caller.accountId, ids));
  const words = new Map(found.map(({ id, status }) => [id, status]));
  const wordOf = (text: string) => words.get(readId(text) ?? 0);
  if (many) {
    return asked.map((text) => ({
      refill: readId(text) ?? text,
      status: wordOf(text) ?? { error: ERRORS.refill_not_found.v2 },
    }));
  }
  const status = wordOf(asked[0] ?? '');
  if (status === undefined) throw new Refusal('refill_not_found');
  return { status };
}
