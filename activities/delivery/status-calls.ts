import {
  type BatchReport,
  markNoLists,
  type RunningBatch,
  recordReports,
  recordStalls,
  stalledOrders,
} from '../../db/delivery/batches.ts';
import type { DueCheck } from '../../db/delivery/post-settlement-checks.ts';
import { raiseWordAlerts } from '../../db/reconcile/alerts.ts';
import { type ProviderReport, type ProviderWord, reportOf } from '../../domain/delivery/verdict.ts';
import { unknownWordsIn } from '../../domain/provider/answers.ts';
import type { ListAction } from '../../domain/provider/profile.ts';
import type { Heard } from '../provider/lists.ts';
import type { Panel } from '../provider/open-panel.ts';
import { orderStatuses } from '../provider/panel.ts';
import type { Deps } from '../runtime/deps.ts';
import { checkSettledBatches } from './post-settlement-checks.ts';
import { eachAlone, isRefused, orThrow, type RoundTroubles, storeApart } from './round-troubles.ts';

/** A provider in a round. */
export interface Watched {
  readonly provider: number;
  readonly panel: Panel;
  /** As it is stored. */
  readonly profile: unknown;
}

/** Batches of one status call: running ones, and settled ones that are due for a check. */
export interface AskedBatches {
  readonly running: readonly RunningBatch[];
  readonly settled: readonly DueCheck[];
}

/** Splits the batches into calls of at most `ids`: running ones first, then settled ones, which fill up the last call. */
export function statusCalls({ running, settled }: AskedBatches, ids: number): AskedBatches[] {
  const calls: AskedBatches[] = [];
  for (let from = 0; from < running.length + settled.length; from += ids) {
    const to = from + ids;
    const rest = (at: number) => Math.max(at - running.length, 0);
    calls.push({ running: running.slice(from, to), settled: settled.slice(rest(from), rest(to)) });
  }
  return calls;
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
  { said, knowsNoLists }: Heard<T>,
): Promise<void> {
  if (knowsNoLists) {
    await markNoLists(sql, provider, action);
    log.warn({ provider, action }, 'a provider knows no lists: it is asked about each order by itself');
  }
  const news = await raiseWordAlerts(sql, provider, unknownWordsIn(said?.values() ?? []), profile);
  if (news.length > 0) log.warn({ provider, words: news.length }, 'a provider says an unknown status');
}

/** Stores what a call said of the running batches. A batch that the database refuses for good does not stop the others. */
async function storeReports(
  { sql, log }: Deps,
  troubles: RoundTroubles,
  provider: number,
  running: readonly RunningBatch[],
  said: ReadonlyMap<string, ProviderReport>,
): Promise<void> {
  const heard = running.flatMap((batch): BatchReport[] => {
    const report = said.get(batch.providerOrder);
    return report === undefined ? [] : [{ ...batch, ...report }];
  });
  if (heard.length < running.length) {
    log.warn({ provider, missing: running.length - heard.length }, 'a provider did not answer about all its orders');
  }
  const reports = heard.filter((report) => !troubles.isParked(provider, report, report));
  const at = new Date();
  const { refused, failed } = await storeApart(reports, async (part) => {
    await recordReports(sql, provider, part, at);
    troubles.unpark(provider, part);
  });
  for (const { item, error } of refused) troubles.park(provider, item, item, error);
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
