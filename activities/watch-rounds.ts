import { raiseWordAlerts } from '../db/alerts.ts';
import {
  type BatchReport,
  dueReports,
  markNoLists,
  markReported,
  type RunningBatch,
  readProvider,
  recordReports,
  recordStalls,
  runningBatches,
} from '../db/batches.ts';
import { type DueLook, dueLooks } from '../db/looks.ts';
import { dueRefills, recordRefills, refillsToFollow } from '../db/refills.ts';
import { type ProviderReport, type ProviderWord, reportOf } from '../domain/completion.ts';
import { LIMITS } from '../domain/limits.ts';
import { refillStatusesOf, unknownWordsIn } from '../domain/provider-answers.ts';
import { type ListAction, type OrderListing, readProfile } from '../domain/provider-profile.ts';
import { refillReportSignal, reportSignal } from '../workflows/messages.ts';
import type { Deps } from './deps.ts';
import { createLateOrders } from './late-orders.ts';
import { createLooks } from './looks.ts';
import { inParallel } from './parallel.ts';
import type { Heard } from './provider/lists.ts';
import { openPanel } from './provider/open-panel.ts';
import { orderStatuses, type Panel, refillReports } from './provider/panel.ts';
import { createSearches } from './searches.ts';
import { tellOrder } from './tell-order.ts';
import { createTurns } from './turns.ts';

/** Calls to one provider at the same time. */
const PARALLEL_CALLS = 4;
/** Signals to Temporal at the same time. */
const PARALLEL_SIGNALS = 16;
/** A report that a workflow has not acted on is sent again after so long. */
const RESEND_SECONDS = 30;

/** Batches of one status call: those that run, and settled ones that are due for a look. */
interface Asked {
  readonly running: readonly RunningBatch[];
  readonly settled: readonly DueLook[];
}

/** A provider in a round. */
interface Watched {
  readonly provider: number;
  readonly panel: Panel;
  /** As it was stored. */
  readonly profile: unknown;
}

/** What a look at a provider has cost, and when the next is due without a hint. */
export interface Round {
  readonly pollSeconds: number;
  readonly calls: number;
  /** Of these, how many got an answer that can be read. */
  readonly answers: number;
  /** What goes on beside the rounds and never fails; a round does not wait for it. */
  readonly beside: Promise<void>;
}

/** Of those that are asked about one by one: in so many a call's worth, several of these are asked at the same time. */
const SINGLES = LIMITS.singleOrdersPerRound / PARALLEL_CALLS;

/** Up to 100 a call, those that run first; what is settled fills the last call up before it costs another. */
function callsFor({ running, settled }: Asked, ids: number): Asked[] {
  const calls: Asked[] = [];
  for (let from = 0; from < running.length + settled.length; from += ids) {
    const to = from + ids;
    const rest = (at: number) => Math.max(at - running.length, 0);
    calls.push({ running: running.slice(from, to), settled: settled.slice(rest(from), rest(to)) });
  }
  return calls;
}

