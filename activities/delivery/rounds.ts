import { dueReports, markReported, readProvider, runningBatches } from '../../db/delivery/batches.ts';
import { dueChecks, judgeLastWords } from '../../db/delivery/post-settlement-checks.ts';
import { dueRefills, recordRefills, refillsToFollow } from '../../db/refill/refills.ts';
import { LIMITS } from '../../domain/limits.ts';
import { refillStatusesOf } from '../../domain/provider/answers.ts';
import { type OrderListing, readProfile } from '../../domain/provider/profile.ts';
import { refillReportSignal, reportSignal } from '../../workflows/contract.ts';
import { findUnknownSends, signalEvidence } from '../dispatch/find-unknown-sends.ts';
import { followLateOrders } from '../dispatch/late-orders.ts';
import { askOwedStops } from '../dispatch/stops.ts';
import { signalOrder } from '../order/signal-order.ts';
import { openPanel, type Panel } from '../provider/open-panel.ts';
import { refillReports } from '../provider/panel.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';
import { applyReleasedCorrections } from './post-settlement-checks.ts';
import { createRoundRobin, type RoundRobin } from './round-robin.ts';
import { eachAlone, orThrow, RoundTroubles, storeApart } from './round-troubles.ts';
import {
  type AskedBatches,
  learnProfile,
  makeStatusCall,
  reportStalls,
  statusCalls,
  type Watched,
} from './status-calls.ts';

/** Calls to one provider at the same time. */
const PARALLEL_CALLS = 4;
/** Signals to Temporal at the same time. */
const PARALLEL_SIGNALS = 16;
/** Wait before a report is signalled again to a workflow that has not acted on it. */
const RESEND_SECONDS = 30;
/** Orders in one "call" to a provider that is asked one by one: PARALLEL_CALLS of them share the orders of a round. */
const SINGLES = LIMITS.singleOrdersPerRound / PARALLEL_CALLS;

/** The cost of one round, and when the next is due without a hint. */
export interface Round {
  readonly pollSeconds: number;
  readonly calls: number;
  /** Calls that got a readable answer. */
  readonly answers: number;
  /** The end of the work beside the rounds, which a round does not wait for; it never rejects. */
  readonly beside: Promise<void>;
}

/** What one process remembers between rounds. */
interface Memory {
  readonly deps: Deps;
  readonly troubles: RoundTroubles;
  readonly roundRobin: RoundRobin;
  /** Providers whose work beside the rounds is still going on. */
  readonly besideRuns: Set<number>;
}

/** Makes the function that runs one round of a provider's watch. Tests pass `now`, in milliseconds since 1970. */
export function createRounds(deps: Deps, now: () => number = Date.now): (provider: number) => Promise<Round> {
  const memory: Memory = {
    deps,
    troubles: new RoundTroubles(deps, now),
    roundRobin: createRoundRobin(),
    besideRuns: new Set(),
  };
  return (provider) => runRound(memory, provider);
}

/** Asks about everything that runs at the provider, and about settled batches that are due. Each part fails alone. */
async function runRound(memory: Memory, provider: number): Promise<Round> {
  const { deps, troubles } = memory;
  const alone = <T>(part: string, work: () => Promise<T>) => troubles.alone(provider, part, work);
  const opened = await alone('provider', () => openProvider(deps, provider));
  if (opened === undefined) {
    await troubles.tell(provider);
    throw new Error(`failed to read provider ${provider}`);
  }
  const { watched, pollSeconds, listing } = opened;
  const calls = await callsOfRound(memory, watched);
  let answers = 0;
  const answered = () => {
    answers += 1;
  };
  await alone('status calls', () =>
    eachAlone(calls, PARALLEL_CALLS, (asked) => makeStatusCall(deps, troubles, watched, asked, answered)),
  );
  await alone('released corrections', () => applyReleasedCorrections(deps, provider));
  await alone('last words', () => judgeLastWords(deps.sql, provider, new Date()));
  await alone('refills', () => makeRefillCalls(memory, watched));
  await alone('refill reports', () => signalRefills(deps, provider));
  await alone('stalls', () => reportStalls(deps, provider));
  await alone('reports', () => signalReports(deps, provider));
  await troubles.tell(provider);
  const beside = workBeside(memory, watched.panel, provider, pollSeconds, listing);
  return { pollSeconds, calls: calls.length, answers, beside };
}

