import { forgetConfirmations } from '../../db/webhook/confirmations.ts';
import { deleteOldDeliveries } from '../../db/webhook/delivery-log.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../runtime/deps.ts';
import { untilFew } from './until-few.ts';

/** Rows deleted in one transaction, so that none takes long. */
const AT_ONCE = 5_000;

/** Deletes old rows of the webhooks' delivery log, and confirmations that no longer count against the daily limit. */
export const createCleanDeliveries =
  ({ sql, log }: Deps) =>
  async (): Promise<void> => {
    await forgetConfirmations(sql);
    const deliveries = await untilFew(AT_ONCE, (most) => deleteOldDeliveries(sql, LIMITS.deliveryLogDays, most));
    if (deliveries > 0) log.info({ deliveries }, 'deleted old deliveries from the log');
  };
