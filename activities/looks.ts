import { WorkflowNotFoundError } from '@temporalio/client';
import { correctBatch, type DueLook, type Look, markLooked } from '../db/looks.ts';
import { readSettled } from '../db/settlement.ts';
import type { ProviderReport } from '../domain/completion.ts';
import { newsOf } from '../domain/correction.ts';
import { costFromProvider } from '../domain/money.ts';
import { correctedSignal, orderWorkflowId } from '../workflows/messages.ts';
import type { Deps } from './deps.ts';

/** What providers say of batches whose orders were settled. */
export interface Looks {
  /**
   * Takes what a status call said of settled batches: corrects what was taken back, and says when to look again. `said` is
   * undefined when the call got no answer.
   */
  take(looks: readonly DueLook[], said: ReadonlyMap<string, ProviderReport> | undefined): Promise<void>;
}

export function createLooks({ sql, temporal, log }: Pick<Deps, 'sql' | 'temporal' | 'log'>): Looks {
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

  async function hear(look: DueLook, said: ProviderReport): Promise<void> {
    const news = newsOf(look, said);
    if (news === undefined) return;
    const { orderId, batch } = look;
    if (news.kind === 'conflict') log.warn({ order: orderId, batch, why: news.why }, 'a settled batch is contradicted');
    const delivered = news.kind === 'ended' ? news.delivered : null;
    const cost = said.charge === null ? null : (costFromProvider(said.charge) ?? null);
    if (await correctBatch(sql, { orderId, batch, said, delivered, cost }, new Date())) await tell(orderId);
  }

  return {
    async take(looks, said) {
      const done: Look[] = [];
      for (const look of looks) {
        const { orderId, batch, providerOrder } = look;
        const word = said?.get(providerOrder);
        let heard = said !== undefined;
        try {
          if (word !== undefined) await hear(look, word);
        } catch (error) {
          // One that cannot be written does not hold up the others: it is looked at again soon.
          log.error({ order: orderId, batch, err: error }, 'a correction could not be made');
          heard = false;
        }
        done.push({ orderId, batch, heard });
      }
      await markLooked(sql, done, new Date());
    },
  };
}
