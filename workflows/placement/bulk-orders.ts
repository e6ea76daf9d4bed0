import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { createBulkOrderActivities } from '../../activities/placement/bulk-orders.ts';
import { cancelWish } from '../cancel-wish.ts';
import { type BulkOrdersInput, cancelBulkOrdersSignal } from '../contract.ts';
import { continueRun, shouldContinue } from '../versions.ts';

const { placeLines, cancelLines } = proxyActivities<ReturnType<typeof createBulkOrderActivities>>({
  startToCloseTimeout: '5 minutes',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/** Places a list of orders, some lines at a time, each line once. PostgreSQL has the result of each line. */
export async function mass({ massId }: BulkOrdersInput): Promise<void> {
  const wish = cancelWish(
    cancelBulkOrdersSignal,
    'Places no further line; what was placed stays. {"by": "your name", "reason": "why"}',
  );
  await CancellationScope.nonCancellable(async () => {
    for (let round = 0; ; round += 1) {
      if (wish.cancel) await cancelLines(massId);
      if (round > 0 && shouldContinue()) await continueRun<typeof mass>({ massId });
      if (!(await placeLines(massId))) return;
    }
  });
}
