import { proxyActivities } from '@temporalio/workflow';
import type { createProviderCheckActivities } from '../../activities/provider/check.ts';
import type { ProviderChecked } from '../../domain/provider/check.ts';
import type { ProviderCheckInput } from '../contract.ts';

const { checkProvider } = proxyActivities<ReturnType<typeof createProviderCheckActivities>>({
  startToCloseTimeout: '3 minutes',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds', maximumAttempts: 5 },
});

/** A check of one provider on request of staff, beside the regular checks. */
export async function providerCheck(input: ProviderCheckInput): Promise<ProviderChecked> {
  return checkProvider(input);
}
