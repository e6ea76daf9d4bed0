import { writeAudit } from '../../db/account/audit.ts';
import type { Sql, Tx } from '../../db/client.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { routeOf } from '../http/route-of.ts';
import { changing } from '../limits/transactions.ts';
import { byStaff } from '../order/ask-order.ts';

const STAFF_PATH = '/v1/admin/';

/** Whether staff made this request: the audit log records only those. */
export const isOfStaff = (c: ApiContext): boolean => c.req.path.startsWith(STAFF_PATH);

/** Names of fields whose values the audit log must not keep. */
const SECRET = /key|secret|password|token/i;

/** The request without keys and secrets. Money is text already. */
const withoutSecrets = (asked: unknown): unknown =>
  JSON.parse(
    JSON.stringify(asked, (name, value: unknown) => (SECRET.test(name) && value !== null ? '(not kept)' : value)),
  );

/** Writes an entry of the audit log, in the change's transaction or before a workflow gets the request. `made` is the result. */
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

/** A change by staff that is safe to repeat. The change and its entry in the audit log are one transaction. */
export async function changeByStaff<T>(
  c: ApiContext,
  deps: Deps,
  asked: unknown,
  effect: (tx: Tx) => Promise<T>,
): Promise<T> {
  return changing(deps, c, async (tx) => {
    const answer = await effect(tx);
    await audit(tx, c, asked, answer);
    return answer;
  });
}
