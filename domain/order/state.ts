import type { Verification, VerifyTerms } from '../delivery/verification.ts';
import type { RefillTerms } from '../refill/rules.ts';
import type { RefillsSnapshot, RefillWindow } from '../refill/state.ts';
import type { AskLog } from './asks.ts';
import { type Batch, type BatchSnapshot, isUncertain } from './batch.ts';
import type { Attention, FinalStatus, OrderStatus, Reason } from './status.ts';
import type { Timeline } from './timeline.ts';

/** On what terms an order runs. Times are milliseconds since 1970, lengths milliseconds. */
export interface Terms {
  readonly quantity: number;
  readonly runs: number;
  readonly intervalMs: number;
  readonly totalQuantity: number;
  readonly startAt: number;
  readonly reviewAfterMs: number;
  readonly cancelable: boolean;
  /** What follows a run that did not deliver all: the next run, the missing part on the next route, or the end. */
  readonly afterFailedRun: 'continue' | 'retry' | 'stop';
  readonly refill: RefillTerms;
  /** Null when the provider's word is enough. */
  readonly verify: VerifyTerms | null;
}

/** An order as PostgreSQL has it: a workflow that takes it up goes on from here. */
export interface OrderSnapshot {
  readonly status: OrderStatus;
  readonly attention: Attention;
  readonly reason: Reason | null;
  /** Runs that have a batch. */
  readonly runsBegun: number;
  /** The highest batch number. */
  readonly batches: number;
  readonly open: readonly BatchSnapshot[];
  /** What ended batches did not deliver and is to be sent again, but no batch has been made of it yet. */
  readonly owed: readonly { readonly batch: number; readonly missing: number }[];
  /** What the ended batches delivered. */
  readonly deliveredByEnded: number;
  readonly nextRunAt: number | null;
  readonly pausedAt: number | null;
  /** The actor of the pause; after `provider`, the provider's word also resumes it. */
  readonly pausedBy: string | null;
  readonly canceledBy: string | null;
  /** No further run is begun; every end of a batch is reported. */
  readonly finishing: boolean;
  /** How many events its timeline has. */
  readonly notes: number;
}

/** How an order has ended. */
export interface Settled {
  readonly status: FinalStatus;
  readonly delivered: number;
  /** Null when there is no refill to be had: sold without, or not Completed. */
  readonly refill: RefillsSnapshot | null;
}

/** One accepted order as its workflow follows it: plain data. `apply…` functions change it, all others only read it. */
export interface OrderState extends Timeline, AskLog {
  readonly terms: Terms;
  status: OrderStatus;
  /** Batches that have not ended, or whose end is not written yet. */
  batches: readonly Batch[];
  runsBegun: number;
  lastBatch: number;
  deliveredByEnded: number;
  nextRunAt: number;
  /** Behind an earlier order for the link: when to check again whether that has ended; 0 when it is not behind one. */
  queuedUntil: number;
  pausedAt: number | null;
  /** `provider` when the provider paused it, so that the provider may also resume it. */
  pausedBy: string | null;
  pauseReason: Reason | null;
  canceledBy: string | null;
  /** No further run is begun. */
  stopped: boolean;
  finishing: boolean;
  /** How much counts as delivered, as a person has decided. */
  decided: { readonly delivered: number; readonly actor: string } | null;
  /** Its settlement is being written: what comes now comes too late. */
  settling: boolean;
  settled: Settled | null;
  verification: Verification;
  /** The clocks for stalling start again, with the next write. */
  restartClocks: boolean;
  /** The next run is due later than was written. */
  shifted: boolean;
  /** The open batches have been read from PostgreSQL since the last wait. */
  isRefreshed: boolean;
  /** Why something was not delivered. */
  shortfall: Reason | null;
  /** From Completed to the end of the refill window. */
  window: RefillWindow | null;
}

/** Why the order is paused, or did not deliver all. */
export const reasonOf = ({ pausedAt, shortfall, pauseReason }: OrderState): Reason | null =>
  pausedAt === null ? shortfall : pauseReason;

export const hasEnded = ({ settling, settled }: OrderState): boolean => settling || settled !== null;

/** Whether a provider may have anything of it, or had. */
export const isSent = ({ status, batches }: OrderState): boolean =>
  status === 'In progress' || batches.some((batch) => batch.inFlight || isUncertain(batch));

/** What is known to be delivered, here; the running number is in PostgreSQL. */
export const deliveredOf = ({ settled, batches, deliveredByEnded }: OrderState): number =>
  settled?.delivered ?? batches.reduce((sum, batch) => sum + batch.delivered, deliveredByEnded);

/** What was delivered has not been found at the target yet, and is not charged for before. */
export const isUnverified = (state: OrderState): boolean =>
  // Histories from before there were counters have no `verify` at all.
  Boolean(state.terms.verify) && deliveredOf(state) > 0 && !state.verification.agreed;

/** Whether a run is still to be begun. */
export const runsRemain = ({ stopped, canceledBy, runsBegun, terms }: OrderState): boolean =>
  !stopped && canceledBy === null && runsBegun < terms.runs;

/** When a cap of the service's length ends that begins then; a pause that goes on counts from its start. */
export const capFrom = ({ pausedAt, terms }: OrderState, at: number): number =>
  Math.min(at, pausedAt ?? at) + terms.reviewAfterMs;
