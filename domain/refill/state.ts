import type { Answer, Request } from '../order/asks.ts';
import type { Batch, BatchSnapshot } from '../order/batch.ts';
import { type RefillOutcome, type RefillStage, type RefillStatus, refillStatus } from './rules.ts';

/** A refill that has not ended, as PostgreSQL has it. */
export interface RefillSnapshot {
  readonly number: number;
  readonly id: number;
  readonly stage: RefillStage;
  /** How many items are gone and not delivered again yet; null when they could not be counted. */
  readonly missing: number | null;
  /** Not ended until then, in milliseconds since 1970, a person looks at it. */
  readonly reviewAt: number;
  /** In `review`: what would be waited for if a person let it go on. */
  readonly before: 'tracked' | 'resending' | null;
  /** The last batch that was sent again for it. */
  readonly sentAgain: number | null;
  /** What is sent again and has not ended; null before, or when it is not. */
  readonly batch: BatchSnapshot | null;
}

/** The refills of a Completed order, as PostgreSQL has them. */
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

/** The providers' answers to the wish for a refill: of so many batches they take it, refuse it, or it cannot be known. */
export interface AskedRefill {
  readonly taken: number;
  readonly refused: number;
  readonly unclear: number;
}

/** The result of opening a refill: where the refills of the order stand with it, or why there is none. */
export type OpenedRefill =
  /** `review`: why a person looks at it before a provider is asked. */
  { readonly id: number; readonly standing: RefillsSnapshot; readonly review?: string } | { readonly refused: string };

/** What PostgreSQL is to have of the refill under way. */
export interface RefillChange {
  readonly number: number;
  readonly stage: RefillStage;
  readonly reviewAt: number;
  readonly before: string | null;
}

/** One refill as its order follows it. */
export interface Refill {
  readonly number: number;
  id: number | null;
  /** `requested` until it is written down. */
  stage: 'requested' | RefillStage;
  /** How many items are gone and not delivered again yet; null when they could not be counted. */
  missing: number | null;
  /** What is sent again, while it is. */
  batch: Batch | null;
  /** Not ended until then, a person looks at it. */
  reviewAt: number;
  outcome: RefillOutcome | null;
  why: string;
  by: string;
  /** A person gives money back instead: so much counts as delivered. */
  counts: number | null;
  /** In `review`: what it is waited for when a person lets it go on. */
  before: 'tracked' | 'resending' | null;
  /** Its actor and reason; null for a refill that was taken up. */
  readonly request: Request | null;
  /** The answer to that request, once there is one. */
  answer: RefillAnswer | null;
  /** The order's highest batch number. */
  lastBatch: number;
  /** The last batch that was sent again for it. */
  sentAgain: number | null;
}

/**
 * The time after Completed in which an order is refilled: at most one refill at a time, each followed to its end, also
 * beyond the window.
 */
export interface RefillWindow {
  readonly until: number;
  readonly completedAt: number;
  current: Refill | null;
  taken: number;
  lastEndedAt: number | null;
  /** What PostgreSQL has of the current refill. */
  written: RefillChange | null;
  /** A report names a refill that is not known here. */
  isStale: boolean;
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

/** Its end is known and only to be written. */
export const isDecided = ({ outcome, counts }: Refill): boolean => outcome !== null || counts !== null;

/** What PostgreSQL is to have of the refill under way. */
export function refillChange({ current }: RefillWindow): RefillChange | null {
  if (current === null || current.stage === 'requested') return null;
  const { number, stage, reviewAt, before } = current;
  return { number, stage, reviewAt, before };
}
