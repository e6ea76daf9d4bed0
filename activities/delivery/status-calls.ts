import { markNoLists, type RunningBatch } from '../../db/delivery/batches.ts';
import {
  type BatchReport,
  type DueReport,
  recordCall,
  recordStalls,
  stalledOrders,
} from '../../db/delivery/reports.ts';
import { raiseWordAlerts } from '../../db/reconcile/alerts.ts';
import { type ProviderReport, type ProviderWord, reportOf } from '../../domain/delivery/verdict.ts';
import { unknownWordsIn } from '../../domain/provider/answers.ts';
import type { ListAction } from '../../domain/provider/profile.ts';
import { reportSignal } from '../../workflows/contract.ts';
import { signalOrder } from '../order/signal-order.ts';
import type { ListAnswers } from '../provider/lists.ts';
import type { Panel } from '../provider/open-panel.ts';
import { orderStatuses } from '../provider/panel.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';
import type { AskedBatches } from './calls-of-round.ts';
import { checkSettledBatches } from './post-settlement-checks.ts';
import { eachAlone, isRefused, orThrow, type RoundTroubles, storeApart } from './round-troubles.ts';

/** Signals to Temporal at the same time, for one call. */
const PARALLEL_SIGNALS = 4;
/** Wait before a report is signalled again to a workflow that has not acted on it. */
export const RESEND_SECONDS = 30;

/** A provider in a round. */
export interface Watched {
  readonly provider: number;
  readonly panel: Panel;
  /** As it is stored. */
  readonly profile: unknown;
}

/** Makes one status call and stores its answers; an unreadable answer changes nothing. Calls `answered` on a readable one. */
export async function makeStatusCall(
  deps: Deps,
  troubles: RoundTroubles,
  watched: Watched,
  { running, settled }: AskedBatches,
  answered: () => void,
): Promise<void> {
  const { panel, provider } = watched;
  const asked = [...running, ...settled];
  const heard = await orderStatuses(
    panel,
    asked.map(({ providerOrder }) => providerOrder),
  );
  const said = heard.said && reportsOf(asked, heard.said);
  if (said === undefined) deps.log.warn({ provider, orders: asked.length }, 'a status call got no answer');
  else answered();
  // Each part fails alone: a running batch that cannot be stored does not stop the settled ones.
  await eachAlone<() => Promise<unknown>>(
    [
      async () => said && storeReports(deps, troubles, provider, running, said),
      () => checkSettledBatches(deps, troubles, provider, settled, said),
      () => learnProfile(deps, watched, 'status', heard),
    ],
    1,
    (part) => part(),
  );
}

/** Learns from answers how a provider deviates: that it knows no lists, and which of its words are unknown. */
export async function learnProfile<T extends object>(
  { sql, log }: Deps,
  { provider, profile }: Watched,
  action: ListAction,
  { said, knowsNoLists }: ListAnswers<T>,
): Promise<void> {
  if (knowsNoLists) {
    await markNoLists(sql, provider, action);
    log.warn({ provider, action }, 'a provider knows no lists: it is asked about each order by itself');
  }
  const news = await raiseWordAlerts(sql, provider, unknownWordsIn(said?.values() ?? []), profile);
  if (news.length > 0) log.warn({ provider, words: news.length }, 'a provider says an unknown status');
}

/** Signals reports to their orders. They are marked as sent, so one that is lost is taken again after RESEND_SECONDS. */
export const signalReports = (deps: Deps, due: readonly DueReport[], limit: number = PARALLEL_SIGNALS): Promise<void> =>
  inParallel(due, limit, ({ orderId, ...report }) => signalOrder(deps, orderId, reportSignal, report));

/**
 * Stores what a call said of the running batches, and signals what is news to their orders. A batch that the database refuses for
 * good does not stop the others.
 */
async function storeReports(
  deps: Deps,
  troubles: RoundTroubles,
  provider: number,
  running: readonly RunningBatch[],
  said: ReadonlyMap<string, ProviderReport>,
): Promise<void> {
  const { sql, log } = deps;
  const heard = running.flatMap((batch): BatchReport[] => {
    const report = said.get(batch.providerOrder);
    return report === undefined ? [] : [{ ...batch, ...report }];
  });
  if (heard.length < running.length) {
    log.warn({ provider, missing: running.length - heard.length }, 'a provider did not answer about all its orders');
  }
  const reports = heard.filter((report) => !troubles.isParked(provider, report, report));
  const at = new Date();
  const { stored, refused, failed } = await storeApart(reports, async (part) => {
    const due = await recordCall(sql, provider, part, at, RESEND_SECONDS);
    troubles.unpark(provider, part);
    return due;
  });
  for (const { item, error } of refused) troubles.park(provider, item, item, error);
  await signalReports(deps, stored.flat());
  if (failed !== undefined) throw failed;
}

/** Reports batches that have delivered nothing for too long. An order that the database refuses does not stop the others. */
export async function reportStalls({ sql }: Deps, provider: number): Promise<void> {
  try {
    await recordStalls(sql, provider);
  } catch (error) {
    if (!isRefused(error)) throw error;
    const orders = await stalledOrders(sql, provider);
    orThrow(await storeApart(orders, (part) => recordStalls(sql, provider, part)));
  }
}

/** The reports about these batches, by their provider's order ids. */
function reportsOf(
  batches: readonly RunningBatch[],
  words: ReadonlyMap<string, ProviderWord>,
): Map<string, ProviderReport> {
  const reports = new Map<string, ProviderReport>();
  for (const { providerOrder, quantity } of batches) {
    const word = words.get(providerOrder);
    if (word !== undefined) reports.set(providerOrder, reportOf(word, quantity));
  }
  return reports;
}
