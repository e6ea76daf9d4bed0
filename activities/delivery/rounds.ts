import { judgeLastWords } from '../../db/delivery/post-settlement-checks.ts';
import { takeReports } from '../../db/delivery/reports.ts';
import { type RoundMark, type RoundWork, readRound } from '../../db/delivery/watch-rounds.ts';
import { recordRefills, refillsToFollow, takeDueRefills } from '../../db/refill/refills.ts';
import { LIMITS } from '../../domain/limits.ts';
import { refillStatusesOf } from '../../domain/provider/answers.ts';
import { type OrderListing, readProfile } from '../../domain/provider/profile.ts';
import { refillReportSignal } from '../../workflows/contract.ts';
import { findUnknownSends, signalEvidence } from '../dispatch/find-unknown-sends.ts';
import { followLateOrders } from '../dispatch/late-orders.ts';
import { askOwedStops } from '../dispatch/stops.ts';
import { signalOrder } from '../order/signal-order.ts';
import { openPanel } from '../provider/open-panel.ts';
import { refillReports } from '../provider/panel.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';
import { callsOfRound, PARALLEL_CALLS, singleCallsOfRound } from './calls-of-round.ts';
import { applyReleasedCorrections } from './post-settlement-checks.ts';
import { createRoundRobin, type RoundRobin } from './round-robin.ts';
import { eachAlone, orThrow, RoundTroubles, storeApart } from './round-troubles.ts';
import {
  learnProfile,
  makeStatusCall,
  RESEND_SECONDS,
  reportStalls,
  signalReports,
  type Watched,
} from './status-calls.ts';

/** Signals to Temporal at the same time, beside those of status calls. */
const PARALLEL_SIGNALS = 16;
/** The least time between two marks of when a provider was last asked. */
const MARK_MS = 30_000;

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
  readonly now: () => number;
  readonly troubles: RoundTroubles;
  readonly roundRobin: RoundRobin;
  /** The last mark of each provider that was written. */
  readonly marks: Map<number, RoundMark & { readonly at: number }>;
  /** Providers whose work beside the rounds is still going on. */
  readonly besideRuns: Set<number>;
}

/** Makes the function that runs one round of a provider's watch. Tests pass `now`, in milliseconds since 1970. */
export function createRounds(deps: Deps, now: () => number = Date.now): (provider: number) => Promise<Round> {
  const memory: Memory = {
    deps,
    now,
    troubles: new RoundTroubles(deps, now),
    roundRobin: createRoundRobin(),
    marks: new Map(),
    besideRuns: new Set(),
  };
  return (provider) => runRound(memory, provider);
}

/**
 * Asks about everything that runs at the provider, and about settled batches that are due. Each part fails alone, and only parts
 * with work are begun: a round without work is one statement.
 */
async function runRound(memory: Memory, provider: number): Promise<Round> {
  const { deps, troubles } = memory;
  const part = (name: string, isDue: boolean, act: () => Promise<unknown>) =>
    troubles.ifDue(provider, name, isDue, act);
  const opened = await troubles.alone(provider, 'provider', () => openProvider(deps, provider));
  if (opened === undefined) {
    await troubles.tell(provider);
    throw new Error(`failed to read provider ${provider}`);
  }
  const { watched, work, pollSeconds } = opened;
  const { calls, answers } = await makeStatusCalls(memory, watched, work);
  const mark = dueMark(memory, provider, { isSilent: calls > 0 && answers === 0 });
  const { running, released, refills } = work;
  await part('released corrections', released, () => applyReleasedCorrections(deps, provider));
  await part('last words', work.lastWords || calls > 0, () => judgeLastWords(deps.sql, provider, new Date()));
  await part('refills', refills, () => makeRefillCalls(memory, watched));
  await part('refill reports', refills || work.refillEnds, () => signalRefills(deps, provider));
  await part('stalls', running, () => reportStalls(deps, provider));
  await part('reports', running || mark !== undefined, () => endRound(memory, provider, mark));
  await troubles.tell(provider);
  return { pollSeconds, calls, answers, beside: workBeside(memory, opened) };
}

