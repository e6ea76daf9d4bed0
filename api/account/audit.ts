import { writeAudit } from '../../db/account/audit.ts';
import { type Sql, type Tx, withTimeout } from '../../db/client.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { routeOf } from '../http/route-of.ts';
import { TRANSACTION_MS } from '../http/timeouts.ts';
import { byStaff } from '../order/ask-order.ts';

const STAFF_PATH = '/v1/admin/';

/** Whether a request is one of staff, and so is written down. */
export const isOfStaff = (c: ApiContext): boolean => c.req.path.startsWith(STAFF_PATH);

/** Names of what must not be read by anybody, in whatever is asked for. */
const SECRET = /key|secret|password|token/i;

/** What was asked for, as it may be kept; money is text already. */
const withoutSecrets = (asked: unknown): unknown =>
  JSON.parse(
    JSON.stringify(asked, (name, value: unknown) => (SECRET.test(name) && value !== null ? '(not kept)' : value)),
  );

/** Writes down what staff ask for: in the transaction that does it, or before somebody is asked. `made` is what came of it. */
export async function audit(sql: Sql | Tx, c: ApiContext, asked: unknown, made: unknown = {}): Promise<void> {
  const caller = c.get('caller');
  const id = typeof made === 'object' && made !== null && 'id' in made ? made.id : undefined;
  await writeAudit(sql, {
    accountId: caller.accountId,
    keyId: caller.keyId,
    actor: byStaff(caller),
    action: routeOf(c) ?? '',
    subject: c.req.path.slice(STAFF_PATH.length),
    object: typeof id === 'number' ? id : null,
    detail: withoutSecrets(asked),
    requestId: c.get('requestId'),
  });
}

/** A change that staff make where repeating does no harm: what it does and the line about it are one transaction. */
export async function changeByStaff<T>(
  c: ApiContext,
  { sql }: Deps,
  asked: unknown,
  effect: (tx: Tx) => Promise<T>,
): Promise<T> {
  const work = sql.begin(async (tx): Promise<{ answer: T }> => {
    const answer = await effect(tx);
    await audit(tx, c, asked, answer);
    return { answer };
  });
  return ((await withTimeout(TRANSACTION_MS, work)) as { answer: T }).answer;
}
