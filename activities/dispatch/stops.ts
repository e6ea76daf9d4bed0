import { Context } from '@temporalio/activity';
import type { Sql } from '../../db/client.ts';
import { type BatchToStop, batchesToStop, stopAnswered, takeOwedStops } from '../../db/dispatch/stops.ts';
import { DEADLINES, LIMITS } from '../../domain/limits.ts';
import type { StopSaid } from '../../domain/order/batch.ts';
import { askProviders, type Silence } from '../provider/ask-providers.ts';
import type { Panel } from '../provider/open-panel.ts';
import { asking } from '../provider/pace.ts';
import { cancelOrder } from '../provider/panel.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';
import { timeLeft } from '../runtime/time-left.ts';

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

/** Attempts of the activity before the answer of a silent provider is stored as unclear. */
const ASKS = 5;
/** The longest that it takes to ask about one batch: a panel that does not understand one field is asked again. */
const LONGEST_ASK_MS = 2 * DEADLINES.statusCall;

/** Calls to a provider at the same time. */
const PARALLEL_CALLS = 8;
/** Unanswered calls after which an attempt asks about no further batch. */
const MOST_UNANSWERED = 8;

/** Time between heartbeats: many calls take minutes, and Temporal must notice a dead worker sooner. */
const HEARTBEAT_MS = 5_000;

export function createStopActivities(deps: Deps) {
  const { sql } = deps;

  /** Asks one provider to stop batches and stores its answers. Returns how many batches got no answer, and if there was time. */
  async function askOne(
    panel: Panel,
    orderId: number,
    batches: readonly BatchToStop[],
    at: number,
    hasTime: () => boolean,
  ): Promise<Silence> {
    let [unanswered, notAsked, isCut] = [0, 0, false];
    await inParallel(batches, PARALLEL_CALLS, async ({ batch, providerOrder }) => {
      isCut ||= !hasTime();
      if (isCut || unanswered >= MOST_UNANSWERED) {
        notAsked += 1;
        return;
      }
      const answer = await cancelOrder(panel, providerOrder);
      if (answer === 'unanswered') unanswered += 1;
      else await stopAnswered(sql, { orderId, batch, answer, at: new Date(Math.max(at, Date.now())) });
    });
    return { silent: unanswered + notAsked, isCut };
  }

  /**
   * Asks the providers to stop these batches. Returns how many batches got no answer.
   * @throws ApplicationFailure when the activity must come back: a provider has no room, or there was no time for all.
   */
  function askAll(
    orderId: number,
    batches: readonly BatchToStop[],
    at: number,
    attempt: number,
    hasTime: () => boolean = () => true,
  ): Promise<number> {
    return askProviders(deps, batches, ({ panel, batches: its }) =>
      asking.hold(panel.url, orderId, attempt, () => askOne(panel, orderId, its, at, hasTime)),
    );
  }

  return {
    /**
     * Asks the providers of these batches to stop them, several at a time. Each answer is stored at once, and a batch with a
     * recent answer is not asked about again. A silent provider is asked a few times.
     */
    async askStops({ orderId, batches, at }: StopsInput): Promise<BatchStop[]> {
      const context = Context.current();
      const alive = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
      const isInTime = timeLeft(context);
      try {
        const { open: toAsk } = await batchesToStop(sql, orderId, batches, new Date(at));
        const unanswered = await askAll(orderId, toAsk, at, context.info.attempt, () => isInTime(LONGEST_ASK_MS));
        if (unanswered > 0 && context.info.attempt < ASKS) throw new Error('a provider gave no answer');
        const { open: silent } = await batchesToStop(sql, orderId, batches, new Date(at));
        for (const { batch } of silent)
          await stopAnswered(sql, { orderId, batch, answer: 'unclear', at: new Date(at) });
        return (await batchesToStop(sql, orderId, batches, new Date(at))).said;
      } finally {
        clearInterval(alive);
      }
    },

    /** Asks to stop one batch while its workflow waits: only for workflows that began before stops ran beside the order. */
    async askStop({ orderId, batch }: StopInput): Promise<StopSaid['answer']> {
      const now = Date.now();
      const { open: toAsk } = await batchesToStop(sql, orderId, [batch], new Date(now));
      if ((await askAll(orderId, toAsk, now, 1)) > 0) throw new Error('the provider gave no answer');
      const { said } = await batchesToStop(sql, orderId, [batch], new Date(now));
      return said[0]?.answer ?? 'refused';
    },
  };
}

/** Asks to stop batches of ended orders whose workflow got no clear answer. Without one a later round asks again. */
export async function askOwedStops(sql: Sql, panel: Panel, provider: number): Promise<void> {
  const owed = await takeOwedStops(sql, provider, LIMITS.statusCallIds);
  await inParallel(owed, PARALLEL_CALLS, async ({ orderId, batch, providerOrder }) => {
    const answer = await cancelOrder(panel, providerOrder);
    if (answer === 'accepted' || answer === 'refused')
      await stopAnswered(sql, { orderId, batch, answer, at: new Date() });
  });
}