interface Opened {
  readonly watched: Watched;
  readonly work: RoundWork;
  readonly pollSeconds: number;
  readonly listing: OrderListing | null;
}

/** Reads the provider and its work; without them no part of a round can run. */
async function openProvider(deps: Deps, provider: number): Promise<Opened> {
  const stored = await readRound(deps.sql, provider, new Date());
  const { pollSeconds, profile } = stored;
  const watched: Watched = { provider, panel: openPanel(deps, provider, stored), profile };
  return { watched, work: stored, pollSeconds, listing: readProfile(profile).listsOrders };
}

/** Makes the status calls of one round. */
async function makeStatusCalls({ deps, troubles, roundRobin }: Memory, watched: Watched, work: RoundWork) {
  const { provider, panel } = watched;
  const count = { calls: 0, answers: 0 };
  const callsOf = panel.withoutLists?.has('status') ? singleCallsOfRound : callsOfRound;
  const calls = callsOf({ deps, provider, work, troubles, roundRobin });
  await troubles.alone(provider, 'status calls', () =>
    eachAlone(calls, PARALLEL_CALLS, async (asked) => {
      count.calls += 1;
      await makeStatusCall(deps, troubles, watched, asked, () => {
        count.answers += 1;
      });
    }),
  );
  return count;
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
  const due = await takeDueRefills(deps.sql, provider, RESEND_SECONDS);
  await inParallel(due, PARALLEL_SIGNALS, ({ orderId, ...rest }) =>
    signalOrder(deps, orderId, refillReportSignal, rest),
  );
}

/** The mark to write for a round: it is news, or the last one is old. */
function dueMark({ marks, now }: Memory, provider: number, mark: RoundMark): RoundMark | undefined {
  const last = marks.get(provider);
  return last?.isSilent !== mark.isSilent || now() - last.at >= MARK_MS ? mark : undefined;
}

/** Signals the reports that no call has signalled: stalls, and those that were not acted on. Writes the round's mark, if any. */
async function endRound({ deps, marks, now }: Memory, provider: number, mark: RoundMark | undefined): Promise<void> {
  for await (const due of takeReports(deps.sql, provider, RESEND_SECONDS, mark)) {
    await signalReports(deps, due, PARALLEL_SIGNALS);
  }
  if (mark !== undefined) marks.set(provider, { ...mark, at: now() });
}

/**
 * Looks for unknown sends and follows late orders beside the rounds: a list may be long and slow, and running orders must not
 * wait for it. One run at a time for a provider.
 */
async function workBeside(
  { deps, troubles, besideRuns }: Memory,
  { watched: { provider, panel }, work, pollSeconds, listing }: Opened,
): Promise<void> {
  if (besideRuns.has(provider)) return;
  besideRuns.add(provider);
  const part = (name: string, isDue: boolean, act: () => Promise<void>) => troubles.ifDue(provider, name, isDue, act);
  const searches = listing !== null && work.searches;
  await part('searches', searches, async () => {
    if (listing !== null) await findUnknownSends(deps, panel, provider, listing);
  });
  // A search may have found evidence, or a late order.
  await part('evidence', work.evidence || searches, () => signalEvidence(deps, provider));
  await part('late orders', work.lateOrders || searches, () => followLateOrders(deps, panel, provider, pollSeconds));
  await part('stops', work.stops, () => askOwedStops(deps.sql, panel, provider));
  besideRuns.delete(provider);
}

/** Splits ids into lists, each as long as one call may ask about. */
const inCalls = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / LIMITS.statusCallIds) }, (_, call) =>
    all.slice(call * LIMITS.statusCallIds, (call + 1) * LIMITS.statusCallIds),
  );
