import { isUniqueViolation } from '../../db/client.ts';
import {
  type AttemptKey,
  attemptAccepted,
  attemptReleased,
  GIVEN_UP,
  readAttemptProvider,
} from '../../db/dispatch/attempts.ts';
import { forgetEvidence } from '../../db/dispatch/unknown-sends.ts';
import { readSettled } from '../../db/ledger/settlement.ts';
import { endBatch, type OrderStateChange, openBatches, writeOrderState } from '../../db/order/order-state.ts';
import type { Decision } from '../../domain/order/batch.ts';
import type { Settled } from '../../domain/order/state.ts';
import type { Watches } from '../delivery/watches.ts';
import type { Deps } from '../runtime/deps.ts';
import { committing } from '../runtime/fault-points.ts';
import { actorOf, withActors } from './actors.ts';

export interface DecideInput {
  readonly key: AttemptKey;
  readonly decision: Decision;
  /** The workflow's time, in milliseconds since 1970. */
  readonly at: number;
}

/**
 * How the order had ended when the change was written; null while it is open. When the change had asks, also the actor found for
 * each of them.
 */
export type Written =
  | Settled
  | null
  | { readonly settled: Settled | null; readonly actors: Readonly<Record<string, string>> };

export function createOrderStateActivities({ sql, masterKey, faults }: Deps, watches: Watches) {
  async function decide({ key, decision, at }: DecideInput): Promise<{ done: boolean; provider: number | null }> {
    const provider = await readAttemptProvider(sql, key);
    if (decision.kind !== 'attach') {
      const givenUp = decision.kind === 'cancel';
      await attemptReleased(sql, key, givenUp ? GIVEN_UP : 'known not to be placed', givenUp);
      return { done: true, provider };
    }
    try {
      const done = await attemptAccepted(sql, key, decision.providerOrder, new Date(at), 'unknown');
      if (done && provider !== null) await watches.ensure(provider);
      return { done, provider };
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      await forgetEvidence(sql, key);
      return { done: false, provider };
    }
  }

  return {
    /** Stores what people, timers and reports changed, and checks the actors' proofs. */
    async writeOrderState(change: OrderStateChange): Promise<Written> {
      const { orderId, at, asks } = change;
      const actors = Object.fromEntries(
        (asks ?? []).map((ask) => [ask.actor, actorOf({ masterKey }, orderId, ask, at)]),
      );
      const settled = (await writeOrderState(sql, withActors(change, actors))) ? null : await readSettled(sql, orderId);
      return asks === undefined ? settled : { settled, actors };
    },

    /** Stores the end of a batch while its order goes on. */
    endBatch: (orderId: number, batch: number, delivered: number): Promise<void> =>
      endBatch(sql, orderId, batch, delivered),

    /** Reads which batches are open. With `finish`, no further run begins and the end of every batch is reported from now on. */
    openBatches: (orderId: number, finish: boolean): ReturnType<typeof openBatches> =>
      openBatches(sql, orderId, finish),

    /**
     * Stores a person's decision about an attempt whose outcome was unknown.
     * @returns the attempt's provider. `done` is false when nothing could be attached, for example because another batch has the
     * provider's order.
     */
    decideAttempt: (input: DecideInput): Promise<{ done: boolean; provider: number | null }> =>
      committing(faults, { step: 'decide', orderId: input.key.orderId }, () => decide(input)),
  };
}
