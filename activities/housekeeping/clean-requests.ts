import { heartbeat } from '@temporalio/activity';
import { endedMasses, forgetMassLines } from '../../db/placement/bulk-orders.ts';
import { deleteDecidedClaims } from '../../db/placement/claims.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../runtime/deps.ts';

/** Deleted in one transaction: none of them is long. */
const CLAIMS_AT_ONCE = 5_000;
const LISTS_AT_ONCE = 50;

/** Takes out requests that became no order, and the lines of lists, once they are old: nobody repeats them any more. */
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
      const lists = await endedMasses(sql, LIMITS.refusedDays, LISTS_AT_ONCE);
      for (const list of lists) {
        lines += await forgetMassLines(sql, list);
        heartbeat();
      }
      if (lists.length < LISTS_AT_ONCE) break;
    }
    if (claims + lines > 0) log.info({ claims, lines }, 'old requests that became no order were taken out');
  };
