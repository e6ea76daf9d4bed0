import type { Caller } from '../../db/account/accounts.ts';
import { findServices } from '../../db/catalogue/catalogue.ts';
import { withTimeout } from '../../db/client.ts';
import { readBalance } from '../../db/ledger/statement.ts';
import type { NewLine, StoredRefusal } from '../../db/placement/bulk-orders.ts';
import { ERRORS, isErrorCode, Refusal } from '../../domain/errors.ts';
import { formatMoney, type Money } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import { judgeOrder, type ServiceTerms } from '../../domain/placement/order-terms.ts';
import type { Deps } from '../deps.ts';
import { shortened } from '../http/field-errors.ts';
import { type FieldError, InvalidRequest } from '../http/problems.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { inPieces } from '../limits/list-turns.ts';

type Sold = ReadonlyMap<number, ServiceTerms>;

/** What a line costs, or why it cannot be ordered. */
function judged({ request, error }: NewLine, sold: Sold): Money | StoredRefusal {
  if (request === undefined) return error ?? { code: 'invalid_request' };
  const service = sold.get(request.service);
  if (service === undefined) return { code: 'unknown_service' };
  const { terms, faults } = judgeOrder(request, service);
  return terms === undefined ? faults[0] : terms.price;
}

function faultOf(line: number, { code, detail }: StoredRefusal): FieldError {
  const why = detail ?? ERRORS[isErrorCode(code) ? code : 'internal'].title;
  return { path: 'lines', message: shortened(`line ${line}: ${why}`) };
}

/**
 * Refuses a list when no line of it can be placed, so that thousands of lines are not stored and tried for nothing. In another
 * list, lines that cannot be ordered are refused one by one.
 * @throws InvalidRequest with the first faults when every line has one; Refusal `insufficient_funds` when the wallet cannot pay
 * for any order. The refusal names the balance to a key that may read it.
 */
export async function requirePlaceable(
  { sql }: Deps,
  { accountId, scopes }: Caller,
  lines: readonly NewLine[],
): Promise<void> {
  const ids = new Set(lines.flatMap(({ request }) => request?.service ?? []));
  const [balance, services] = await withTimeout(
    QUERY_MS,
    Promise.all([readBalance(sql, accountId), findServices(sql, [...ids])]),
  );
  const sold: Sold = new Map(services.map((service) => [service.id, service]));
  const faults: FieldError[] = [];
  let cheapest: Money | undefined;
  for await (const piece of inPieces(lines)) {
    for (const line of piece) {
      const price = judged(line, sold);
      if (typeof price !== 'bigint') {
        if (faults.length < LIMITS.errorsShown) faults.push(faultOf(line.line, price));
        continue;
      }
      if (price <= balance) return;
      if (cheapest === undefined || price < cheapest) cheapest = price;
    }
  }
  if (cheapest === undefined) throw new InvalidRequest(faults);
  const held = scopes.includes('wallet:read') ? formatMoney(balance) : 'less';
  const detail = `the wallet holds ${held}, and the cheapest line costs ${formatMoney(cheapest)}`;
  throw new Refusal('insufficient_funds', detail);
}