/** Reads the provider; without it no part of a round can run. */
async function openProvider(deps: Deps, provider: number) {
  const stored = await readProvider(deps.sql, provider);
  const { pollSeconds, profile } = stored;
  const watched: Watched = { provider, panel: openPanel(deps, provider, stored), profile };
  return { watched, pollSeconds, listing: readProfile(profile).listsOrders };
}

/**
 * The status calls of one round, about all batches. A provider that is asked one by one gets as many as LIMITS allow, in turn.
 */
async function callsOfRound(
  { deps, troubles, roundRobin }: Memory,
  { panel, provider }: Watched,
): Promise<AskedBatches[]> {
  const alone = <T>(part: string, work: () => Promise<T>) => troubles.alone(provider, part, work);
  const { postSettlementChecksPerRound, singleOrdersPerRound, singleOthersPerRound, statusCallIds } = LIMITS;
  const oneByOne = panel.withoutLists?.has('status') === true;
  const mostSettled = oneByOne ? singleOthersPerRound : postSettlementChecksPerRound;
  const running = await alone('running batches', () => runningBatches(deps.sql, provider));
  const settled = await alone('settled batches', () => dueChecks(deps.sql, provider, new Date(), mostSettled));
  if (running !== undefined && settled !== undefined) troubles.keepParked(provider, [...running, ...settled]);
  const all = { running: running ?? [], settled: settled ?? [] };
  if (!oneByOne) return statusCalls(all, statusCallIds);
  const inTurn = roundRobin.next(`orders ${provider}`, all.running, singleOrdersPerRound - all.settled.length);
  return statusCalls({ ...all, running: inTurn }, SINGLES);
}

/** Asks about the provider's refills and stores the answers. */
async function makeRefillCalls({ deps, roundRobin }: Memory, watched: Watched): Promise<void> {
  const { panel, provider } = watched;
  const all = await refillsToFollow(deps.sql, provider);
  const most = panel.withoutLists?.has('refill_status') ? LIMITS.singleOthersPerRound : all.length;
  const asked = roundRobin.next(`refills ${provider}`, all, most);
  await eachAlone(inCalls(asked), PARALLEL_CALLS, async (ids) => {
    const heard = await refillReports(panel, ids);
    const said = [...refillStatusesOf(heard.said ?? new Map())];
    await eachAlone<() => Promise<unknown>>(
      [
        async () => orThrow(await storeApart(said, (part) => recordRefills(deps.sql, provider, new Map(part)))),
        () => learnProfile(deps, watched, 'refill_status', heard),
      ],
      1,
      (part) => part(),
    );
  });
}

/** Signals refills that have ended at the provider to their orders. */
async function signalRefills(deps: Deps, provider: number): Promise<void> {
  const due = await dueRefills(deps.sql, provider, RESEND_SECONDS);
  await inParallel(due, PARALLEL_SIGNALS, ({ orderId, ...rest }) =>
    signalOrder(deps, orderId, refillReportSignal, rest),
  );
}

/** Signals reports to their orders. */
async function signalReports(deps: Deps, provider: number): Promise<void> {
  const due = await dueReports(deps.sql, provider, RESEND_SECONDS);
  await inParallel(due, PARALLEL_SIGNALS, ({ orderId, ...rest }) => signalOrder(deps, orderId, reportSignal, rest));
  orThrow(await storeApart(due, (part) => markReported(deps.sql, part)));
}

/**
 * Looks for unknown sends and follows late orders beside the rounds: a list may be long and slow, and running orders must not
 * wait for it. One run at a time for a provider.
 */
async function workBeside(
  { deps, troubles, besideRuns }: Memory,
  panel: Panel,
  provider: number,
  pollSeconds: number,
  listing: OrderListing | null,
): Promise<void> {
  if (besideRuns.has(provider)) return;
  besideRuns.add(provider);
  await troubles.alone(provider, 'searches', async () => {
    if (listing !== null) await findUnknownSends(deps, panel, provider, listing);
  });
  await troubles.alone(provider, 'evidence', () => signalEvidence(deps, provider));
  await troubles.alone(provider, 'late orders', () => followLateOrders(deps, panel, provider, pollSeconds));
  await troubles.alone(provider, 'stops', () => askOwedStops(deps.sql, panel, provider));
  besideRuns.delete(provider);
}

/** Splits ids into lists, each as long as one call may ask about. */
const inCalls = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / LIMITS.statusCallIds) }, (_, call) =>
    all.slice(call * LIMITS.statusCallIds, (call + 1) * LIMITS.statusCallIds),
  );
