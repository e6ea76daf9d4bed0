import type { Verification, VerifyTerms } from '../delivery/verification.ts';
import type { RefillTerms } from '../refill/rules.ts';
import type { RefillsSnapshot, RefillWindow } from '../refill/state.ts';
import type { AskLog } from './asks.ts';
import { type Batch, type BatchSnapshot, isUncertain } from './batch.ts';
import type { Attention, FinalStatus, OrderStatus, Reason } from './status.ts';
import type { Timeline } from './timeline.ts';

/** The terms of an order. Times are milliseconds since 1970, lengths milliseconds. */
export interface Terms {
  readonly quantity: number;
  readonly runs: number;
  readonly intervalMs: number;
  readonly totalQuantity: number;
  readonly startAt: number;
  readonly reviewAfterMs: number;
  readonly cancelable: boolean;
  /** After a run that fell short: go on with the next run, send the missing part on the next route, or end the order. */
  readonly afterFailedRun: 'continue' | 'retry' | 'stop';
  readonly refill: RefillTerms;
  /** Null when the target is not counted. */
  readonly verify: VerifyTerms | null;
}

/** An order as PostgreSQL stores it. A workflow that starts or reloads goes on from here. */
export interface OrderSnapshot {
  readonly status: OrderStatus;
  readonly attention: Attention;
  readonly reason: Reason | null;
  /** Runs that have a batch. */
  readonly runsBegun: number;
  /** The highest batch number. */
  readonly batches: number;
  readonly open: readonly BatchSnapshot[];
  /** Missing parts of ended batches that must be sent again and have no batch yet. */
  readonly owed: readonly { readonly batch: number; readonly missing: number }[];
  /** What the ended batches delivered. */
  readonly deliveredByEnded: number;
  readonly nextRunAt: number | null;
  readonly pausedAt: number | null;
  /** The actor of the pause. When it is `provider`, the provider's report also resumes the order. */
  readonly pausedBy: string | null;
  /** When the customer last paused the order; absent when never, or not lately. */
  readonly customersPausedAt?: number | null;
  readonly canceledBy: string | null;
  /** No further run begins; the watch reports the end of every batch. */
  readonly finishing: boolean;
  /** The number of events in the order's timeline. */
  readonly notes: number;
}

/** The result of a settled order. */
export interface Settled {
  readonly status: FinalStatus;
  readonly delivered: number;
  /** Null when no refill is possible: the service has none, or the order is not Completed. */
  readonly refill: RefillsSnapshot | null;
}

/** The state of one accepted order, as plain data. `apply…` functions change it, all others only read it. */
export interface OrderState extends Timeline, AskLog {
  readonly terms: Terms;
  status: OrderStatus;
  /** Batches that have not ended or whose end is not written yet. */
  batches: readonly Batch[];
  runsBegun: number;
  lastBatch: number;
  deliveredByEnded: number;
  nextRunAt: number;
  /** When to check again whether the earlier order for the link has ended; 0 when the order waits for none. */
  queuedUntil: number;
  /** The order got its turn for its link since its run began. */
  turnCame: boolean;
  pausedAt: number | null;
  /** The actor of the pause. When it is `provider`, the provider's report also resumes the order. */
  pausedBy: string | null;
  pauseReason: Reason | null;
  /** The customer's last pause, also when it is over. */
  customersPause: { readonly by: string; readonly at: number } | null;
  canceledBy: string | null;
  /** A failed run has ended the drip-feed: no further run begins. */
  stopped: boolean;
  finishing: boolean;
  /** A person's decision on how much counts as delivered; the order is settled by it. */
  decided: { readonly delivered: number; readonly actor: string } | null;
  /** The settlement is being written: reports and requests come too late. */
  settling: boolean;
  settled: Settled | null;
  verification: Verification;
  /** The next write restarts the clocks for stalls. */
  restartClocks: boolean;
  /** The next run is due later than PostgreSQL knows; to be written. */
  shifted: boolean;
  /** The batches have been read from PostgreSQL since the last wait. */
  isRefreshed: boolean;
  /** Why the order did not deliver everything. */
  shortfall: Reason | null;
  /** Set from Completed to the end of the refill window. */
  window: RefillWindow | null;
}

/** Why the order is paused or did not deliver everything. */
export const reasonOf = ({ pausedAt, shortfall, pauseReason }: OrderState): Reason | null =>
  pausedAt === null ? shortfall : pauseReason;

export const hasEnded = ({ settling, settled }: OrderState): boolean => settling || settled !== null;

/** Whether a provider has, may have or had a part of the order. */
export const isSent = ({ status, batches }: OrderState): boolean =>
  status === 'In progress' || batches.some((batch) => batch.inFlight || isUncertain(batch));

/** What ended batches delivered, or the settled number. PostgreSQL has the running number. */
export const deliveredOf = ({ settled, batches, deliveredByEnded }: OrderState): number =>
  settled?.delivered ?? batches.reduce((sum, batch) => sum + batch.delivered, deliveredByEnded);

/** Whether a count of the target must still confirm what was delivered, before the customer is charged. */
export const isUnverified = (state: OrderState): boolean =>
  // Histories from before counters existed have no `verify`.
  Boolean(state.terms.verify) && deliveredOf(state) > 0 && !state.verification.agreed;

/** Whether a further run must begin. */
export const runsRemain = ({ stopped, canceledBy, runsBegun, terms }: OrderState): boolean =>
  !stopped && canceledBy === null && runsBegun < terms.runs;

/** The review time of a clock that starts at `at`; during a pause from the pause's start, because resuming adds its length. */
export const capFrom = ({ pausedAt, terms }: OrderState, at: number): number =>
  Math.min(at, pausedAt ?? at) + terms.reviewAfterMs;
