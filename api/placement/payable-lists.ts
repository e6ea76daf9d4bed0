import type { Caller } from '../../db/account/accounts.ts';
import { findServices } from '../../db/catalogue/catalogue.ts';
import { withTimeout } from '../../db/client.ts';
import { readBalance } from '../../db/ledger/statement.ts';
import type { NewLine } from '../../db/placement/bulk-orders.ts';
import { Refusal } from '../../domain/errors.ts';
import { formatMoney, type Money } from '../../domain/ledger/money.ts';
import { judgeOrder } from '../../domain/placement/order-terms.ts';
import type { Deps } from '../deps.ts';
import { QUERY_MS } from '../http/timeouts.ts';

/**
 * Refuses a list when the wallet cannot pay for any of its orders, so that thousands of lines are not tried for nothing. Lines
 * that cannot be ordered at all are refused one by one later. The refusal names the balance to a key that may read it.
 * @throws Refusal `insufficient_funds`
 */
export async function requirePayable(
  { sql }: Deps,
  { accountId, scopes }: Caller,
  lines: readonly NewLine[],
): Promise<void> {
  const asked = lines.flatMap(({ request }) => request ?? []);
  const ids = [...new Set(asked.map(({ service }) => service))];
  const [balance, services] = await withTimeout(
    QUERY_MS,
    Promise.all([readBalance(sql, accountId), findServices(sql, ids)]),
  );
  const sold = new Map(services.map((service) => [service.id, service]));
  let cheapest: Money | undefined;
  for (const request of asked) {
    const service = sold.get(request.service);
    const price = service && judgeOrder(request, service).terms?.price;
    if (price === undefined) continue;
    if (price <= balance) return;
    if (cheapest === undefined || price < cheapest) cheapest = price;
  }
  if (cheapest === undefined) return;
  const held = scopes.includes('wallet:read') ? formatMoney(balance) : 'less';
  const detail = `the wallet holds ${held}, and the cheapest line costs ${formatMoney(cheapest)}`;
  throw new Refusal('insufficient_funds', detail);
}
