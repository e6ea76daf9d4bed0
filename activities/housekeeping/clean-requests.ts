import { heartbeat } from '@temporalio/activity';
import { deleteOldRequests } from '../../db/account/requests.ts';
import { deleteBulkLines, deleteOldLists, endedBulkOrders } from '../../db/placement/bulk-orders.ts';
import { deleteDecidedClaims, endOrderKeys } from '../../db/placement/claims.ts';
import { deleteOldAnswers } from '../../db/placement/stored-answers.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../runtime/deps.ts';
import { untilFew } from './until-few.ts';

/** Rows of one transaction, so that none takes long. */
const ROWS_AT_ONCE = 5_000;
const LISTS_AT_ONCE = 50;

/**
 * Deletes old requests that became no order, and old lines of lists, and ends old Idempotency-Keys with their answers: clients no
 * longer repeat these requests. The recent requests of accounts that no longer make any go too.
 */
export const createCleanRequests =
  ({ sql, log }: Deps) =>
  async (): Promise<void> => {
    const claims = await untilFew(ROWS_AT_ONCE, (most) => deleteDecidedClaims(sql, LIMITS.refusedDays, most));
    const keys = await untilFew(ROWS_AT_ONCE, (most) => endOrderKeys(sql, LIMITS.keyDays, most));
    let lines = 0;
    for (;;) {
      const lists = await endedBulkOrders(sql, LIMITS.refusedDays, LISTS_AT_ONCE);
      for (const list of lists) {
        lines += await deleteBulkLines(sql, list);
        heartbeat();
      }
      if (lists.length < LISTS_AT_ONCE) break;
    }
    const lists = await untilFew(ROWS_AT_ONCE, (most) => deleteOldLists(sql, LIMITS.listDays, most));
    // After the lists: the answer to a list stays until the list's own key has ended.
    const answers = await untilFew(ROWS_AT_ONCE, (most) => deleteOldAnswers(sql, LIMITS.keyDays, most));
    const unused = await untilFew(ROWS_AT_ONCE, (most) => deleteOldRequests(sql, LIMITS.recentRequestDays, most));
    if (claims + keys + lines + lists + answers + unused > 0)
      log.info({ claims, keys, lines, lists, answers, unused }, 'deleted old requests, keys and answers');
  };
