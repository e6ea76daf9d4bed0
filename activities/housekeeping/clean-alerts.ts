import { deleteOldCalls } from '../../db/provider/calls.ts';
import { deleteResolvedAlerts } from '../../db/reconcile/alerts.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../runtime/deps.ts';
import { untilFew } from './until-few.ts';

/** Rows deleted in one transaction, so that none takes long. */
const AT_ONCE = 5_000;

/** Deletes alerts that were resolved long ago, and old counts of calls to providers. */
export const createCleanAlerts =
  ({ sql, log }: Deps) =>
  async (): Promise<void> => {
    const alerts = await untilFew(AT_ONCE, (most) => deleteResolvedAlerts(sql, LIMITS.alertDays, most));
    const calls = await untilFew(AT_ONCE, (most) => deleteOldCalls(sql, LIMITS.callDays, most));
    if (alerts + calls > 0) log.info({ alerts, calls }, 'deleted old resolved alerts and counts of calls');
  };
