import { Context } from '@temporalio/activity';
import type { Sql } from '../../db/client.ts';
import { readProvider } from '../../db/delivery/batches.ts';
import { type BatchToStop, batchesToStop, owedStops, stopAnswered } from '../../db/dispatch/stops.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { StopSaid } from '../../domain/order/batch.ts';
import { openPanel } from '../provider/open-panel.ts';
import { cancelOrder, type Panel } from '../provider/panel.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';

export interface StopsInput {
  readonly orderId: number;
  readonly batches: readonly number[];
  /** The workflow's time, in milliseconds since 1970. */
  readonly at: number;
}

export interface StopInput {
  readonly orderId: number;
  readonly batch: number;
}

/** What a provider answered to the wish to stop a batch. */
export interface BatchStop extends StopSaid {
  readonly batch: number;
}

/** How often a provider that gives no answer is asked, calls for one order at the same time, and calls in vain before the rest is left. */
const ASKS = 5;
const PARALLEL_CALLS = 8;
const MOST_IN_VAIN = 8;

/** How often one who asks says so: many calls take minutes, and a dead worker is to be noticed before. */
const HEARTBEAT_MS = 5_000;

export function createStopActivities(deps: Deps) {
  const { sql } = deps;

  const panelOf = async (provider: number): Promise<Panel> =>
    openPanel(deps, provider, await readProvider(sql, provider));

  /** Asks for each batch that nobody was asked about lately, and writes the answers down; how many calls were in vain. */
  async function askAll(orderId: number, batches: readonly BatchToStop[], at: number): Promise<number> {
    const panels = new Map<number, Promise<Panel>>();
    let inVain = 0;
    let left = 0;
    await inParallel(batches, PARALLEL_CALLS, async ({ batch, provider, providerOrder }) => {
      if (inVain >= MOST_IN_VAIN) {
        left += 1;
        return;
      }
      const panel = panels.get(provider) ?? panelOf(provider);
      panels.set(provider, panel);
      const answer = await cancelOrder(await panel, providerOrder);
      if (answer === 'unanswered') inVain += 1;
      else await stopAnswered(sql, { orderId, batch, answer, at: new Date(Math.max(at, Date.now())) });
    });
    return inVain + left;
  }

  return {
    /**
     * Asks the providers of batches to stop them, side by side. An answer is written down at once, and one that came lately is not asked
     * for again, whoever asks. A provider that gives no answer is asked a few times.
     */
    async askStops({ orderId, batches, at }: StopsInput): Promise<BatchStop[]> {
      const context = Context.current();
      const alive = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
      try {
        const { open: toAsk } = await batchesToStop(sql, orderId, batches, new Date(at));
        const unanswered = await askAll(orderId, toAsk, at);
        if (unanswered > 0 && context.info.attempt < ASKS) throw new Error('a provider gave no answer');
        const { open: silent } = await batchesToStop(sql, orderId, batches, new Date(at));
        for (const { batch } of silent)
          await stopAnswered(sql, { orderId, batch, answer: 'unclear', at: new Date(at) });
        return (await batchesToStop(sql, orderId, batches, new Date(at))).said;
      } finally {
        clearInterval(alive);
      }
    },

    /** The same for one batch, while its workflow waits: for workflows that began before stops went on beside. */
    async askStop({ orderId, batch }: StopInput): Promise<StopSaid['answer']> {
      const now = Date.now();
      const { open: toAsk } = await batchesToStop(sql, orderId, [batch], new Date(now));
      if ((await askAll(orderId, toAsk, now)) > 0) throw new Error('the provider gave no answer');
      const { said } = await batchesToStop(sql, orderId, [batch], new Date(now));
      return said[0]?.answer ?? 'refused';
    },
  };
}

/** Asks for the stops of batches whose orders have ended, where no workflow is left to ask. One without an answer is asked again later. */
export async function askOwedStops(sql: Sql, panel: Panel, provider: number): Promise<void> {
  const owed = await owedStops(sql, provider, LIMITS.statusCallIds);
  await inParallel(owed, PARALLEL_CALLS, async ({ orderId, batch, providerOrder }) => {
    const answer = await cancelOrder(panel, providerOrder);
    if (answer !== 'unanswered') await stopAnswered(sql, { orderId, batch, answer, at: new Date() });
  });
}
