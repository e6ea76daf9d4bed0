import { readProvider } from '../db/batches.ts';
import {
  batchesToRefill,
  endRefill,
  openRefill,
  type RefillableBatch,
  refillAsked,
  resendRefill,
  type TakenPart,
} from '../db/refills.ts';
import { open } from '../db/secrets.ts';
import { readSettled } from '../db/settlement.ts';
import { LIMITS } from '../domain/limits.ts';
import { missingOf, type RefillOutcome } from '../domain/refill.ts';
import { costsOf } from './costs.ts';
import { countOrder } from './count.ts';
import type { Deps } from './deps.ts';
import { refillOrders } from './provider/panel.ts';
import type { Watches } from './watches.ts';

/** Times are the workflow's, in milliseconds since 1970. */
export interface OpenRefillInput {
  readonly orderId: number;
  readonly number: number;
  readonly by: string;
  readonly reason: string;
  readonly reviewAt: number;
  readonly at: number;
}

export type OpenedRefill = { readonly id: number; readonly missing: number | null } | { readonly refused: string };

export interface EndRefillInput {
  readonly orderId: number;
  readonly refill: number;
  readonly outcome: RefillOutcome;
  readonly why: string;
  readonly by: string;
  readonly at: number;
}

export function createRefillActivities(deps: Deps, watches: Watches) {
  const { sql, masterKey } = deps;

  /** Asks one provider to refill its batches; which of them it takes. */
  async function ask(provider: number, batches: readonly RefillableBatch[]): Promise<TakenPart[]> {
    const { url, keyCipher } = await readProvider(sql, provider);
    const panel = { url, key: open(masterKey, `provider:${provider}`, keyCipher) };
    const said = await refillOrders(
      panel,
      batches.map(({ providerOrder }) => providerOrder),
    );
    if (said === undefined) throw new Error('the provider gave no answer');
    return batches.flatMap(({ batch, providerOrder }) => {
      const providerRefill = said.get(providerOrder);
      return providerRefill === undefined ? [] : [{ batch, provider, providerRefill }];
    });
  }

  return {
    /** Counts the target, where that is possible, and writes the refill down unless nothing is missing. */
    async openRefill({ orderId, number, by, reason, reviewAt, at }: OpenRefillInput): Promise<OpenedRefill> {
      const counted = await countOrder(deps, orderId);
      const delivered = (await readSettled(sql, orderId))?.delivered ?? 0;
      const missing = counted.kind === 'counted' ? missingOf(counted.start, delivered, counted.count) : null;
      if (counted.kind === 'counted' && missing === 0) {
        const expected = counted.start + delivered;
        return { refused: `nothing is missing: the target shows ${counted.count}, ${expected} were to be expected` };
      }
      const times = { reviewAt: new Date(reviewAt), at: new Date(at) };
      return { id: await openRefill(sql, { orderId, number, by, reason, missing, ...times }), missing };
    },

    /** Asks the providers of an order's batches for a refill. Asked again, those that took it are not asked twice. */
    async askRefill({ orderId, refill, at }: { orderId: number; refill: number; at: number }) {
      const batches = await batchesToRefill(sql, orderId, refill);
      let taken = await refillAsked(sql, orderId, refill, [], new Date(at));
      for (const provider of new Set(batches.map((batch) => batch.provider))) {
        const its = batches.filter((batch) => batch.provider === provider);
        for (let from = 0; from < its.length; from += LIMITS.statusCallIds) {
          const parts = await ask(provider, its.slice(from, from + LIMITS.statusCallIds));
          taken = await refillAsked(sql, orderId, refill, parts, new Date(at));
        }
        await watches.ensure(provider);
      }
      const rest = await batchesToRefill(sql, orderId, refill);
      return { taken, refused: rest.length };
    },

    /** What is missing is to be sent again, as this batch. */
    resendRefill: (input: { orderId: number; refill: number; batch: number; quantity: number }): Promise<void> =>
      resendRefill(sql, input.orderId, input.refill, input.batch, input.quantity),

    /** Writes the end of a refill, and what sending again has cost the house. */
    async endRefill({ at, ...input }: EndRefillInput): Promise<void> {
      const costs = await costsOf(sql, input.orderId, input.refill);
      await endRefill(sql, { ...input, at: new Date(at), costs });
    },
  };
}
