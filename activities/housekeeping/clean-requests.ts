import { heartbeat } from '@temporalio/activity';
import { deleteBulkLines, endedBulkOrders } from '../../db/placement/bulk-orders.ts';
import { deleteDecidedClaims } from '../../db/placement/claims.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../runtime/deps.ts';

/** Claims deleted in one transaction, so that none takes long. */
const CLAIMS_AT_ONCE = 5_000;
const LISTS_AT_ONCE = 50;

/** Deletes old requests that became no order, and old lines of lists: clients no longer repeat these requests. */
export const createCleanRequests =
  ({ sql, log }: Deps) =>
  async (): Promise<void> => {
    let claims = 0;
    for (;;) {
      const deleted = await deleteDecidedClaims(sql, LIMITS.refusedDays, CLAIMS_AT_ONCE);
      claims += deleted;
      if (deleted < CLAIMS_AT_ONCE) break;
      heartbeat();
    }
    let lines = 0;
    for (;;) {
      const lists = await endedBulkOrders(sql, LIMITS.refusedDays, LISTS_AT_ONCE);
      for (const list of lists) {
        lines += await deleteBulkLines(sql, list);
        heartbeat();
      }
      if (lists.length < LISTS_AT_ONCE) break;
    }
    if (claims + lines > 0) log.info({ claims, lines }, 'deleted old requests that became no order');
  };
