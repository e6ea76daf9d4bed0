import { WorkflowNotFoundError } from '@temporalio/client';
import { boughtOf, withPaid } from '../../db/delivery/batches.ts';
import {
  correctBatch,
  type DueLook,
  judgeLastWords,
  type Look,
  markLooked,
} from '../../db/delivery/post-settlement-checks.ts';
import { readSettled } from '../../db/ledger/settlement.ts';
import { applyCorrection, releasedCorrections } from '../../db/review/held-corrections.ts';
import type { ProviderReport } from '../../domain/delivery/verdict.ts';
import { newsOf } from '../../domain/ledger/correction.ts';
import { costFromProvider, priceOf } from '../../domain/ledger/money.ts';
import { costOfOne } from '../../domain/ledger/provider-cost.ts';
import { correctedSignal, orderWorkflowId } from '../../workflows/contract.ts';
import type { Deps } from '../runtime/deps.ts';
import { eachAlone, isRefused, orThrow, type RoundTroubles, storeApart } from './round-troubles.ts';

/** What providers say of batches whose orders were settled. */
export interface Looks {
  /**
   * Takes what a status call said of settled batches: corrects what was taken back, and says when to look again. `said` is
   * undefined when the call got no answer.
   */
  take(
    provider: number,
    looks: readonly DueLook[],
    said: ReadonlyMap<string, ProviderReport> | undefined,
  ): Promise<void>;
  /** Makes the corrections that staff have released. */
  release(provider: number): Promise<void>;
  /** Tells staff of a provider that takes back too much at once, or delivers what was refunded. */
  judge(provider: number): Promise<void>;
}

export function createLooks(
  { sql, temporal, log }: Pick<Deps, 'sql' | 'temporal' | 'log'>,
  troubles: RoundTroubles,
): Looks {
  /** Its workflow may still be open, and then shows what has changed; that it is not is as usual. */
  async function tell(orderId: number): Promise<void> {
    const settled = await readSettled(sql, orderId);
    if (settled === null) return;
    const { status, delivered } = settled;
    log.info({ order: orderId, status, delivered }, 'a provider took back what it had delivered');
    try {
      await temporal.workflow.getHandle(orderWorkflowId(orderId)).signal(correctedSignal, { status, delivered });
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return;
      log.warn({ order: orderId, err: error }, 'an order could not be told of its correction');
    }
  }

  async function hear(look: DueLook, report: ProviderReport): Promise<void> {
    const { orderId, batch, bought } = look;
    const said = withPaid(report, look.quantity, bought);
    const news = newsOf(look, said);
    if (news === undefined) return;
    if (news.kind === 'conflict') log.warn({ order: orderId, batch, why: news.why }, 'a settled batch is contradicted');
    const delivered = news.kind === 'ended' ? news.delivered : null;
    const cost = said.charge === null ? null : (costFromProvider(said.charge) ?? null);
    const rateCost = delivered === null ? null : priceOf(costOfOne(boughtOf(bought)), delivered);
    if (await correctBatch(sql, { orderId, batch, said, delivered, cost, rateCost }, new Date())) await tell(orderId);
  }

  return {
    async take(provider, looks, said) {
      const done: Look[] = [];
      for (const look of looks) {
        const { orderId, batch, providerOrder } = look;
        const word = said?.get(providerOrder);
        let heard = said !== undefined;
        try {
          if (word !== undefined) await hear(look, word);
          if (word !== undefined) troubles.unpark(provider, [look]);
        } catch (error) {
          // One that cannot be written does not hold up the others: it is looked at again soon.
          if (isRefused(error)) troubles.park(provider, look, word, error);
          else log.error({ order: orderId, batch, err: error }, 'a correction could not be made');
          heard = false;
        }
        done.push({ orderId, batch, heard });
      }
      orThrow(await storeApart(done, (part) => markLooked(sql, part, new Date())));
    },

    async release(provider) {
      // One after the other: many may concern one wallet.
      await eachAlone(await releasedCorrections(sql, provider), 1, async ({ id, orderId }) => {
        if (await applyCorrection(sql, id, new Date())) await tell(orderId);
      });
    },

    judge: (provider) => judgeLastWords(sql, provider, new Date()),
  };
}
