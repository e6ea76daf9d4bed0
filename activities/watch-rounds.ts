import {
  type BatchReport,
  dueReports,
  markReported,
  type RunningBatch,
  readProvider,
  recordReports,
  recordStalls,
  runningBatches,
} from '../db/batches.ts';
import { type DueLook, dueLooks } from '../db/looks.ts';
import { dueRefills, recordRefills, refillsToFollow } from '../db/refills.ts';
import { open } from '../db/secrets.ts';
import { type ProviderReport, type ProviderWord, reportOf } from '../domain/completion.ts';
import { LIMITS } from '../domain/limits.ts';
import { type OrderListing, readProfile } from '../domain/provider-profile.ts';
import { refillReportSignal, reportSignal } from '../workflows/messages.ts';
import type { Deps } from './deps.ts';
import { createLateOrders } from './late-orders.ts';
import { createLooks } from './looks.ts';
import { inParallel } from './parallel.ts';
import { orderStatuses, type Panel, refillStatuses } from './provider/panel.ts';
import { createSearches } from './searches.ts';
import { askOwedStops } from './stops.ts';
import { tellOrder } from './tell-order.ts';

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

/** What a look at a provider has cost, and when the next is due without a hint. */
export interface Round {
  readonly pollSeconds: number;
  readonly calls: number;
  /** Of these, how many got an answer that can be read. */
  readonly answers: number;
  /** What goes on beside the rounds and never fails; a round does not wait for it. */
  readonly beside: Promise<void>;
}

/** Up to 100 a call, those that run first; what is settled fills the last call up before it costs another. */
function callsFor({ running, settled }: Asked): Asked[] {
  const calls: Asked[] = [];
  for (let from = 0; from < running.length + settled.length; from += LIMITS.statusCallIds) {
    const to = from + LIMITS.statusCallIds;
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
  /** Providers that are just being searched. */
  const looking = new Set<number>();

  /** Asks about up to 100 orders in one call; an answer that cannot be read changes nothing. True when there was one. */
  async function ask(panel: Panel, provider: number, { running, settled }: Asked): Promise<boolean> {
    const asked = [...running, ...settled];
    const words = await orderStatuses(
      panel,
      asked.map(({ providerOrder }) => providerOrder),
    );
    const said = words && reportsOf(asked, words);
    if (said === undefined)
      log.warn({ provider, orders: running.length + settled.length }, 'a status call got no answer');
    else await record(provider, running, said);
    await looks.take(settled, said);
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
  async function refillRound(panel: Panel, provider: number): Promise<void> {
    const refills = await refillsToFollow(sql, provider);
    await inParallel(inCalls(refills), PARALLEL_CALLS, async (ids) =>
      recordRefills(sql, provider, await refillStatuses(panel, ids)),
    );
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
      await askOwedStops(sql, panel, provider);
    };
    return look()
      .catch((error: unknown) => log.error({ provider, err: error }, 'a search at a provider failed'))
      .finally(() => looking.delete(provider));
  }

  /** One look at everything that runs at the provider, and at what was settled and is due. */
  async function round(provider: number): Promise<Round> {
    const { url, keyCipher, pollSeconds, profile } = await readProvider(sql, provider);
    const panel = { url, key: open(deps.masterKey, `provider:${provider}`, keyCipher) };
    const running = await runningBatches(sql, provider);
    const settled = await dueLooks(sql, provider, new Date(), LIMITS.looksPerRound);
    const calls = callsFor({ running, settled });
    let answers = 0;
    await inParallel(calls, PARALLEL_CALLS, async (asked) => {
      if (await ask(panel, provider, asked)) answers += 1;
    });
    await refillRound(panel, provider);
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
