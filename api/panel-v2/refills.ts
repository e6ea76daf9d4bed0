import type { Caller } from '../../db/account/accounts.ts';
import { findRefills } from '../../db/refill/refills.ts';
import { ERRORS, Refusal } from '../../domain/errors.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { reading } from '../limits/reads.ts';
import { byCustomer } from '../order/ask-order.ts';
import { askForRefill } from '../refill/request-refill.ts';
import { readId } from '../v1/ids.ts';
import { eachOrderOf } from './each-order.ts';
import type { Fields } from './fields.ts';
import { askedIds } from './reads.ts';

/** Asks for refills of orders. Returns the ids of the refills: as text for one order, as numbers for many. */
export async function refill(deps: Deps, caller: Caller, fields: Fields, requestId: string) {
  const message = { by: byCustomer(caller.accountId) };
  const { many, rows } = await eachOrderOf(deps, caller, fields, requestId, (order) =>
    askForRefill(deps, { asker: caller.accountId, order, message }),
  );
  return many ? rows.map(({ order, answer }) => ({ order, refill: answer })) : { refill: String(rows[0]?.answer) };
}

/** The status of one refill (`refill`), or of many (`refills`). An id of another account gets an error row. */
export async function refillStatus(deps: Deps, c: ApiContext, caller: Caller, fields: Fields) {
  const { many, asked } = askedIds(fields, 'refill');
  const ids = asked.map(readId).filter((id) => id !== undefined);
  const found = await reading(deps, c, (sql) => findRefills(sql, caller.accountId, ids));
  const statuses = new Map(found.map(({ id, status }) => [id, status]));
  const statusOf = (text: string) => statuses.get(readId(text) ?? 0);
  if (many) {
    return asked.map((text) => ({
      refill: readId(text) ?? text,
      status: statusOf(text) ?? { error: ERRORS.refill_not_found.v2 },
    }));
  }
  const status = statusOf(asked[0] ?? '');
  if (status === undefined) throw new Refusal('refill_not_found');
  return { status };
}
