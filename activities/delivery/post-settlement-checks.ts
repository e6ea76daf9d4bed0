import { WorkflowNotFoundError } from '@temporalio/client';
import { boughtOf, withPaid } from '../../db/delivery/batches.ts';
import { type Checked, correctBatch, type DueCheck, markChecked } from '../../db/delivery/post-settlement-checks.ts';
import { readSettled } from '../../db/ledger/settlement.ts';
import { applyCorrection, releasedCorrections } from '../../db/review/held-corrections.ts';
import type { ProviderReport } from '../../domain/delivery/verdict.ts';
import { newsOf } from '../../domain/ledger/correction.ts';
import { costFromProvider, priceOf } from '../../domain/ledger/money.ts';
import { costOfOne } from '../../domain/ledger/provider-cost.ts';
import { correctedSignal, orderWorkflowId } from '../../workflows/contract.ts';
import type { Deps } from '../runtime/deps.ts';
import { eachAlone, isRefused, orThrow, type RoundTroubles, storeApart } from './round-troubles.ts';

type CheckDeps = Pick<Deps, 'sql' | 'temporal' | 'log'>;

/**
 * Applies the answers of a status call about settled batches: corrects what was taken back, and sets the time of the next check.
 * `said` is undefined when the call got no answer.
 */
export async function checkSettledBatches(
  deps: CheckDeps,
  troubles: RoundTroubles,
  provider: number,
  due: readonly DueCheck[],
  said: ReadonlyMap<string, ProviderReport> | undefined,
): Promise<void> {
  const done: Checked[] = [];
  for (const check of due) {
    const { orderId, batch, providerOrder } = check;
    const word = said?.get(providerOrder);
    let heard = said !== undefined;
    try {
      if (word !== undefined) await applyWord(deps, check, word);
      if (word !== undefined) troubles.unpark(provider, [check]);
    } catch (error) {
      // A word that cannot be stored does not hold up the other batches; its own batch is checked again soon.
      if (isRefused(error)) troubles.park(provider, check, word, error);
      else deps.log.error({ order: orderId, batch, err: error }, 'failed to make a correction');
      heard = false;
    }
    done.push({ orderId, batch, heard });
  }
  orThrow(await storeApart(done, (part) => markChecked(deps.sql, part, new Date())));
}

/** Makes the corrections that staff have released. */
export async function applyReleasedCorrections(deps: CheckDeps, provider: number): Promise<void> {
  // One at a time: many of them may lock the same wallet.
  await eachAlone(await releasedCorrections(deps.sql, provider), 1, async ({ id, orderId }) => {
    if (await applyCorrection(deps.sql, id, new Date())) await signalCorrection(deps, orderId);
  });
}

/** Corrects a settled batch by a provider's word, when the word is news. */
async function applyWord(deps: CheckDeps, check: DueCheck, report: ProviderReport): Promise<void> {
  const { orderId, batch, bought } = check;
  const said = withPaid(report, check.quantity, bought);
  const news = newsOf(check, said);
  if (news === undefined) return;
  if (news.kind === 'conflict') {
    deps.log.warn({ order: orderId, batch, why: news.why }, 'a word about a settled batch contradicts itself');
  }
  const delivered = news.kind === 'ended' ? news.delivered : null;
  const cost = said.charge === null ? null : (costFromProvider(said.charge) ?? null);
  const rateCost = delivered === null ? null : priceOf(costOfOne(boughtOf(bought)), delivered);
  const correction = { orderId, batch, said, delivered, cost, rateCost };
  if (await correctBatch(deps.sql, correction, new Date())) await signalCorrection(deps, orderId);
}

/**
 * Signals a correction to the order's workflow, which shows it. Most workflows are closed by then, so a missing one is no error.
 */
async function signalCorrection({ sql, temporal, log }: CheckDeps, orderId: number): Promise<void> {
  const settled = await readSettled(sql, orderId);
  if (settled === null) return;
  const { status, delivered } = settled;
  log.info({ order: orderId, status, delivered }, 'a provider took back what it had delivered');
  try {
    await temporal.workflow.getHandle(orderWorkflowId(orderId)).signal(correctedSignal, { status, delivered });
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return;
    log.warn({ order: orderId, err: error }, 'failed to signal a correction to its order');
  }
}
