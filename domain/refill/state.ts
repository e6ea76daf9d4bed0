import type { Answer, Request } from '../order/asks.ts';
import type { Batch, BatchSnapshot } from '../order/batch.ts';
import { type RefillOutcome, type RefillStage, type RefillStatus, refillStatus } from './rules.ts';

/** A refill that has not ended, as PostgreSQL stores it. */
export interface RefillSnapshot {
  readonly number: number;
  readonly id: number;
  readonly stage: RefillStage;
  /** How many items are gone and not delivered again yet; null when they could not be counted. */
  readonly missing: number | null;
  /** When a person must review the refill if it has not ended, in milliseconds since 1970. */
  readonly reviewAt: number;
  /** In `review`: the stage to which the refill returns if a person lets it go on. */
  readonly before: 'tracked' | 'resending' | null;
  /** The last batch that sent missing items of this refill again; null before the first. */
  readonly sentAgain: number | null;
  /** The open batch that sends the missing items again; null without one. */
  readonly batch: BatchSnapshot | null;
}

/** The refills of a Completed order, as PostgreSQL stores them. */
export interface RefillsSnapshot {
  readonly completedAt: number;
  readonly taken: number;
  readonly lastEndedAt: number | null;
  /** The order's highest batch number. */
  readonly lastBatch: number;
  readonly current: RefillSnapshot | null;
}

/** The answer to a request for a refill; `refill` is its id. */
export interface RefillAnswer extends Answer {
  readonly refill?: number;
}

/** The providers' answers to a refill request, as numbers of batches: taken, refused, or not known. */
export interface AskedRefill {
  readonly taken: number;
  readonly refused: number;
  readonly unclear: number;
}

/** The result of opening a refill: its id and the order's refills including it, or why it was refused. */
export type OpenedRefill =
  /** `review`: why a person must decide before a provider is asked. */
  { readonly id: number; readonly standing: RefillsSnapshot; readonly review?: string } | { readonly refused: string };

/** The fields of the current refill that the workflow writes to PostgreSQL. */
export interface RefillChange {
  readonly number: number;
  readonly stage: RefillStage;
  readonly reviewAt: number;
  readonly before: string | null;
}

/** One refill in its order's state. */
export interface Refill {
  readonly number: number;
  id: number | null;
  /** `requested` until PostgreSQL has stored the refill. */
  stage: 'requested' | RefillStage;
  /** How many items are gone and not delivered again yet; null when they could not be counted. */
  missing: number | null;
  /** The batch that sends the missing items again, until its end is written. */
  batch: Batch | null;
  /** When a person must review the refill if it has not ended, in milliseconds since 1970. */
  reviewAt: number;
  outcome: RefillOutcome | null;
  why: string;
  by: string;
  /** A person's decision to refund instead: how much counts as delivered. */
  counts: number | null;
  /** In `review`: the stage to which the refill returns if a person lets it go on. */
  before: 'tracked' | 'resending' | null;
  /** The actor and reason of the request; null for a refill that was restored from PostgreSQL. */
  readonly request: Request | null;
  /** The answer to the request; null until the refill is opened or refused. */
  answer: RefillAnswer | null;
  /** The order's highest batch number. */
  lastBatch: number;
  /** The last batch that sent missing items of this refill again; null before the first. */
  sentAgain: number | null;
}

/**
 * The time after Completed in which refills can be asked for. At most one refill runs at a time; it is followed to its end, also
 * beyond the window.
 */
export interface RefillWindow {
  readonly until: number;
  readonly completedAt: number;
  current: Refill | null;
  taken: number;
  lastEndedAt: number | null;
  /** What PostgreSQL stores about the current refill. */
  written: RefillChange | null;
  /** A report named a refill that this workflow does not know. */
  isStale: boolean;
  /** When the target was counted for a request and nothing was missing. */
  vainAt: readonly number[];
}

export const newRefill = (number: number, request: Request | null, reviewAt: number): Refill => ({
  number,
  id: null,
  stage: 'requested',
  missing: null,
  batch: null,
  reviewAt,
  outcome: null,
  why: '',
  by: 'provider',
  counts: null,
  before: null,
  request,
  answer: null,
  lastBatch: 0,
  sentAgain: null,
});

export const statusOfRefill = ({ stage, outcome }: Refill): RefillStatus =>
  stage === 'requested' ? 'Pending' : refillStatus(stage, outcome);

/** Whether the refill's end is decided and still to be written. */
export const isDecided = ({ outcome, counts }: Refill): boolean => outcome !== null || counts !== null;

/** What PostgreSQL must store about the current refill; null without one. */
export function refillChange({ current }: RefillWindow): RefillChange | null {
  if (current === null || current.stage === 'requested') return null;
  const { number, stage, reviewAt, before } = current;
  return { number, stage, reviewAt, before };
}
