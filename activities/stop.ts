import { readProvider, readProviderOrder } from '../db/batches.ts';
import { stopAsked } from '../db/lives.ts';
import type { Deps } from './deps.ts';
import { openPanel } from './provider/open-panel.ts';
import { cancelOrder } from './provider/panel.ts';

export interface StopInput {
  readonly orderId: number;
  readonly batch: number;
}

/** What a provider said to the wish to stop; only its status decides about money. */
export type StopAnswer = 'accepted' | 'refused' | 'unclear';

export function createStopActivities({ sql, masterKey }: Deps) {
  return {
    /** Asks the provider to stop a batch. Asking twice does no harm, so an answer that was lost is asked for again. */
    async askStop({ orderId, batch }: StopInput): Promise<StopAnswer> {
      const upstream = await readProviderOrder(sql, orderId, batch);
      if (upstream === undefined) return 'refused';
      const panel = openPanel(masterKey, upstream.provider, await readProvider(sql, upstream.provider));
      const answer = await cancelOrder(panel, upstream.providerOrder);
      if (answer === 'unanswered') throw new Error('the provider gave no answer');
      await stopAsked(sql, orderId, batch);
      return answer;
    },
  };
}