/** One look at a provider after the other: what `watch` does all the time. */
export function createRounds(deps: Deps): (provider: number) => Promise<Round> {
  const { sql, log } = deps;
  const looks = createLooks(deps);
  const searches = createSearches(deps);
  const lateOrders = createLateOrders(deps);
  const turns = createTurns();
  /** Providers that are just being searched. */
  const looking = new Set<number>();

  /** Learns from answers how a provider speaks: whether it knows lists, and words that nobody knows. */
  async function learn<T extends object>(
    { provider, profile }: Watched,
    action: ListAction,
    { said, knowsNoLists }: Heard<T>,
  ): Promise<void> {
    if (knowsNoLists) {
      await markNoLists(sql, provider, action);
      log.warn({ provider, action }, 'a provider knows no lists: it is asked about each by itself');
    }
    const news = await raiseWordAlerts(sql, provider, unknownWordsIn(said?.values() ?? []), profile);
    if (news.length > 0) log.warn({ provider, words: news.length }, 'a provider says a status that is not known');
  }

  /** Asks about up to 100 orders in one call; an answer that cannot be read changes nothing. True when there was one. */
  async function ask(watched: Watched, { running, settled }: Asked): Promise<boolean> {
    const { panel, provider } = watched;
    const asked = [...running, ...settled];
    const heard = await orderStatuses(
      panel,
      asked.map(({ providerOrder }) => providerOrder),
    );
    const said = heard.said && reportsOf(asked, heard.said);
    if (said === undefined)
      log.warn({ provider, orders: running.length + settled.length }, 'a status call got no answer');
    else await record(provider, running, said);
    await looks.take(settled, said);
    await learn(watched, 'status', heard);
    return said !== undefined;
  }

  async function record(
    provider: number,
    running: readonly RunningBatch[],
    said: ReadonlyMap<string, ProviderReport>,
  ): Promise<void> {
    const reports = running.flatMap((batch): BatchReport[] => {
      const report = said.get(batch.providerOrder);
      return report === undefined ? [] : [{ ...batch, ...report }];
    });
    if (reports.length < running.length) {
      log.warn({ provider, missing: running.length - reports.length }, 'a provider did not speak of all its orders');
    }
    if (reports.length > 0) await recordReports(sql, provider, reports, new Date());
  }

  /** Asks about the provider's refills too; of those that have ended there their orders are told. */
  async function refillRound(watched: Watched): Promise<void> {
    const { panel, provider } = watched;
    const all = await refillsToFollow(sql, provider);
    const most = panel.withoutLists?.has('refill_status') ? LIMITS.singleOthersPerRound : all.length;
    await inParallel(inCalls(turns.next(`refills ${provider}`, all, most)), PARALLEL_CALLS, async (ids) => {
      const heard = await refillReports(panel, ids);
      await recordRefills(sql, provider, refillStatusesOf(heard.said ?? new Map()));
      await learn(watched, 'refill_status', heard);
    });
    const due = await dueRefills(sql, provider, RESEND_SECONDS);
    await inParallel(due, PARALLEL_SIGNALS, ({ orderId, ...rest }) =>
      tellOrder(deps, orderId, refillReportSignal, rest),
    );
  }

  /**
   * Looks for what may have been placed, and follows what turned up late, beside the rounds: a list may be long and slow, and
   * nobody's delivery is to wait for it. One look at a provider at a time.
   */
  function lookBeside(
    panel: Panel,
    provider: number,
    pollSeconds: number,
    listing: OrderListing | null,
  ): Promise<void> {
    if (looking.has(provider)) return Promise.resolve();
    looking.add(provider);
    const look = async () => {
      await searches.look(panel, provider, listing);
      await lateOrders.follow(panel, provider, pollSeconds);
    };
    return look()
      .catch((error: unknown) => log.error({ provider, err: error }, 'a search at a provider failed'))
      .finally(() => looking.delete(provider));
  }

  /** What one round asks about: all, or of a provider that is asked one by one as many as it may be, each in its turn. */
  async function toAsk({ panel, provider }: Watched): Promise<Asked[]> {
    const running = await runningBatches(sql, provider);
    if (!panel.withoutLists?.has('status')) {
      const settled = await dueLooks(sql, provider, new Date(), LIMITS.looksPerRound);
      return callsFor({ running, settled }, LIMITS.statusCallIds);
    }
    const { singleOrdersPerRound, singleOthersPerRound } = LIMITS;
    const settled = await dueLooks(sql, provider, new Date(), singleOthersPerRound);
    const now = turns.next(`orders ${provider}`, running, singleOrdersPerRound - settled.length);
    return callsFor({ running: now, settled }, SINGLES);
  }

  /** One look at everything that runs at the provider, and at what was settled and is due. */
  async function round(provider: number): Promise<Round> {
    const known = await readProvider(sql, provider);
    const { pollSeconds, profile } = known;
    const panel = openPanel(deps.masterKey, provider, known);
    const watched = { provider, panel, profile };
    const calls = await toAsk(watched);
    let answers = 0;
    await inParallel(calls, PARALLEL_CALLS, async (asked) => {
      if (await ask(watched, asked)) answers += 1;
    });
    await refillRound(watched);
    await recordStalls(sql, provider);
    const due = await dueReports(sql, provider, RESEND_SECONDS);
    await inParallel(due, PARALLEL_SIGNALS, ({ orderId, ...rest }) => tellOrder(deps, orderId, reportSignal, rest));
    await markReported(sql, due);
    const beside = lookBeside(panel, provider, pollSeconds, readProfile(profile).listsOrders);
    return { pollSeconds, calls: calls.length, answers, beside };
  }

  return round;
}

/** What was said of each of these batches, by their provider's order ids. */
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

/** As many as one call may ask about, in each. */
const inCalls = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / LIMITS.statusCallIds) }, (_, call) =>
    all.slice(call * LIMITS.statusCallIds, (call + 1) * LIMITS.statusCallIds),
  );
