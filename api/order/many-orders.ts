import { z } from '@hono/zod-openapi';
import type { OrderRow } from '../../db/order/orders.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { idempotencyKey, repeatable } from '../idempotency/idempotency.ts';
import { type LineError, lineError, statusOfRefusal } from '../placement/place-lines.ts';
import { readId } from '../v1/ids.ts';
import { printableText, problemParts, reasonText } from '../v1/schemas.ts';
import { eachOrder, type OrderResult } from './each-order.ts';

const ID_LENGTH = 64;

/** The body of a request for many orders. An id that cannot be one is refused in its own row, not here. */
export const manyOrdersBody = z
  .strictObject({
    orders: z
      .array(z.union([z.int(), printableText(ID_LENGTH)]))
      .min(1)
      .max(LIMITS.idsPerRequest)
      .openapi({ description: 'Ids of orders' }),
    reason: reasonText.optional(),
  })
  .openapi('ManyOrders');

/** The fields that every row of an answer about many orders begins with. */
export const manyOrdersRow = {
  order: z.union([z.int(), z.string()]).openapi({ description: 'The id as it was asked' }),
  status: z.enum(['accepted', 'refused', 'unknown']).openapi({
    description: 'unknown: the order did not answer in time. Repeat the request with its Idempotency-Key',
  }),
  error: z.object(problemParts).nullable(),
};

/** The row of one order; `answer` is null when the order refused or did not answer. */
export interface ManyOrdersRow<T> {
  readonly order: number | string;
  readonly status: 'accepted' | 'refused' | 'unknown';
  readonly answer: T | null;
  readonly error: LineError | null;
}

/**
 * Asks each order of a request, once for its Idempotency-Key, and returns a row for every id in the order asked. A repeat gets
 * the rows that are known, and asks only the orders whose answer was unknown.
 * @throws Refusal for the key; an error of the database when the orders cannot be read.
 */
export async function askManyOrders<T>(
  c: ApiContext,
  deps: Deps,
  { orders, reason }: z.output<typeof manyOrdersBody>,
  act: (order: OrderRow, updateId: string | undefined) => Promise<T>,
): Promise<readonly ManyOrdersRow<T>[]> {
  idempotencyKey(c.req.header('idempotency-key'));
  const { accountId } = c.get('caller');
  return repeatable<readonly ManyOrdersRow<T>[]>(
    c,
    deps,
    { orders, reason },
    async (updateId, before = []) => {
      const known = before.map((row) => (row.status === 'unknown' ? undefined : row));
      const open = orders.filter((_, index) => known[index] === undefined);
      const asked = { accountId, ids: open.map(String), requestId: c.get('requestId') };
      const results = await eachOrder(deps, asked, (order) => act(order, updateId));
      const fresh = results.map((result, index) => rowOf(open[index] ?? '', result)).values();
      return orders.flatMap((_, index) => known[index] ?? fresh.next().value ?? []);
    },
    (rows) => rows.every(({ status }) => status !== 'unknown'),
  );
}

function rowOf<T>(asked: number | string, result: OrderResult<T>): ManyOrdersRow<T> {
  const order = readId(String(asked)) ?? asked;
  if (result.kind === 'done') return { order, status: 'accepted', answer: result.answer, error: null };
  const { refusal } = result;
  return { order, status: statusOfRefusal(refusal), answer: null, error: lineError(refusal) };
}
