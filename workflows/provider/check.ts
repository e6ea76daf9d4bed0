import { proxyActivities, setWorkflowOptions } from '@temporalio/workflow';
import type { createProviderCheckActivities } from '../../activities/provider/check.ts';
import type { ProviderChecked } from '../../domain/provider/check.ts';
import type { ProviderCheckInput } from '../contract.ts';
import { takesEachVersion } from '../versions.ts';

const { checkProvider } = proxyActivities<ReturnType<typeof createProviderCheckActivities>>({
  startToCloseTimeout: '3 minutes',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds', maximumAttempts: 5 },
});

// There is no second check of a provider while one runs, perhaps on a build without workers.
setWorkflowOptions(takesEachVersion, providerCheck);

/** A check of one provider on request of staff, beside the regular checks. */
export async function providerCheck(input: ProviderCheckInput): Promise<ProviderChecked> {
  return checkProvider(input);
}
