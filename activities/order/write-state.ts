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
import { endBatch, type LifeChange, type OpenBatches, openBatches, writeLife } from '../../db/order/order-state.ts';
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
 * How the order had ended when it was written, or null when it had not; where the API had asked something, with the actors that it
 * is now known to have asked for.
 */
export type Written =
  | Settled
  | null
  | { readonly settled: Settled | null; readonly actors: Readonly<Record<string, string>> };

export function createLifeActivities({ sql, masterKey, faults }: Deps, watches: Watches) {
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
    /** Writes down what people, timers and reports changed, and checks who they were. */
    async writeLife(change: LifeChange): Promise<Written> {
      const { orderId, at, asks } = change;
      const actors = Object.fromEntries(
        (asks ?? []).map((ask) => [ask.actor, actorOf({ masterKey }, orderId, ask, at)]),
      );
      const settled = (await writeLife(sql, withActors(change, actors))) ? null : await readSettled(sql, orderId);
      return asks === undefined ? settled : { settled, actors };
    },

    /** A batch has ended, with so much delivered, while its order goes on. */
    endBatch: (orderId: number, batch: number, delivered: number): Promise<void> =>
      endBatch(sql, orderId, batch, delivered),

    /** What is still open; with `finish`, no run is begun any more and every end is reported. */
    openBatches: (orderId: number, finish: boolean): Promise<OpenBatches> => openBatches(sql, orderId, finish),

    /**
     * A person's word about an attempt whose outcome was not known.
     * @returns the provider it was sent to, and whether it could be done: an order of the provider that is another batch's
     * cannot be attached.
     */
    decideAttempt: (input: DecideInput): Promise<{ done: boolean; provider: number | null }> =>
      committing(faults, { step: 'decide', orderId: input.key.orderId }, () => decide(input)),
  };
}
