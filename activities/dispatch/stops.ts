import { Context } from '@temporalio/activity';
import type { Sql } from '../../db/client.ts';
import { readProvider } from '../../db/delivery/batches.ts';
import { type BatchToStop, batchesToStop, owedStops, stopAnswered } from '../../db/dispatch/stops.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { StopSaid } from '../../domain/order/batch.ts';
import { openPanel, type Panel } from '../provider/open-panel.ts';
import { cancelOrder } from '../provider/panel.ts';
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

/** A provider's answer to the request to stop a batch. */
export interface BatchStop extends StopSaid {
  readonly batch: number;
}

/** Attempts at a silent provider, calls for one order at the same time, and unanswered calls before the rest is left. */
const ASKS = 5;
const PARALLEL_CALLS = 8;
const MOST_IN_VAIN = 8;

/** Between heartbeats: many calls take minutes, and Temporal must notice a dead worker sooner. */
const HEARTBEAT_MS = 5_000;

export function createStopActivities(deps: Deps) {
  const { sql } = deps;

  const panelOf = async (provider: number): Promise<Panel> =>
    openPanel(deps, provider, await readProvider(sql, provider));

  /** Asks to stop each batch that was not asked about lately, and stores the answers; returns how many calls got none. */
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
     * Asks the providers of batches to stop them, side by side. Each answer is stored at once; a batch that was answered lately is not
     * asked about again. A silent provider is asked a few times.
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

    /** The same for one batch, while its workflow waits: for workflows that began before stops ran beside the order. */
    async askStop({ orderId, batch }: StopInput): Promise<StopSaid['answer']> {
      const now = Date.now();
      const { open: toAsk } = await batchesToStop(sql, orderId, [batch], new Date(now));
      if ((await askAll(orderId, toAsk, now)) > 0) throw new Error('the provider gave no answer');
      const { said } = await batchesToStop(sql, orderId, [batch], new Date(now));
      return said[0]?.answer ?? 'refused';
    },
  };
}

/** Asks to stop batches whose orders have ended and whose workflow got no answer. An unanswered stop is asked again later. */
export async function askOwedStops(sql: Sql, panel: Panel, provider: number): Promise<void> {
  const owed = await owedStops(sql, provider, LIMITS.statusCallIds);
  await inParallel(owed, PARALLEL_CALLS, async ({ orderId, batch, providerOrder }) => {
    const answer = await cancelOrder(panel, providerOrder);
    if (answer !== 'unanswered') await stopAnswered(sql, { orderId, batch, answer, at: new Date() });
  });
}
