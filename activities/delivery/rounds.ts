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
  stalledOrders,
} from '../../db/delivery/batches.ts';
import { type DueLook, dueLooks } from '../../db/delivery/post-settlement-checks.ts';
import { raiseWordAlerts } from '../../db/reconcile/alerts.ts';
import { dueRefills, recordRefills, refillsToFollow } from '../../db/refill/refills.ts';
import { type ProviderReport, type ProviderWord, reportOf } from '../../domain/delivery/verdict.ts';
import { LIMITS } from '../../domain/limits.ts';
import { refillStatusesOf, unknownWordsIn } from '../../domain/provider/answers.ts';
import { type ListAction, type OrderListing, readProfile } from '../../domain/provider/profile.ts';
import { refillReportSignal, reportSignal } from '../../workflows/contract.ts';
import { createSearches } from '../dispatch/find-unknown-sends.ts';
import { createLateOrders } from '../dispatch/late-orders.ts';
import { askOwedStops } from '../dispatch/stops.ts';
import { tellOrder } from '../order/signal-order.ts';
import { createTurns } from '../placement/link-queue.ts';
import type { Heard } from '../provider/lists.ts';
import { openPanel } from '../provider/open-panel.ts';
import { orderStatuses, type Panel, refillReports } from '../provider/panel.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';
import { createLooks } from './post-settlement-checks.ts';
import { eachAlone, isRefused, orThrow, RoundTroubles, storeApart } from './round-troubles.ts';

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

