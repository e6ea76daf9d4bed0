import { CancellationScope, condition, proxyActivities } from '@temporalio/workflow';
import type { createBulkResolutionActivities } from '../../activities/review/bulk-resolution.ts';
import { cancelWish } from '../cancel-wish.ts';
import { type BulkResolutionInput, cancelBulkResolutionSignal } from '../contract.ts';
import { continueRun, shouldContinue } from '../versions.ts';

const { resolveOrders, cancelOrders } = proxyActivities<ReturnType<typeof createBulkResolutionActivities>>({
  startToCloseTimeout: '5 minutes',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/** Carries out a decision of staff, order by order, at most once each. PostgreSQL has the result of each order. */
export async function bulkResolution({ bulkId }: BulkResolutionInput): Promise<void> {
  const wish = cancelWish(
    cancelBulkResolutionSignal,
    'Leaves all further orders as they are; decisions already made stay. {"by": "your name", "reason": "why"}',
  );
  await CancellationScope.nonCancellable(async () => {
    for (let round = 0; ; round += 1) {
      if (wish.cancel) await cancelOrders(bulkId);
      if (round > 0 && shouldContinue()) await continueRun<typeof bulkResolution>({ bulkId });
      const waitSeconds = await resolveOrders(bulkId);
      if (waitSeconds === null) return;
      // Only orders that did not answer are left: wait before asking them again.
      if (waitSeconds > 0) await condition(() => wish.cancel, waitSeconds * 1_000);
    }
  });
}
