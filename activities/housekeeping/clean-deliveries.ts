import { heartbeat } from '@temporalio/activity';
import { forgetConfirmations } from '../../db/webhook/confirmations.ts';
import { deleteOldDeliveries } from '../../db/webhook/delivery-log.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../runtime/deps.ts';

/** Rows deleted in one transaction, so that none takes long. */
const AT_ONCE = 5_000;

/** Deletes old rows of the webhooks' delivery log, and confirmations that no longer count against the daily limit. */
export const createCleanDeliveries =
  ({ sql, log }: Deps) =>
  async (): Promise<void> => {
    await forgetConfirmations(sql);
    let all = 0;
    for (;;) {
      const deleted = await deleteOldDeliveries(sql, LIMITS.deliveryLogDays, AT_ONCE);
      all += deleted;
      if (deleted < AT_ONCE) break;
      heartbeat();
    }
    if (all > 0) log.info({ deliveries: all }, 'deleted old deliveries from the log');
  };
