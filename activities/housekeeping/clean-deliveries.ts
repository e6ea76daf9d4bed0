import { heartbeat } from '@temporalio/activity';
import { forgetConfirmations } from '../../db/webhook/confirmations.ts';
import { deleteOldDeliveries } from '../../db/webhook/delivery-log.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../runtime/deps.ts';

/** Deleted in one transaction: none of them is long. */
const AT_ONCE = 5_000;

/** Takes what is old out of the delivery log of webhooks, and what counted against spam but no longer does. */
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
    if (all > 0) log.info({ deliveries: all }, 'old deliveries were taken out of the log');
  };