/** One look at a provider after the other: what `watch` does all the time. `now`: milliseconds, for tests. */
export function createRounds(deps: Deps, now: () => number = Date.now): (provider: number) => Promise<Round> {
  const { sql, log } = deps;
  const troubles = new RoundTroubles(deps, now);
  const looks = createLooks(deps, troubles);
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

  /** Asks about up to 100 orders in one call; an answer that cannot be read changes nothing. `answered` hears of one that can. */
  async function ask(watched: Watched, { running, settled }: Asked, answered: () => void): Promise<void> {
    const { panel, provider } = watched;
    const asked = [...running, ...settled];
    const heard = await orderStatuses(
      panel,
      asked.map(({ providerOrder }) => providerOrder),
    );
    const said = heard.said && reportsOf(asked, heard.said);
    if (said === undefined) log.warn({ provider, orders: asked.length }, 'a status call got no answer');
    else answered();
    // What cannot be written of those that run does not keep what was said of the settled ones from being taken.
    await eachAlone<() => Promise<unknown>>(
      [
        async () => said && record(provider, running, said),
        () => looks.take(provider, settled, said),
        () => learn(watched, 'status', heard),
      ],
      1,
      (part) => part(),
    );
  }

  /** Writes down what a call said of the running batches. What the database refuses for good keeps no other from being written. */
  async function record(
    provider: number,
    running: readonly RunningBatch[],
    said: ReadonlyMap<string, ProviderReport>,
  ): Promise<void> {
    const heard = running.flatMap((batch): BatchReport[] => {
      const report = said.get(batch.providerOrder);
      return report === undefined ? [] : [{ ...batch, ...report }];
    });
    if (heard.length < running.length) {
      log.warn({ provider, missing: running.length - heard.length }, 'a provider did not speak of all its orders');
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

  /** Asks about the provider's refills too; of those that have ended there their orders are told. */
  async function refillCalls(watched: Watched): Promise<void> {
    const { panel, provider } = watched;
    const all = await refillsToFollow(sql, provider);
    const most = panel.withoutLists?.has('refill_status') ? LIMITS.singleOthersPerRound : all.length;
    await eachAlone(inCalls(turns.next(`refills ${provider}`, all, most)), PARALLEL_CALLS, async (ids) => {
      const heard = await refillReports(panel, ids);
      const said = [...refillStatusesOf(heard.said ?? new Map())];
      await eachAlone<() => Promise<unknown>>(
        [
          async () => orThrow(await storeApart(said, (part) => recordRefills(sql, provider, new Map(part)))),
          () => learn(watched, 'refill_status', heard),
        ],
        1,
        (part) => part(),
      );
    });
  }

  async function tellRefills(provider: number): Promise<void> {
    const due = await dueRefills(sql, provider, RESEND_SECONDS);
    await inParallel(due, PARALLEL_SIGNALS, ({ orderId, ...rest }) =>
      tellOrder(deps, orderId, refillReportSignal, rest),
    );
  }

  async function tellReports(provider: number): Promise<void> {
    const due = await dueReports(sql, provider, RESEND_SECONDS);
    await inParallel(due, PARALLEL_SIGNALS, ({ orderId, ...rest }) => tellOrder(deps, orderId, reportSignal, rest));
    orThrow(await storeApart(due, (part) => markReported(sql, part)));
  }

  /** Batches that have delivered nothing for too long; when the database refuses some, those of each order by themselves. */
  async function stalls(provider: number): Promise<void> {
    try {
      await recordStalls(sql, provider);
    } catch (error) {
      if (!isRefused(error)) throw error;
      const orders = await stalledOrders(sql, provider);
      orThrow(await storeApart(orders, (part) => recordStalls(sql, provider, part)));
    }
  }

  /**
   * Looks for what may have been placed, and follows what turned up late, beside the rounds: a list may be long and slow, and
   * nobody's delivery is to wait for it. One look at a provider at a time.
   */
  async function lookBeside(panel: Panel, provider: number, pollSeconds: number, listing: OrderListing | null) {
    if (looking.has(provider)) return;
    looking.add(provider);
    await troubles.alone(provider, 'searches', () => searches.look(panel, provider, listing));
    await troubles.alone(provider, 'evidence', () => searches.tell(provider));
    await troubles.alone(provider, 'late orders', () => lateOrders.follow(panel, provider, pollSeconds));
    await troubles.alone(provider, 'stops', () => askOwedStops(sql, panel, provider));
    looking.delete(provider);
  }

  /** Who the provider is; without that nothing of a round can be done. */
  async function openProvider(provider: number) {
    const stored = await readProvider(sql, provider);
    const { pollSeconds, profile } = stored;
    const watched: Watched = { provider, panel: openPanel(deps, provider, stored), profile };
    return { watched, pollSeconds, listing: readProfile(profile).listsOrders };
  }

  /** What one round asks about: all, or of a provider that is asked one by one as many as it may be, each in its turn. */
  async function toAsk({ panel, provider }: Watched): Promise<Asked[]> {
    const alone = <T>(part: string, work: () => Promise<T>) => troubles.alone(provider, part, work);
    const { looksPerRound, singleOrdersPerRound, singleOthersPerRound, statusCallIds } = LIMITS;
    const oneByOne = panel.withoutLists?.has('status') === true;
    const mostSettled = oneByOne ? singleOthersPerRound : looksPerRound;
    const running = await alone('running batches', () => runningBatches(sql, provider));
    const settled = await alone('settled batches', () => dueLooks(sql, provider, new Date(), mostSettled));
    if (running !== undefined && settled !== undefined) troubles.keepParked(provider, [...running, ...settled]);
    const all = { running: running ?? [], settled: settled ?? [] };
    if (!oneByOne) return callsFor(all, statusCallIds);
    const inTurn = turns.next(`orders ${provider}`, all.running, singleOrdersPerRound - all.settled.length);
    return callsFor({ ...all, running: inTurn }, SINGLES);
  }

  /** One look at everything that runs at the provider, and at what was settled and is due. Each part of it fails alone. */
  async function round(provider: number): Promise<Round> {
    const alone = <T>(part: string, work: () => Promise<T>) => troubles.alone(provider, part, work);
    const opened = await alone('provider', () => openProvider(provider));
    if (opened === undefined) {
      await troubles.tell(provider);
      throw new Error(`what is known of provider ${provider} cannot be read`);
    }
    const { watched, pollSeconds, listing } = opened;
    const calls = await toAsk(watched);
    let answers = 0;
    const answered = () => {
      answers += 1;
    };
    await alone('status calls', () => eachAlone(calls, PARALLEL_CALLS, (asked) => ask(watched, asked, answered)));
    await alone('released corrections', () => looks.release(provider));
    await alone('last words', () => looks.judge(provider));
    await alone('refills', () => refillCalls(watched));
    await alone('refill reports', () => tellRefills(provider));
    await alone('stalls', () => stalls(provider));
    await alone('reports', () => tellReports(provider));
    await troubles.tell(provider);
    const beside = lookBeside(watched.panel, provider, pollSeconds, listing);
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
